"""The API of gates knows the same facts, asks the same rules, and opens no other way."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import ApiToken, User
from common.hashing import token_hash
from milestones.models import Gate, SignOff
from tests.factories import PASSWORD, Cast
from tests.milestones.scene import on_day, planned, ready_for_day_10
from tests.stage import backstage


@pytest.fixture(autouse=True)
def _day_10() -> Iterator[None]:
    cache.clear()
    with on_day(10):
        yield
    cache.clear()


def program(cast: Cast, user: User, *, may_write: bool = True) -> Client:
    """A program with this person's token."""
    side = cast.client_organisation if user == cast.client_lead else cast.operator_organisation
    token = f"token-of-{user.pk}-{may_write}"
    with backstage():
        ApiToken.objects.create(
            user=user, organisation=side, name="test", prefix="test", token_hash=token_hash(token),
            may_write=may_write, expires_at="2027-01-01T00:00:00Z",
        )  # fmt: skip
    return Client(headers={"authorization": f"Bearer {token}"})


def url_of(cast: Cast, gate: Gate | None = None, verb: str = "") -> str:
    tail = f"{gate.public_id}/{verb}" if gate else ""
    return f"/api/v1/engagements/{cast.engagement.public_id}/gates/{tail}"


def test_the_gates_say_what_is_open(cast: Cast) -> None:
    planned(cast)
    gates = program(cast, cast.client_lead, may_write=False).get(url_of(cast)).json()
    assert [gate["code"] for gate in gates] == ["day-10", "day-30", "day-60", "day-90"]
    plan = gates[0]["conditions"][0]
    assert (plan["code"], plan["met"]) == ("plan", False)
    assert plan["open"][0] == {
        "text": "The client has not locked the timeline.",
        "kind": "plan",
        "side": "client",
    }


def test_a_signature_through_the_api_is_one_like_any_other(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    body = {"document_sha256": gate.document_sha256, "password": PASSWORD}
    for user, state in ((cast.client_lead, "open"), (cast.campaign_manager, "passed")):
        answer = program(cast, user).post(url_of(cast, gate, "sign-off/"), body, "application/json")
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    assert [s["side"] for s in answer.json()["signatures"]] == ["client", "operator"]


def test_an_open_gate_is_refused_with_its_reasons(cast: Cast) -> None:
    planned(cast)
    with backstage():
        gate = Gate.objects.get(code="day-10")
    body = {"document_sha256": "0" * 64, "password": PASSWORD}
    answer = program(cast, cast.client_lead).post(url_of(cast, gate, "sign-off/"), body, "application/json")
    assert answer.status_code == 422
    assert "The client has not locked the timeline." in answer.json()["reasons"]
    with backstage():
        assert not SignOff.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [({"password": "wrong"}, 403), ({"password": ""}, 400), ({"document_sha256": "x"}, 400)],
)
def test_without_password_and_hash_nothing_is_signed(cast: Cast, change: dict[str, str], code: int) -> None:
    gate = ready_for_day_10(cast)
    body = {"document_sha256": gate.document_sha256, "password": PASSWORD, **change}
    answer = program(cast, cast.client_lead).post(url_of(cast, gate, "sign-off/"), body, "application/json")
    assert answer.status_code == code
    with backstage():
        assert not SignOff.objects.exists()


def test_passwords_cannot_be_guessed(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    client = program(cast, cast.client_lead)
    body = {"document_sha256": gate.document_sha256, "password": "guess"}
    codes = [
        client.post(url_of(cast, gate, "sign-off/"), body, "application/json").status_code for _ in range(11)
    ]
    assert codes == [403] * 10 + [429]


@pytest.mark.parametrize("verb", ["", "sign-off/"])
def test_unknown_and_foreign_gates_are_answered_alike(cast: Cast, verb: str) -> None:
    gate = ready_for_day_10(cast)
    nowhere = str(uuid4())
    known, theirs = str(cast.engagement.public_id), url_of(cast, gate, verb)
    stranger = Client()
    stranger.force_login(cast.outsider)
    mine = program(cast, cast.client_lead)
    for client, url in (
        (stranger, theirs),
        (mine, theirs.replace(known, nowhere)),
        (mine, theirs.replace(str(gate.public_id), nowhere)),
        (stranger, url_of(cast)),
    ):
        answer = client.post(url) if verb and url != url_of(cast) else client.get(url)
        assert (answer.status_code, answer.json()) == (404, {"detail": "There is no such gate."})


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/engagements/x/gates/", "/api/v2/gates/"])
def test_an_address_that_is_none_is_answered_in_json(cast: Cast, path: str) -> None:
    answer = program(cast, cast.client_lead).get(path)
    assert (answer.status_code, answer.json()) == (404, {"detail": "There is no such address."})


def test_a_token_that_is_unknown_or_revoked_is_said_to_be(cast: Cast) -> None:
    client = program(cast, cast.client_lead)
    with backstage():
        ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")
    for caller in (client, Client(headers={"authorization": "Bearer tg_nothing"})):
        answer = caller.get(url_of(cast))
        assert (answer.status_code, answer.json()) == (401, {"detail": "This token is not valid."})
        assert answer["WWW-Authenticate"] == "Bearer"
    assert Client().get(url_of(cast)).json() == {"detail": "Authentication credentials were not provided."}


def test_the_page_of_tokens_says_what_they_can_call(cast: Cast, client: Client) -> None:
    gate = ready_for_day_10(cast)
    client.force_login(cast.client_lead)
    page = re.sub(r"<[^>]+>", "", client.get("/settings/tokens/").text)
    for url in (url_of(cast), url_of(cast, gate), url_of(cast, gate, "sign-off/")):
        said = url.replace(str(cast.engagement.public_id), "engagement").replace(str(gate.public_id), "gate")
        assert f" {said}" in page
    assert "call logs" not in page, "files are imported by the page and the command only"


def test_a_token_that_only_reads_signs_nothing(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    body = {"document_sha256": gate.document_sha256, "password": PASSWORD}
    client = program(cast, cast.client_lead, may_write=False)
    assert client.post(url_of(cast, gate, "sign-off/"), body, "application/json").status_code == 403


@pytest.mark.parametrize("verb", ["", "sign-off/"])
def test_nobody_else_reaches_a_gate(cast: Cast, verb: str) -> None:
    gate = ready_for_day_10(cast)
    stranger = Client()
    stranger.force_login(cast.outsider)
    method = "post" if verb else "get"
    assert getattr(stranger, method)(url_of(cast, gate, verb)).status_code == 404
    assert getattr(Client(), method)(url_of(cast, gate, verb)).status_code == 401


def test_the_other_verbs_of_a_signer_go_through_the_same_services(cast: Cast) -> None:
    gate = ready_for_day_10(cast)
    client, read_only = program(cast, cast.client_lead), program(cast, cast.client_lead, may_write=False)
    seen = {"document_sha256": gate.document_sha256}

    def post(verb: str, **body: str) -> tuple[int, dict]:  # type: ignore[type-arg]
        answer = client.post(url_of(cast, gate, f"{verb}/"), body, "application/json")
        return answer.status_code, answer.json()

    assert read_only.post(url_of(cast, gate, "hold/"), {}, "application/json").status_code == 403
    assert post("hold")[0] == 400
    code, held = post("hold", until="2026-03-13", reason="Boston is not proved")
    assert (code, held["state"], held["in_the_way"][0]["side"]) == (200, "held", "client")
    assert post("release")[1]["in_the_way"] == []
    assert post("release")[0] == 422
    assert post("decline", **seen, reason="The roster is short")[1]["state"] == "blocked"
    assert post("take-back")[0] == 200
    assert post("ask", **seen)[0] == 200
    code, back = post("send-back", **seen, reason="Route 2 was not tested")
    assert [event["kind"] for event in back["history"]] == [
        "hold", "release", "decline", "take_back", "request", "send_back",
    ]  # fmt: skip
    assert post("send-back", document_sha256="0" * 64, reason="Route 2 was not tested")[0] == 422
