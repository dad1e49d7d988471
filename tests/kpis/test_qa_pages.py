"""The pages of QA and of transfers: what each reader sees, what is refused keeps what was typed."""

import re
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from engagements.outcomes import Outcome
from engagements.services import mask_agents
from kpis.models import QaCall, QaReview, QaRound, QaSample, QaScorecard, TransferCheck
from kpis.services import qa
from tests.factories import Cast
from tests.kpis.qa_scene import card_in_use, log_calls
from tests.milestones.scene import as_person, on_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day_13() -> Iterator[None]:
    with on_day(13, 18):
        yield


def at(cast: Cast, name: str, *ids: object) -> str:
    return reverse(f"kpis:{name}", args=[cast.engagement.public_id, *ids])


def page(client: Client, user: User, path: str) -> str:
    client.force_login(user)
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def sampled(cast: Cast, outcome: Outcome = Outcome.CALLBACK) -> QaSample:
    log_calls(cast, 11, {"ana.ruiz": 12, "kai.berg": 8}, outcome)
    with as_person(cast, cast.qa_lead):
        made = qa.draw_launch(engagement=cast.engagement, by=cast.seat(cast.qa_lead), share=Decimal("0.275"))
        return made.sample


def first_call(cast: Cast) -> QaCall:
    with as_person(cast, cast.qa_lead):
        return QaCall.objects.filter(agent__name="ana.ruiz").order_by("place")[0]


def test_before_a_sample_the_page_says_what_belongs_here(cast: Cast, client: Client) -> None:
    assert "No sample has been drawn" in page(client, cast.client_lead, at(cast, "qa"))
    assert "No call of a live day is in yet" in page(client, cast.qa_lead, at(cast, "qa"))
    assert "No scorecard yet" in page(client, cast.client_lead, at(cast, "qa_scorecard"))
    assert "No calibration yet" in page(client, cast.client_lead, at(cast, "qa_rounds"))
    assert "No transfers in these days" in page(client, cast.client_lead, at(cast, "transfers"))


def test_the_qa_lead_writes_a_scorecard_draws_and_reviews(cast: Cast, client: Client) -> None:
    log_calls(cast, 11, {"ana.ruiz": 4}, Outcome.CALLBACK)
    client.force_login(cast.qa_lead)
    lines = {
        "items-TOTAL_FORMS": "3", "items-INITIAL_FORMS": "0", "items-0-text": "Says who calls", "items-0-points": "5",
        "items-1-text": "Tells of the recording", "items-1-points": "5", "items-1-auto_fail": "on", "items-2-text": "",
    }  # fmt: skip
    refused = client.post(at(cast, "qa_save_scorecard"), {**lines, "name": "Card", "pass_mark": "0"})
    assert refused.status_code == 422 and "Says who calls" in refused.content.decode()
    assert (
        client.post(at(cast, "qa_save_scorecard"), {**lines, "name": "Card", "pass_mark": "80"}).status_code
        == 302
    )
    with as_person(cast, cast.qa_lead):
        card = QaScorecard.objects.get()
    assert [(i["text"], i["auto_fail"]) for i in card.items] == [
        ("Says who calls", False), ("Tells of the recording", True),
    ]  # fmt: skip
    client.post(at(cast, "qa_use_scorecard", card.public_id), {"seen": card.content_hash})
    assert client.post(at(cast, "qa_draw"), {"share": "20"}).status_code == 422
    assert client.post(at(cast, "qa_draw"), {"share": "27.5"}).status_code == 302
    with as_person(cast, cast.qa_lead):
        sample, call = QaSample.objects.get(), QaCall.objects.get()
    taken = client.post(at(cast, "qa_next", sample.public_id))
    assert taken["Location"] == at(cast, "qa_call", call.public_id)
    review = at(cast, "qa_review", call.public_id)
    refused = client.post(
        review, {"what": "scored", "item_i1": "5", "note_i1": "Clear.", "comment": "Kept words"}
    )
    text = refused.content.decode()
    assert refused.status_code == 422 and "Kept words" in text and "Clear." in text
    assert "Choose the disposition that was heard" in text and "Did not come up" in text
    said = {"what": "scored", "item_i1": "5", "item_i2": "0", "code": "callback", "card": card.content_hash}
    assert client.post(review, said).status_code == 302
    seen = page(client, cast.client_lead, at(cast, "qa"))
    assert "1 of 4 calls reviewed (25.0%), of 1 drawn by chance (25.0%)" in seen
    assert "Tells of the recording" in seen and "Too few to judge" in seen
    with as_person(cast, cast.qa_lead):
        kept = QaReview.objects.get()
    told = page(client, cast.qa_lead, at(cast, "qa_call", call.public_id))
    assert "5 of 10 points" in told and "Correct this review" in told
    correct = at(cast, "qa_correct", call.public_id)
    fixed = {**said, "item_i2": "5", "seen": str(kept.public_id), "reason": ""}
    client.force_login(cast.qa_lead)
    assert client.post(correct, fixed).status_code == 422
    assert client.post(correct, {**fixed, "reason": "It was told at the end."}).status_code == 302
    told = page(client, cast.client_lead, at(cast, "qa_call", call.public_id))
    assert "It was told at the end." in told and "Earlier reviews" in told


def test_the_recorded_disposition_is_not_shown_before_the_call_is_scored(cast: Cast, client: Client) -> None:
    card_in_use(cast)
    sampled(cast)
    call = first_call(cast)
    client.force_login(cast.qa_lead)
    client.post(at(cast, "qa_claim", call.public_id))
    text = page(client, cast.qa_lead, at(cast, "qa_call", call.public_id))
    assert "recorded callback" not in text and "What you hear" in text
    other = page(client, cast.supervisor, at(cast, "qa_call", call.public_id))
    assert f"with {cast.qa_lead.name}" in other and "What you hear" not in other
    client.force_login(cast.supervisor)
    refused = client.post(at(cast, "qa_claim", call.public_id))
    assert refused.status_code == 422 and "has this call in hand" in refused.content.decode()


def test_the_client_sees_numbers_where_agents_are_masked(cast: Cast, client: Client) -> None:
    card_in_use(cast)
    sample = sampled(cast)
    with as_person(cast, cast.campaign_manager):
        mask_agents(engagement=cast.engagement, by=cast.seat(cast.campaign_manager), masked=True)
    paths = [
        at(cast, "qa"),
        at(cast, "qa_queue", sample.public_id),
        at(cast, "qa_call", first_call(cast).public_id),
    ]
    for path in paths:
        shown = page(client, cast.client_lead, path)
        assert "Agent " in shown and "ana.ruiz" not in shown
        assert "ana.ruiz" in page(client, cast.qa_lead, path)


def test_nobody_sees_the_others_scores_before_a_calibration_is_closed(cast: Cast, client: Client) -> None:
    card_in_use(cast)
    sampled(cast)
    call = first_call(cast)
    client.force_login(cast.qa_lead)
    client.post(at(cast, "qa_calibrate", call.public_id))
    with as_person(cast, cast.qa_lead):
        together = QaRound.objects.get()
        card = QaScorecard.objects.get()
    path = at(cast, "qa_round", together.public_id)
    score = {
        "what": "scored",
        "item_greeting": "5",
        "item_consent": "5",
        "code": "callback",
        "comment": "Well done",
    }
    assert (
        client.post(
            at(cast, "qa_score", together.public_id), {**score, "card": card.content_hash}
        ).status_code
        == 302
    )
    for user in (cast.client_lead, cast.supervisor, cast.campaign_manager):
        assert "Well done" not in page(client, user, path)
        assert "Well done" not in page(client, user, at(cast, "qa_call", call.public_id))
    client.force_login(cast.client_lead)
    assert (
        client.post(at(cast, "qa_score", together.public_id), {**score, "item_greeting": ""}).status_code
        == 422
    )
    assert (
        client.post(at(cast, "qa_score", together.public_id), {**score, "item_greeting": "0"}).status_code
        == 302
    )
    client.force_login(cast.qa_lead)
    client.post(at(cast, "qa_close", together.public_id))
    assert "Well done" in page(client, cast.supervisor, path)
    assert "Too few to judge" in page(client, cast.client_lead, at(cast, "qa_rounds"))


def test_calls_without_a_conversation_are_ticked_together(cast: Cast, client: Client) -> None:
    sample = sampled(cast, Outcome.NO_ANSWER)
    client.force_login(cast.qa_lead)
    confirm = at(cast, "qa_confirm", sample.public_id)
    assert client.post(confirm).status_code == 422
    assert client.post(confirm, {"chosen": "nonsense"}).status_code == 422
    with as_person(cast, cast.qa_lead):
        ids = [str(call.public_id) for call in QaCall.objects.all()]
    assert client.post(confirm, {"chosen": ids}).status_code == 302
    assert "Target of 25% reached" not in page(client, cast.qa_lead, at(cast, "qa"))
    assert "Calls of 1 of the first 3 live days are in." in page(client, cast.qa_lead, at(cast, "qa"))


def test_transfers_are_verified_in_one_form(cast: Cast, client: Client) -> None:
    rows = log_calls(cast, 11, {"ana.ruiz": 2}, Outcome.TRANSFER_SET)
    assert "0 of 2 transfers verified" in page(client, cast.client_lead, at(cast, "transfers"))
    client.force_login(cast.supervisor)
    good, bad = (f"t{row.pk}" for row in rows)
    sent = {
        f"{good}-seen_as": "good",
        f"{good}-before": "0",
        f"{bad}-seen_as": "failed",
        f"{bad}-before": "0",
    }
    refused = client.post(at(cast, "verify_transfers"), sent)
    assert refused.status_code == 422 and "Say what went wrong" in refused.content.decode()
    with as_person(cast, cast.supervisor):
        assert not TransferCheck.objects.exists()
    assert client.post(at(cast, "verify_transfers"), {**sent, f"{bad}-note": "Engaged."}).status_code == 302
    seen = page(client, cast.client_lead, at(cast, "transfers"))
    assert (
        "2 of 2 transfers verified: 1 connected, 1 of them with a briefed closer." in seen
        and "Engaged." in seen
    )
    client.force_login(cast.supervisor)
    mine = client.get(at(cast, "transfers")).content.decode()
    # Nothing waits: what was seen is corrected beside its transfer, and nothing calls to be done next.
    assert "btn-primary" not in mine and mine.count("Keep what was seen</button></details>") == 2
    with as_person(cast, cast.supervisor):
        before = TransferCheck.objects.get(connected=True).pk
    change = {
        f"{good}-seen_as": "unbriefed",
        f"{good}-before": str(before),
        f"{good}-note": "He knew nothing.",
    }
    client.force_login(cast.closer_lead)
    assert client.post(at(cast, "verify_transfers"), change).status_code == 302
    assert "He knew nothing." in page(client, cast.client_lead, at(cast, "transfers"))
    assert client.get(at(cast, "transfers"), {"first": "2026-03-12", "last": "x"}).status_code == 422


def test_the_pages_ask_the_same_number_of_queries_whatever_the_size(
    cast: Cast, client: Client, django_assert_max_num_queries: object
) -> None:
    card_in_use(cast)
    sample = sampled(cast)
    log_calls(cast, 11, {"lou": 60, "mo": 60}, Outcome.CALLBACK, name="more.csv")
    with as_person(cast, cast.qa_lead):
        qa.top_up(sample=sample, by=cast.seat(cast.qa_lead))
    client.force_login(cast.qa_lead)
    queue = at(cast, "qa_queue", sample.public_id)
    for path, most in ((at(cast, "qa"), 8), (queue, 16), (f"{queue}?list=waiting", 16)):
        client.get(path)
        with django_assert_max_num_queries(most):  # type: ignore[operator]  # a fixture of pytest-django
            assert client.get(path).status_code == 200


def test_a_long_list_of_calls_shows_its_first_and_all_of_it_a_page_at_a_time(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths = import_module("kpis.views.qa.queue")  # its view has the same name
    monkeypatch.setattr(lengths, "FIRST", 3)
    monkeypatch.setattr(lengths, "A_PAGE", 5)
    card_in_use(cast)
    sample = sampled(cast)
    queue = at(cast, "qa_queue", sample.public_id)
    with as_person(cast, cast.qa_lead):
        addresses = [
            at(cast, "qa_call", call.public_id)
            for call in QaCall.objects.filter(sample=sample).order_by("draw__number", "place")
        ]
    client.force_login(cast.client_lead)
    first = client.get(queue).content.decode()
    assert [one for one in addresses if one in first] == addresses[:3]
    assert f'<a href="{queue}?list=waiting">All {len(addresses)} calls still to be heard</a>' in first
    second = client.get(f"{queue}?list=waiting&page=2").content.decode()
    assert [one for one in addresses if one in second] == addresses[5:10]
    assert "?list=waiting&amp;page=1" in second
    call = first_call(cast)
    client.force_login(cast.qa_lead)
    client.post(at(cast, "qa_claim", call.public_id))
    assert "In hand" in page(client, cast.client_lead, queue), (
        "what is kept of the sample is not older than the claim"
    )
