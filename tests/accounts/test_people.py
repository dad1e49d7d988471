"""Invitations, memberships and tokens, on the real database as the plain role."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import selectors, services
from accounts.forms import TokenForm
from accounts.models import Membership, TrailEntry, User
from accounts.roles import OrganisationRole
from accounts.seat import Seat
from common.errors import Refused
from tenancy import context
from tests.factories import Cast
from tests.stage import backstage


def admin_seat(cast: Cast) -> Seat:
    return Seat(cast.operator_leader, cast.operator_organisation, OrganisationRole.ADMIN, "192.0.2.1")


@pytest.fixture
def send(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Callable[..., str]:
    """Invite an address into the operator's organisation; gives the token that stands in the mail."""

    def invite(email: str, role: OrganisationRole = OrganisationRole.MEMBER) -> str:
        with (
            django_capture_on_commit_callbacks(execute=True),
            context.entered(user_id=cast.operator_leader.pk, organisation_id=cast.operator_organisation.pk),
        ):
            services.invite(
                by=admin_seat(cast),
                organisation=cast.operator_organisation,
                email=email,
                name="Nora Neu",
                role=role,
                link_to=lambda token: f"https://tollgate.example/invitation/{token}/",
            )
        found = re.search(r"/invitation/([^/]+)/", mail.outbox[-1].body)
        assert found
        return found[1]

    return invite


def test_an_invitation_goes_out_by_mail_and_makes_an_account(
    cast: Cast, send: Callable[..., str], client: Client
) -> None:
    token = send("Nora@Example.org")
    assert mail.outbox[-1].to == ["nora@example.org"]
    assert "Northline Calling" in mail.outbox[-1].body
    page = client.get(f"/invitation/{token}/")
    assert "Invitation to Northline Calling" in page.text
    answer = client.post(
        f"/invitation/{token}/account/", {"name": "Nora Neu", "password": "seven quiet lanterns"}
    )
    assert answer.status_code == 302
    nora = User.objects.get(email="nora@example.org")
    assert nora.check_password("seven quiet lanterns")
    with context.entered(user_id=nora.pk):
        assert Membership.objects.get(user=nora).organisation == cast.operator_organisation
        actions = [entry.action for entry in TrailEntry.objects.order_by("sequence")]
        assert actions == ["person.invited", "invitation.accepted"]
    assert "Invitation to" in client.get(f"/invitation/{token}/").text
    assert "taken already" in client.get(f"/invitation/{token}/").text


def test_a_weak_password_is_refused_beside_its_field(send: Callable[..., str], client: Client) -> None:
    token = send("nora@example.org")
    answer = client.post(f"/invitation/{token}/account/", {"name": "Nora Neu", "password": "short"})
    assert answer.status_code == 422
    assert 'id="id_password_error"' in answer.text
    assert not User.objects.filter(email="nora@example.org").exists()


def test_a_person_with_an_account_joins_by_logging_in(
    cast: Cast, send: Callable[..., str], client: Client
) -> None:
    token = send(cast.outsider.email)
    assert "Log in with it to join" in client.get(f"/invitation/{token}/").text
    refused = client.post(
        f"/invitation/{token}/account/", {"name": "Thief", "password": "seven quiet lanterns"}
    )
    assert refused.status_code == 422
    client.force_login(cast.outsider)
    assert client.post(f"/invitation/{token}/accept/").status_code == 302
    assert client.session["organisation"] == str(cast.operator_organisation.public_id)
    with context.entered(user_id=cast.outsider.pk):
        assert Membership.objects.filter(user=cast.outsider, ended_at=None).count() == 2


def test_an_invitation_of_somebody_else_cannot_be_taken(
    cast: Cast, send: Callable[..., str], client: Client
) -> None:
    token = send("nora@example.org")
    client.force_login(cast.outsider)
    answer = client.post(f"/invitation/{token}/accept/")
    assert answer.status_code == 422
    assert "cannot be taken by this account" in answer.text


def test_an_old_or_revoked_invitation_no_longer_works(
    cast: Cast, send: Callable[..., str], client: Client
) -> None:
    token = send("nora@example.org")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=15), tick=False):
        assert "too old" in client.get(f"/invitation/{token}/").text
    newer = send("nora@example.org")
    assert "taken back" in client.get(f"/invitation/{token}/").text
    assert "Make the account" in client.get(f"/invitation/{newer}/").text


def test_a_made_up_token_is_nothing(client: Client, cast: Cast) -> None:
    assert client.get("/invitation/nothing/").status_code == 404
    assert client.post("/invitation/nothing/account/", {}).status_code == 404


def test_a_member_is_not_invited_again(cast: Cast, send: Callable[..., str]) -> None:
    with pytest.raises(Refused, match="belongs to Northline Calling already"):
        send(cast.supervisor.email)


def test_only_administrators_change_members(cast: Cast, client: Client) -> None:
    client.force_login(cast.supervisor)
    assert client.get("/settings/members/").status_code == 200
    assert "Send the invitation" not in client.get("/settings/members/").text
    assert client.post("/settings/members/invite/", {}).status_code == 403
    member = f"/settings/members/{cast.qa_lead.public_id}"
    assert client.post(f"{member}/end/").status_code == 403
    assert client.post(f"{member}/role/", {"role": "admin"}).status_code == 403


def test_an_administrator_cannot_reach_members_of_others(cast: Cast, client: Client) -> None:
    client.force_login(cast.operator_leader)
    assert client.post(f"/settings/members/{cast.client_lead.public_id}/end/").status_code == 404


def test_a_removed_member_sees_nothing_on_the_next_request(cast: Cast, client: Client) -> None:
    theirs = Client()
    theirs.force_login(cast.supervisor)
    brief = f"/e/{cast.engagement.public_id}/brief/"
    assert theirs.get(brief).status_code == 200
    client.force_login(cast.operator_leader)
    assert client.post(f"/settings/members/{cast.supervisor.public_id}/end/").status_code == 302
    assert theirs.get(brief).status_code == 404
    assert theirs.get("/settings/members/").status_code == 404


def test_the_last_administrator_stays(cast: Cast, client: Client) -> None:
    client.force_login(cast.operator_leader)
    own = f"/settings/members/{cast.operator_leader.public_id}"
    for answer in (client.post(f"{own}/end/"), client.post(f"{own}/role/", {"role": "member"})):
        assert answer.status_code == 422
        assert "An organisation needs an administrator." in answer.text
    assert (
        client.post(f"/settings/members/{cast.supervisor.public_id}/role/", {"role": "admin"}).status_code
        == 302
    )
    assert client.post(f"{own}/end/").status_code == 302


def test_a_token_is_shown_once_works_and_ends(cast: Cast, client: Client) -> None:
    client.force_login(cast.campaign_manager)
    made = client.post("/settings/tokens/create/", {"name": "Nightly log", "days": "30"})
    [text] = re.findall(r"tg_[\w-]{20,}", made.text)
    page = client.get("/settings/tokens/")
    assert text not in page.text
    assert text[:10] in page.text
    with context.entered(user_id=cast.campaign_manager.pk):
        token = selectors.tokens_of(cast.campaign_manager, cast.operator_organisation).get()
        assert not token.may_write
        assert text not in token.token_hash
    stranger = Client()
    stranger.force_login(cast.supervisor)
    assert stranger.post(f"/settings/tokens/{token.public_id}/revoke/").status_code == 404
    assert client.post(f"/settings/tokens/{token.public_id}/revoke/").status_code == 302
    assert (
        "Nightly log"
        not in client.get("/settings/tokens/").text.partition("<main")[2].partition("no longer works")[2]
    )


def test_a_person_of_two_organisations_switches(cast: Cast, client: Client) -> None:
    with backstage():
        Membership.objects.create(user=cast.supervisor, organisation=cast.foreign_organisation)
    client.force_login(cast.supervisor)
    assert "Elsewhere Ltd" in client.get("/settings/").text
    wanted = str(cast.foreign_organisation.public_id)
    client.post("/switch/", {"organisation": wanted})
    assert client.session["organisation"] == wanted
    assert client.get(f"/e/{cast.engagement.public_id}/brief/").status_code == 404
    foreign = client.post("/switch/", {"organisation": str(cast.client_organisation.public_id)})
    assert foreign.status_code == 404


def test_a_new_name_leaves_a_line(cast: Cast, client: Client) -> None:
    client.force_login(cast.supervisor)
    assert client.post("/settings/profile/", {"name": ""}).status_code == 422
    assert client.post("/settings/profile/", {"name": "Samuel Okafor"}).status_code == 302
    cast.supervisor.refresh_from_db()
    assert cast.supervisor.name == "Samuel Okafor"


@pytest.mark.parametrize("path", ["/settings/", "/settings/members/", "/settings/tokens/"])
def test_settings_demand_a_log_in(path: str, client: Client, cast: Cast) -> None:
    assert client.get(path).headers["Location"].startswith("/account/login/")


def test_somebody_without_an_organisation_is_told_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.ex_member)
    assert "You belong to no organisation" in client.get("/settings/").text
    assert client.get("/settings/members/").status_code == 404


def test_nobody_changes_their_address_alone(cast: Cast, client: Client) -> None:
    """An invitation went to the address and signatures name it."""
    client.force_login(cast.supervisor)
    client.post("/account/email/", {"action_add": "", "email": "somebody.else@example.org"})
    client.post("/account/email/", {"action_primary": "", "email": "somebody.else@example.org"})
    client.post("/account/email/", {"action_remove": "", "email": cast.supervisor.email})
    cast.supervisor.refresh_from_db()
    assert cast.supervisor.email == "sam@example.org"
    assert not EmailAddress.objects.filter(email="somebody.else@example.org").exists()


def test_what_a_token_is_said_to_be_for_the_api_can_do() -> None:
    words = str(TokenForm().fields["name"].help_text)
    assert "gate" in words
    assert "call log" not in words, "files are imported by the page and the command only"


def test_an_administrator_reads_the_organisation_s_own_trail(cast: Cast, client: Client) -> None:
    client.force_login(cast.operator_leader)
    client.post(f"/settings/members/{cast.qa_lead.public_id}/role/", {"role": "leader"})
    client.post(f"/settings/members/{cast.qa_lead.public_id}/end/")
    page = client.get("/settings/trail/").text
    assert "changed the role of Quinn Adler" in page
    assert "took Quinn Adler &lt;quinn@example.org&gt; out of the organisation" in page
    assert "Clara Lind" not in page, "the client's trail is the client's"
    client.force_login(cast.supervisor)
    assert client.get("/settings/trail/").status_code == 403
    assert 'href="/settings/trail/"' not in client.get("/settings/").text
