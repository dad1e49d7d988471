"""The first pages of whoever is new: where an invitation leads, what each role reads, and the tour."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import Membership, User
from accounts.roles import OrganisationRole, ParticipantRole, Side
from engagements.models import Participant
from engagements.services import add_participant, create_engagement
from engagements.services.team import Owner
from milestones.services import create_plan
from tenancy import context
from tests.accounts.test_people import admin_seat
from tests.factories import Cast, MembershipFactory, UserFactory
from tests.milestones.scene import KICKOFF
from tests.stage import backstage
from workspace.guides import GUIDES, guide_for, stand_in_sentences


def link(token: str) -> str:
    return f"https://tollgate.example/invitation/{token}/"


def last_token() -> str:
    found = re.search(r"/invitation/([^/]+)/", mail.outbox[-1].body)
    assert found
    return found[1]


@pytest.fixture
def rita_is_asked(cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> str:
    """A new client's lead is named in a new engagement with its plan; gives the token of the mail."""
    with (
        django_capture_on_commit_callbacks(execute=True),
        context.entered(user_id=cast.operator_leader.pk, organisation_id=cast.operator_organisation.pk),
    ):
        engagement, own = create_engagement(
            by=admin_seat(cast), campaign="Autumn roofs", side=Side.OPERATOR, other="Ridge & Slate",
            kickoff_on=KICKOFF, zone="Europe/London", link_to=link,
            owners=[
                Owner(ParticipantRole.CAMPAIGN_MANAGER, "Mara Voss", cast.campaign_manager.email, Side.OPERATOR),
                Owner(ParticipantRole.CLIENT_LEAD, "Rita Slate", "rita@example.org", Side.CLIENT),
            ],
        )  # fmt: skip
        mara, rita = engagement.participants.order_by("-side")
        others = {
            ParticipantRole.SUPERVISOR: mara,
            ParticipantRole.QA_LEAD: mara,
            ParticipantRole.CLOSER_LEAD: rita,
        }
        create_plan(engagement=engagement, by=own, owners={role.value: each for role, each in others.items()})
    return last_token()


def follow(client: Client, location: str) -> tuple[str, str]:
    """Where somebody ends up, and what they read there."""
    answer = client.get(location, follow=True)
    return answer.redirect_chain[-1][0] if answer.redirect_chain else location, answer.text


def test_a_new_client_lands_on_what_they_have_to_sign(rita_is_asked: str, client: Client) -> None:
    page = client.get(f"/invitation/{rita_is_asked}/").text
    assert "Olga Petrov of Northline Calling invites rita@example.org" in page
    assert "in the campaign “Autumn roofs” as client lead" in page
    answer = client.post(
        f"/invitation/{rita_is_asked}/account/", {"name": "Rita Slate", "password": "seven quiet lanterns"}
    )
    address, page = follow(client, answer.headers["Location"])
    assert address.endswith("/plan/")
    assert "“Autumn roofs” is a calling campaign in which Northline Calling calls for you" in page
    assert "Olga Petrov invited you as client lead. This is where you begin: lock the timeline." in page
    assert "Lock as Rita Slate" in page
    assert "invited you as" not in client.get(address).text, "said once"


def test_somebody_with_an_account_lands_there_as_well(cast: Cast, rita_is_asked: str, client: Client) -> None:
    with backstage():
        rita = UserFactory(name="Rita Slate", email="rita@example.org")
        MembershipFactory(user=rita, organisation=cast.foreign_organisation)
    client.force_login(rita)
    answer = client.post(f"/invitation/{rita_is_asked}/accept/")
    address, page = follow(client, answer.headers["Location"])
    assert address.endswith("/plan/")
    assert "This is where you begin: lock the timeline." in page


def _invited_colleague(cast: Cast, engaged: bool) -> None:
    from accounts.services import invite

    seat = cast.seat(cast.operator_leader)
    with context.entered(user_id=cast.operator_leader.pk, organisation_id=cast.operator_organisation.pk):
        if engaged:
            add_participant(
                engagement=cast.engagement, by=seat, role=ParticipantRole.EXECUTIVE, name="Nora Neu",
                email="nora@example.org", link_to=link,
            )  # fmt: skip
        else:
            invite(
                by=admin_seat(cast), organisation=cast.operator_organisation, email="nora@example.org",
                name="Nora Neu", role=OrganisationRole.MEMBER, link_to=link,
            )  # fmt: skip


@pytest.mark.parametrize("engaged", [True, False])
@pytest.mark.parametrize("known", [True, False])
def test_who_has_nothing_to_do_yet_is_told_where_they_are(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    engaged: bool, known: bool,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        _invited_colleague(cast, engaged)
    token = last_token()
    if known:
        with backstage():
            nora = UserFactory(name="Nora Neu", email="nora@example.org")
        client.force_login(nora)
        answer = client.post(f"/invitation/{token}/accept/")
    else:
        answer = client.post(
            f"/invitation/{token}/account/", {"name": "Nora Neu", "password": "seven quiet lanterns"}
        )
    address, page = follow(client, answer.headers["Location"])
    if engaged:
        assert address == f"/e/{cast.engagement.public_id}/"
        assert "in which you call for Harbour Homes" in page
        assert "Olga Petrov invited you as executive. Nothing waits for you yet" in page
    else:
        assert address == "/"
        assert "You now belong to Northline Calling: Olga Petrov invited you." in page
        assert "You belong to the organisation and take part in no engagement yet." in page


def test_without_an_invitation_the_arrival_is_my_work(cast: Cast, client: Client) -> None:
    client.force_login(cast.supervisor)
    assert client.get("/arrival/").headers["Location"] == "/"


@pytest.fixture
def idle(cast: Cast) -> Iterator[dict[str, User]]:
    """One person for each role of an engagement, who has nothing to do."""
    yield {
        ParticipantRole.CLIENT_LEAD: cast.client_lead, ParticipantRole.CLOSER_LEAD: cast.closer_lead,
        ParticipantRole.CAMPAIGN_MANAGER: cast.campaign_manager, ParticipantRole.SUPERVISOR: cast.supervisor,
        ParticipantRole.QA_LEAD: cast.qa_lead, OrganisationRole.LEADER: cast.client_leader,
        OrganisationRole.ADMIN: cast.outsider,
    }  # fmt: skip


def test_each_roles_first_page_says_what_it_does_and_leads_to_the_first_step(
    idle: dict[str, User], client: Client
) -> None:
    for role, user in idle.items():
        client.force_login(user)
        page = client.get("/").text.split("<main")[1]
        guide = GUIDES[role]
        assert page.count(guide.does[:40]) == 1, role
        assert page.count("btn btn-primary") == 1, role
        for step in guide.steps:
            assert f">{step.go}</a>" in page, (role, step)
        for address in re.findall(r'<li><a href="([^"]+)">', page.split('id="tour"')[1].split("</ol>")[0]):
            assert client.get(address).status_code == 200, (role, address)


def test_every_role_has_a_guide_and_an_executive_reads_theirs() -> None:
    assert set(GUIDES) == {*ParticipantRole, *OrganisationRole}
    for role, guide in GUIDES.items():
        assert guide_for(OrganisationRole.MEMBER, {role}) is guide or role in OrganisationRole
        assert 2 <= len(guide.steps) <= 5
        assert 2 <= guide.does.count(".") <= 3
    assert guide_for(OrganisationRole.ADMIN, ()).title == "What an administrator does here"
    assert guide_for(OrganisationRole.ADMIN, {"qa_lead"}).title == "What a QA lead does here"


def test_whoever_stands_in_is_told_where_and_for_whom() -> None:
    assert stand_in_sentences([]) == []
    held = [("Spring windows", ("Mara Voss",)), ("Patio doors", ("Mara Voss",)), ("Roofs", ("Ben", "Joyce"))]
    assert stand_in_sentences(held) == [
        "On Spring windows and Patio doors you stand in for Mara Voss.",
        "On Roofs you stand in for Ben and Joyce.",
    ]


def test_a_substitute_reads_the_guide_of_their_own_role(cast: Cast, client: Client) -> None:
    with backstage():
        own = Participant.objects.get(engagement=cast.engagement, user=cast.supervisor)
        manager = Participant.objects.get(engagement=cast.engagement, user=cast.campaign_manager)
        manager.substitute = own
        manager.save(update_fields=["substitute"])
    client.force_login(cast.supervisor)
    page = client.get("/").text
    assert "What a supervisor does here" in page
    assert f"On {cast.engagement.campaign} you stand in for {manager.name}." in page


def test_the_tour_is_put_away_for_good_and_called_back(cast: Cast, client: Client) -> None:
    client.force_login(cast.supervisor)
    assert 'id="tour"' in client.get("/").text
    assert client.post("/settings/tour/", {"tour": "off"}).headers["Location"] == "/"
    assert 'id="tour"' not in client.get("/").text
    elsewhere = Client()
    elsewhere.force_login(cast.supervisor)
    assert 'id="tour"' not in elsewhere.get("/").text, "remembered for the person, not for the browser"
    assert "You have put the tour away." in client.get("/settings/").text
    client.post("/settings/tour/", {"tour": "on"})
    assert 'id="tour"' in client.get("/").text


def test_members_see_the_tour_of_their_own_role_only(cast: Cast, client: Client) -> None:
    with backstage():
        idler = UserFactory(name="Ida Ler", email="ida@example.org")
        Membership.objects.create(user=idler, organisation=cast.operator_organisation)
    client.force_login(idler)
    page = client.get("/").text
    assert GUIDES[OrganisationRole.MEMBER].title in page
    assert "New engagement" not in page


def test_who_may_not_is_told_for_whom_it_is(cast: Cast, client: Client) -> None:
    client.force_login(cast.supervisor)
    answer = client.get(f"/e/{cast.engagement.public_id}/brief/edit/")
    assert answer.status_code == 403
    assert "Your role does not allow you to change the campaign brief here." in answer.text
    assert "That is for the client lead or the campaign manager." in answer.text
    assert "under its Team, by the lead of your side" in answer.text


def test_an_executive_is_not_asked_to_open_an_engagement_where_nothing_asks_to_type(
    cast: Cast, client: Client
) -> None:
    with backstage():
        Participant.objects.filter(engagement=cast.engagement, user=cast.client_lead).update(
            role=ParticipantRole.EXECUTIVE
        )
        Membership.objects.filter(user=cast.client_lead).update(role=OrganisationRole.LEADER)
    client.force_login(cast.client_lead)
    page = client.get("/").text
    assert GUIDES[ParticipantRole.EXECUTIVE].title in page
    assert "New engagement" not in page
