"""The brief, the team and the trail, as a browser without JavaScript uses them."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import connections
from django.test import Client

from accounts.models import TrailEntry, User
from engagements import services
from engagements.models import CampaignBrief, Participant
from milestones.models import Milestone
from tenancy import context
from tests.briefs import typed, whole_brief
from tests.factories import Cast, ParticipantFactory
from tests.milestones.scene import planned
from tests.stage import backstage

WHOLE = whole_brief()


@pytest.fixture
def brief(cast: Cast) -> CampaignBrief:
    """A whole, unsigned version 1."""
    with context.entered(user_id=cast.client_lead.pk):
        return services.save_brief(
            engagement=cast.engagement, by=cast.seat(cast.client_lead), content=WHOLE, seen=""
        )


def page_of(cast: Cast, name: str = "brief") -> str:
    return f"/e/{cast.engagement.public_id}/{name}/"


def logged_in(user: User, *, ago: float = 0) -> Client:
    """A browser in which this person gave their password `ago` seconds before."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def sign(cast: Cast, user: User, seen: str, *, version: int = 1, ago: float = 0):  # type: ignore[no-untyped-def]  # the test client's response has no public type
    return logged_in(user, ago=ago).post(page_of(cast, f"brief/{version}/sign"), {"seen": seen})


def test_an_empty_brief_says_what_belongs_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.client_lead)
    page = client.get(page_of(cast))
    assert "Nothing is written yet." in page.text
    assert "Write the brief" in page.text


def test_who_signs_reads_what_the_brief_s_milestone_waits_for(cast: Cast, brief: CampaignBrief) -> None:
    assert "You may sign now" not in logged_in(cast.client_lead).get(page_of(cast)).text, (
        "there is no plan yet"
    )
    planned(cast)
    page = logged_in(cast.client_lead).get(page_of(cast)).text
    assert "You may sign now" in page and "Campaign rules decided" in page
    with backstage():
        Milestone.objects.filter(code="campaign-rules").update(done_on="2026-03-02", done_by=cast.client_lead)
    assert "You may sign now" not in logged_in(cast.client_lead).get(page_of(cast)).text


def test_a_brief_is_written_read_and_signed_by_both_sides(cast: Cast) -> None:
    client = logged_in(cast.client_lead)
    assert client.get(page_of(cast, "brief/edit")).status_code == 200
    saved = client.post(page_of(cast, "brief/save"), typed(WHOLE), follow=True)
    assert "Version 1 is saved." in saved.text
    assert "At least 12%" in saved.text or "at least 12%" in saved.text
    [seen] = set(re.findall(r'name="seen" value="(\w{64})"', saved.text))
    assert re.findall(r'class="btn btn-primary"[^>]*>([^<]+)', saved.text) == [f"Sign as {cast.client_lead}"]
    assert sign(cast, cast.client_lead, seen).status_code == 302
    waiting = logged_in(cast.campaign_manager).get(page_of(cast)).text
    assert "Half signed" in waiting
    assert "Ask for both signatures" not in waiting
    other = sign(cast, cast.campaign_manager, seen)
    assert other.status_code == 302
    page = client.get(page_of(cast))
    assert "In force" in page.text
    assert "Clara Lind" in page.text
    assert "Mara Voss" in page.text
    assert seen[:12] in page.text


def test_a_mistake_keeps_what_was_typed(cast: Cast) -> None:
    client = logged_in(cast.client_lead)
    answer = client.post(
        page_of(cast, "brief/save"), typed(WHOLE, **{"metric-0-target": "120", "term-geography": "Ohio"})
    )
    assert answer.status_code == 422
    assert "A rate cannot be above 100%." in answer.text
    assert "Ohio" in answer.text


def test_a_stale_form_is_shown_beside_the_newest_version(cast: Cast, brief: CampaignBrief) -> None:
    manager, lead = logged_in(cast.campaign_manager), logged_in(cast.client_lead)
    lead.post(page_of(cast, "brief/save"), typed(WHOLE, brief.content_hash, **{"term-geography": "Texas"}))
    late = manager.post(
        page_of(cast, "brief/save"), typed(WHOLE, brief.content_hash, **{"term-geography": "Ohio"})
    )
    assert late.status_code == 422
    assert "Somebody else has changed the brief" in late.text
    assert "<del>Texas</del>" in late.text
    assert "<ins>Ohio</ins>" in late.text
    [fresh] = re.findall(r'name="seen" value="(\w{64})"', late.text)
    again = manager.post(page_of(cast, "brief/save"), typed(WHOLE, fresh, **{"term-geography": "Ohio"}))
    assert again.status_code == 302


def test_a_stale_signature_is_refused_with_its_reason(cast: Cast, brief: CampaignBrief) -> None:
    answer = sign(cast, cast.client_lead, "0" * 64)
    assert answer.status_code == 422
    assert "changed after this page was loaded" in answer.text


def test_a_signature_asks_for_the_password_when_it_was_given_long_ago(
    cast: Cast, brief: CampaignBrief
) -> None:
    answer = sign(cast, cast.client_lead, brief.content_hash, ago=3600)
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    with context.entered(user_id=cast.client_lead.pk):
        assert not brief.signatures.exists()


def test_differences_to_the_signed_version_are_shown(cast: Cast, brief: CampaignBrief) -> None:
    sign(cast, cast.client_lead, brief.content_hash)
    sign(cast, cast.campaign_manager, brief.content_hash)
    client = logged_in(cast.client_lead)
    client.post(page_of(cast, "brief/save"), typed(WHOLE, brief.content_hash, **{"term-geography": "Texas"}))
    page = client.get(page_of(cast))
    assert "version 2" in page.text
    assert "<del>About Geography</del>" in page.text
    assert "stays in force" in page.text
    assert client.get(page_of(cast, "brief/1")).status_code == 200
    assert client.get(page_of(cast, "brief/3")).status_code == 404


def test_who_may_only_read_is_offered_no_form_and_refused_the_write(cast: Cast, brief: CampaignBrief) -> None:
    client = logged_in(cast.qa_lead)
    page = client.get(page_of(cast))
    assert page.status_code == 200
    assert "Sign as" not in page.text
    assert "Change the brief" not in page.text
    assert client.get(page_of(cast, "brief/edit")).status_code == 403
    assert client.post(page_of(cast, "brief/save"), typed(WHOLE)).status_code == 403
    assert client.post(page_of(cast, "brief/1/sign"), {"seen": brief.content_hash}).status_code == 403


@pytest.mark.parametrize("name", ["brief", "brief/1", "team", "trail"])
def test_an_outsider_finds_nothing(cast: Cast, brief: CampaignBrief, name: str) -> None:
    assert logged_in(cast.outsider).get(page_of(cast, name)).status_code == 404
    assert logged_in(cast.client_lead).get(page_of(cast, name)).status_code == 200
    assert Client().get(page_of(cast, name)).headers["Location"].startswith("/account/login/")


def test_the_team_names_both_sides_and_lets_each_change_its_own(cast: Cast) -> None:
    client = logged_in(cast.client_lead)
    page = client.get(page_of(cast, "team"))
    for name in ("Mara Voss", "Clara Lind", "Sam Okafor"):
        assert name in page.text
    assert cast.campaign_manager.email not in page.text, "addresses stay on their own side"
    with context.entered(user_id=cast.client_lead.pk):
        theirs = cast.engagement.participants.get(user=cast.campaign_manager)
        own = cast.engagement.participants.get(user=cast.closer_lead)
    refused = client.post(page_of(cast, f"team/{theirs.public_id}/end"))
    assert refused.status_code == 422
    assert "Each side changes its own people only." in refused.text
    assert client.post(page_of(cast, f"team/{own.public_id}/end")).status_code == 302
    assert (
        "Caleb Ross"
        not in client.get(page_of(cast, "team")).text.partition("</table>")[0].partition("is no longer")[2]
    )


@pytest.mark.django_db(transaction=True)
def test_somebody_new_is_invited_to_the_team(cast: Cast) -> None:
    client = logged_in(cast.client_lead)
    somebody = {"role": "executive", "name": "Erik Chef", "email": "erik@example.org"}
    assert client.post(page_of(cast, "team/add"), somebody).status_code == 302
    assert mail.outbox[-1].to == ["erik@example.org"]
    assert "Spring windows" in mail.outbox[-1].body
    assert "Invited" in client.get(page_of(cast, "team")).text
    again = client.post(page_of(cast, "team/add"), somebody)
    assert again.status_code == 422
    assert "is executive here already" in again.text
    [token] = re.findall(r"/invitation/([^/]+)/", mail.outbox[-1].body)
    newcomer = Client()
    newcomer.post(f"/invitation/{token}/account/", {"name": "Erik Chef", "password": "seven quiet lanterns"})
    assert newcomer.get(page_of(cast, "team")).status_code == 200
    assert "joined the team" in client.get(page_of(cast, "trail")).text


def test_nobody_is_named_on_both_sides(cast: Cast) -> None:
    theirs = {"role": "executive", "name": "Mara Voss", "email": cast.campaign_manager.email.upper()}
    answer = logged_in(cast.client_lead).post(page_of(cast, "team/add"), theirs)
    assert answer.status_code == 422
    assert "mara@example.org stands on the operator’s side of this engagement." in answer.text
    with backstage():
        assert not cast.engagement.participants.filter(role="executive").exists()


def test_a_colleague_takes_part_at_once(cast: Cast) -> None:
    client = logged_in(cast.client_lead)
    form = {"role": "executive", "name": "ignored", "email": cast.client_leader.email}
    answer = client.post(page_of(cast, "team/add"), form, follow=True)
    assert "Lena Hart is on the team." in answer.text
    assert not mail.outbox


def test_the_trail_reads_in_words_with_what_changed(cast: Cast, brief: CampaignBrief) -> None:
    sign(cast, cast.client_lead, brief.content_hash)
    page = logged_in(cast.campaign_manager).get(page_of(cast, "trail"))
    assert "2 entries" in page.text
    assert "signed Campaign brief, version 1" in page.text
    assert "Times are those of America/New_York." in page.text
    assert brief.content_hash in page.text


@pytest.mark.django_db(transaction=True)
def test_whom_the_other_side_named_is_let_in_by_their_own(cast: Cast) -> None:
    """An operator cannot add people to the client's organisation; the client's lead can."""
    with backstage():
        named = ParticipantFactory(
            engagement=cast.engagement,
            side="client",
            role="executive",
            user=None,
            name="Erik Chef",
            email="erik@example.org",
        )
    invite = page_of(cast, f"team/{named.public_id}/invite")
    refused = logged_in(cast.campaign_manager).post(invite)
    assert refused.status_code == 422
    assert "Each side invites its own people only." in refused.text
    client = logged_in(cast.client_lead)
    assert "Invite again" in client.get(page_of(cast, "team")).text
    assert client.post(invite).status_code == 302
    [token] = re.findall(r"/invitation/([^/]+)/", mail.outbox[-1].body)
    newcomer = Client()
    newcomer.post(f"/invitation/{token}/account/", {"name": "Erik Chef", "password": "seven quiet lanterns"})
    assert newcomer.get(page_of(cast, "brief")).status_code == 200
    assert "needs no invitation" in client.post(invite).text


def test_who_became_a_member_meanwhile_takes_part_at_once(cast: Cast) -> None:
    with backstage():
        named = ParticipantFactory(
            engagement=cast.engagement,
            side="client",
            role="executive",
            user=None,
            name="Lena",
            email="LENA@example.org",
        )
    answer = logged_in(cast.client_lead).post(page_of(cast, f"team/{named.public_id}/invite"), follow=True)
    assert "takes part now" in answer.text
    assert not mail.outbox


@pytest.mark.django_db(transaction=True)
def test_two_sides_signing_at_the_same_instant_put_it_in_force_once(cast: Cast, brief: CampaignBrief) -> None:
    people = [cast.client_lead, cast.campaign_manager] * 4
    start = threading.Barrier(len(people))

    def attempt(user: User) -> int:
        browser = logged_in(user)
        start.wait()
        try:
            return int(browser.post(page_of(cast, "brief/1/sign"), {"seen": brief.content_hash}).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(attempt, people))
    assert answers == [302] * len(people), "the same signature again is no error"
    with context.entered(user_id=cast.client_lead.pk):
        assert brief.signatures.count() == 2
        actions = [entry.action for entry in TrailEntry.objects.order_by("sequence")]
        assert actions == ["brief.saved", "brief.signed", "brief.signed", "brief.in_force"]


def invited(cast: Cast) -> tuple[Client, Participant, str]:
    """A client lead's browser, somebody invited to their team, and the token of the invitation."""
    client = logged_in(cast.client_lead)
    client.post(page_of(cast, "team/add"), {"role": "executive", "name": "Erik", "email": "erik@example.org"})
    [token] = re.findall(r"/invitation/([^/]+)/", mail.outbox[-1].body)
    with context.entered(user_id=cast.client_lead.pk):
        return client, cast.engagement.participants.get(email="erik@example.org"), token


ACCOUNT = {"name": "Erik", "password": "seven quiet lanterns"}


@pytest.mark.django_db(transaction=True)
def test_who_is_taken_off_the_team_before_they_came_loses_the_invitation(cast: Cast) -> None:
    client, named, token = invited(cast)
    assert client.post(page_of(cast, f"team/{named.public_id}/end")).status_code == 302
    newcomer = Client()
    assert "taken back" in newcomer.get(f"/invitation/{token}/").text
    assert newcomer.post(f"/invitation/{token}/account/", ACCOUNT).status_code == 422
    assert not User.objects.filter(email="erik@example.org").exists()


@pytest.mark.django_db(transaction=True)
def test_an_invitation_holds_although_its_engagement_is_out_of_sight(cast: Cast) -> None:
    _, named, token = invited(cast)
    with backstage():
        Participant.objects.filter(pk=named.pk).update(ended_at=named.created_at)
    newcomer = Client()
    assert newcomer.post(f"/invitation/{token}/account/", ACCOUNT).status_code == 302
    assert newcomer.get("/settings/members/").status_code == 200
    assert newcomer.get(page_of(cast)).status_code == 404
