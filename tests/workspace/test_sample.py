"""The sample is made once and looked at: what is in it, who sees it, where it says what it is, how it goes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from accounts.chairs import chairs_of
from accounts.founding import found_organisation
from accounts.models import Membership, Organisation, TrailEntry, User
from accounts.roles import OrganisationRole, ParticipantRole, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.ui import TABS
from engagements.access import seat_for
from engagements.models import Engagement, Participant
from engagements.selectors import sample_of
from engagements.services import add_participant
from kpis.models import CallRecord, Finding
from kpis.services.closer_links import make_link
from milestones.models import Gate
from milestones.selectors.standing import standing_of
from milestones.services import sign_off
from reports import services as reports
from reports.models import Cadence, Deliverable
from reports.render import paper_html
from reports.snapshots import Kind, thaw
from tenancy import context, jobs
from tenancy.models import Job, JobState
from tests.factories import MembershipFactory, UserFactory
from tests.stage import as_worker, backstage
from workspace import services
from workspace.demo.sample import SampleStory, told_of
from workspace.management.commands.demo_data import quiet_jobs
from workspace.selectors.operators import operators
from workspace.selectors.portfolio import portfolio, rows_of

NOW = datetime(2026, 10, 14, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    """The sample as it was made for Ada's organisation, in which Max belongs, too; Otto is a stranger."""

    ada: User
    max: User
    otto: User
    seat: Seat
    job: Job
    files: Path
    mails: int

    def engagement(self) -> Engagement:
        found = sample_of(self.seat.organisation)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    """In one transaction that is taken back after the last test of this file."""
    folder = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic():
        people = ada, max_, otto = [UserFactory(name=name) for name in ("Ada Quist", "Max Orr", "Otto Fremd")]
        seat = found_organisation(name="Acme Dialing", admin=ada)
        found_organisation(name="Elsewhere Ltd", admin=otto)
        with backstage():
            MembershipFactory(user=max_, organisation=seat.organisation)
        before = len(mail.outbox)
        with override_settings(FILES_ROOT=folder), quiet_jobs(), clock.stopped_at(NOW):
            with context.entered(user_id=ada.pk):
                job = services.ask_for_sample(by=seat, side=Side.OPERATOR)
                assert services.ask_for_sample(by=seat, side=Side.CLIENT) == job, "asked twice, made once"
            with as_worker():
                assert jobs.run(job.pk) == JobState.DONE
        yield Made(*people, seat, job, folder, len(mail.outbox) - before)
        transaction.set_rollback(True)


@pytest.fixture
def day_34(made: Made, settings: object) -> Iterator[Engagement]:
    """Ada looks at it on the day on which it was made."""
    settings.FILES_ROOT = made.files
    with clock.stopped_at(NOW), transaction.atomic():
        with context.entered(user_id=made.ada.pk, organisation_id=made.seat.organisation.pk):
            yield made.engagement()
        transaction.set_rollback(True)


@pytest.fixture
def page(made: Made, settings: object) -> Iterator[Client]:
    settings.FILES_ROOT = made.files
    with clock.stopped_at(NOW), transaction.atomic():
        client = Client()
        client.force_login(made.ada)
        yield client
        transaction.set_rollback(True)


pytestmark = pytest.mark.django_db


def test_it_stands_on_day_34_with_calls_findings_and_a_gate_ahead(made: Made, day_34: Engagement) -> None:
    standing = standing_of(day_34)
    assert standing.calendar.day_of(standing.today) == 34
    assert (day_34.operator, day_34.client.name) == (made.seat.organisation, "Harbour Home Windows")
    assert [gate.day for gate in Gate.objects.filter(engagement=day_34, passed_at__isnull=False)] == [10]
    ahead = Gate.objects.get(engagement=day_34, day=30)
    sign_off(gate=ahead, by=seat_for(made.ada, day_34), seen=ahead.document_sha256)
    ahead.refresh_from_db()
    assert ahead.passed_at, "the other side has signed: one's own signature passes it"
    assert CallRecord.objects.filter(engagement=day_34).count() > 1500
    assert {each.metric_key for each in Finding.objects.filter(engagement=day_34)} >= {"show_rate"}
    assert {each.kind for each in Deliverable.objects.filter(engagement=day_34)} == {Kind.DAY_10, Kind.DAY_30}
    first = TrailEntry.objects.filter(engagement_id=day_34.pk).order_by("sequence")[0]
    assert (first.at.date() - NOW.date()).days == -38, "what happened, happened on its day"
    assert not Job.objects.filter(engagement_id=day_34.pk).exclude(state=JobState.DONE).exists()


def test_who_asked_leads_it_and_who_is_made_up_can_do_nothing_any_more(
    made: Made, day_34: Engagement
) -> None:
    seat = seat_for(made.ada, day_34)
    assert seat.own_roles == {ParticipantRole.CAMPAIGN_MANAGER}
    mara = Participant.objects.get(engagement=day_34, name="Mara Voss")
    assert mara.stand_in and mara.stand_in.user == made.ada
    people = User.objects.filter(sample_of=made.seat.organisation)
    assert len(people) == 6
    for person in people:
        assert not person.is_active
        assert not person.has_usable_password()
        assert person.email.endswith(".sample.invalid")
        assert chairs_of(person.pk) == []
    with backstage():
        assert not Membership.objects.filter(user__in=people).exists()


def test_it_sends_no_mail_and_reminds_nobody(made: Made, day_34: Engagement) -> None:
    assert made.mails == 0
    with as_worker(), connection.cursor() as cursor:
        for days in range(1, 30):
            cursor.execute("SELECT user_id FROM app.people_to_remind(%s, 0)", [NOW + timedelta(days=days)])
            assert made.ada.pk not in {user_id for (user_id,) in cursor.fetchall()}


def test_the_trail_of_the_organisation_has_one_line_of_it(made: Made, day_34: Engagement) -> None:
    lines = TrailEntry.objects.filter(organisation_id=made.seat.organisation.pk).order_by("sequence")
    assert [line.action for line in lines] == ["organisation.founded", "sample.added"]
    with backstage(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM app.trail WHERE organisation_id = %s", [day_34.client_id])
        assert cursor.fetchone() == (0,)


def test_nobody_else_sees_it(made: Made, day_34: Engagement) -> None:
    for stranger in (made.max, made.otto):
        with context.entered(user_id=stranger.pk):
            assert not Engagement.objects.exists()
            assert not CallRecord.objects.exists()


def test_it_counts_in_no_figure(made: Made, day_34: Engagement) -> None:
    page = portfolio(made.seat)
    assert [row.engagement for row in rows_of(made.seat, {})[0]] == [day_34]
    assert page.shown == 1
    assert (page.count, page.on_us, page.on_them, page.blocked, page.on_time.due) == (0, 0, 0, 0, 0)
    assert page.reasons == ()
    assert operators() == []


def test_nobody_is_invited_to_it_and_no_way_leads_out(made: Made, day_34: Engagement) -> None:
    by = seat_for(made.ada, day_34)
    with pytest.raises(Refused, match="nobody is invited"):
        add_participant(
            engagement=day_34, by=by, role=ParticipantRole.SUPERVISOR, name="Rita", email="rita@example.org",
            link_to=lambda token: token,
        )  # fmt: skip
    added = add_participant(
        engagement=day_34, by=by, role=ParticipantRole.SUPERVISOR, name="Max", email=made.max.email,
        link_to=lambda token: token,
    )  # fmt: skip
    assert added.user == made.max, "a colleague is in at once"
    assert mail.outbox == []
    with pytest.raises(Refused, match="no mails are sent"):
        reports.choose(engagement=day_34, by=by, cadence=Cadence.DAILY)
    day = day_34.calendar.date_of(15)
    with pytest.raises(Refused, match="outside of your organisation"):
        make_link(engagement=day_34, by=by, name="Ivo", closer="", first=day, last=day, days=7)


def test_it_says_what_it_is_wherever_it_is_shown(made: Made, page: Client) -> None:
    with context.entered(user_id=made.ada.pk):
        engagement = made.engagement()
        deliverable = Deliverable.objects.get(engagement=engagement, kind=Kind.DAY_30)
    badge = 'data-state="sample"'
    within = [reverse(name, args=[engagement.public_id]) for _, name, _ in TABS]
    for address in [reverse("workspace:portfolio"), reverse("workspace:search") + "?q=spring", "/", *within]:
        answer = page.get(address)
        assert (answer.status_code, badge in answer.content.decode()) == (200, True), address
    assert "It counts in no figure." in page.get(reverse("workspace:portfolio")).content.decode()
    snapshot = thaw(deliverable.snapshot)
    paper = paper_html(snapshot)
    assert "Sample: the other organisation, people and calls are made up." in paper
    assert "Sample · Day 30" in paper or ">Sample · " in paper
    assert "Sample" not in paper_html(replace(snapshot, sample=None))


def test_its_page_leads_to_it_and_asks_once_more_before_it_goes(made: Made, page: Client) -> None:
    there = page.get(reverse("workspace:sample")).content.decode()
    assert "Look at it" in there
    assert "Add a sample" not in there
    asked = page.get(reverse("workspace:sample_removal")).content.decode()
    assert "Remove it for good" in asked
    again = page.post(reverse("workspace:sample_add"), {"side": "client"})
    assert again.status_code == 422
    assert "has a sample already" in again.content.decode()
    with context.entered(user_id=made.ada.pk):
        engagement = made.engagement()
    refused = page.post(reverse("reports:subscribe", args=[engagement.public_id]), {"cadence": "daily"})
    assert (refused.status_code, "no mails are sent about it" in refused.content.decode()) == (422, True)
    # The other organisation is nobody with whom anything real could be opened.
    assert "Harbour Home Windows" not in page.get(reverse("workspace:new_engagement")).content.decode()


def test_it_goes_with_its_files_and_may_be_asked_twice(made: Made, page: Client) -> None:
    with context.entered(user_id=made.ada.pk):
        name = made.engagement().public_id
        pk = made.engagement().pk
    kept = {path: path.read_bytes() for path in made.files.rglob("*") if path.is_file()}
    assert {path.relative_to(made.files).parts[0] for path in kept} >= {"imports", "reports"}
    other = made.files / "imports" / "another" / "file.csv"
    other.parent.mkdir()
    other.write_text("of somebody else")
    for _ in range(2):
        assert page.post(reverse("workspace:sample_remove")).status_code == 302
    assert "is being removed" in page.get(reverse("workspace:sample")).content.decode()
    with as_worker(), quiet_jobs():
        [job] = Job.objects.filter(handler="workspace.sample.remove")
        assert jobs.run(job.pk) == JobState.DONE
        assert not Job.objects.filter(handler="workspace.sample.add").exists()
        assert Job.objects.get(pk=job.pk).arguments == {}
    assert [path for path in made.files.rglob("*") if str(name) in str(path)] == []
    assert other.exists()
    with backstage():
        assert not Engagement.objects.filter(pk=pk).exists()
        assert not Organisation.objects.filter(sample_of=made.seat.organisation).exists()
        assert not User.objects.filter(sample_of=made.seat.organisation).exists()
    with context.entered(user_id=made.ada.pk):
        lines = TrailEntry.objects.filter(organisation_id=made.seat.organisation.pk).order_by("sequence")
        assert [line.action for line in lines][1:] == ["sample.added", "sample.removed"]
        assert services.ask_for_removal(by=made.seat) is None
        assert services.ask_for_sample(by=made.seat, side=Side.CLIENT), "and another one may be added"
    for path, content in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.fixture
def bea(db: None) -> Seat:
    return found_organisation(name="Bea’s", admin=UserFactory(name="Bea"))


def test_a_run_that_is_cut_off_leaves_nothing(
    bea: Seat, monkeypatch: pytest.MonkeyPatch, files_root: Path
) -> None:
    def cut_off(story: SampleStory) -> None:
        (files_root / "imports" / str(story.engagement.public_id)).mkdir(parents=True)
        raise KeyboardInterrupt

    monkeypatch.setattr(SampleStory, "pass_setup", cut_off)
    with context.entered(user_id=bea.user.pk):
        job = services.ask_for_sample(by=bea, side=Side.CLIENT)
    with as_worker(), quiet_jobs(), pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    with backstage():
        assert not Engagement.objects.filter(client=bea.organisation).exists()
        assert not User.objects.filter(sample_of=bea.organisation).exists()
        Job.objects.filter(pk=job.pk).update(lease_until=NOW - timedelta(days=900))
    assert (files_root / "imports" / str(job.public_id)).exists()
    monkeypatch.setattr(SampleStory, "pass_setup", lambda story: (_ for _ in ()).throw(Refused("Enough.")))
    with as_worker(), quiet_jobs():
        assert jobs.run(job.pk) == JobState.FAILED
    assert not (files_root / "imports" / str(job.public_id)).exists(), "the next run clears away"


def test_files_that_belong_to_somebody_stay_whoever_asks(made: Made, day_34: Engagement) -> None:
    """A job's arguments are ids that anybody could have written."""
    with as_worker():
        services.remove_files(day_34.public_id)
    assert list((made.files / "imports" / str(day_34.public_id)).iterdir())


@pytest.mark.parametrize("role", [OrganisationRole.MEMBER, OrganisationRole.LEADER])
def test_who_may_open_engagements_may_have_a_sample(bea: Seat, role: OrganisationRole) -> None:
    by = replace(bea, role=role)
    with context.entered(user_id=bea.user.pk):
        if role is OrganisationRole.LEADER:
            assert services.ask_for_sample(by=by, side=Side.CLIENT).is_open
            return
        for ask in (
            lambda: services.ask_for_sample(by=by, side=Side.CLIENT),
            lambda: services.ask_for_removal(by=by),
        ):
            with pytest.raises(Refused, match="may not create an engagement"):
                ask()


@pytest.mark.parametrize(
    ("side", "own", "theirs"),
    [
        (Side.OPERATOR, "operator_name", "Harbour Home Windows"),
        (Side.CLIENT, "client_name", "Northline Calling"),
    ],
)
def test_the_story_is_told_of_ones_own_organisation(side: Side, own: str, theirs: str) -> None:
    script = told_of("Acme", side)
    assert getattr(script, own) == "Acme"
    assert {script.client_name, script.operator_name} == {"Acme", theirs}
    assert isinstance(script.targets, Mapping)
    if side is Side.CLIENT:
        assert "calling for Acme" in script.words[0]
        texts = [
            *script.words,
            *(said.text for said in script.said),
            *(each.text for each in script.meetings.values()),
        ]
        assert not [text for text in texts if "Harbour" in text]
    assert not [said for said in script.said if said.private]


def test_without_a_sample_its_page_offers_one(bea: Seat, client: Client) -> None:
    client.force_login(bea.user)
    assert "See a sample first" in client.get("/").content.decode()
    assert "We dial for a client" in client.get(reverse("workspace:sample")).content.decode()
    assert client.post(reverse("workspace:sample_add"), {"side": "x"}).status_code == 422
    assert client.get(reverse("workspace:sample_removal")).status_code == 302
    assert client.post(reverse("workspace:sample_add"), {"side": "client"}).status_code == 302
    assert "is being made" in client.get(reverse("workspace:sample")).content.decode()
