"""Who gets the evening's reports: by their own choice, in one mail, and out again without a log-in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, TrailEntry
from common import clock
from engagements.models import Engagement
from kpis.models import DailyFact
from reports.digests import unsubscribe_link, whose
from reports.evenings import Slot
from reports.models import Deliverable, ReportMail, ReportReading, ReportSubscription
from reports.selectors.digests import digest_for
from reports.selectors.rounds import told_days, unread_of
from reports.services import mails, rounds
from tenancy import context
from tenancy.models import Job, JobState
from tests.factories import Cast
from tests.kpis.scene import day_of
from tests.milestones.scene import as_person, on_day
from tests.reports.evening_scene import (
    Jobs,
    beat,
    calls_of,
    due_readers,
    due_rounds,
    live,
    reports,
    subscribe,
)
from tests.stage import as_worker, backstage
from tests.workspace.test_overviews import another_engagement


def browser(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def page_of(cast: Cast, rest: str = "evenings/") -> str:
    return f"/e/{cast.engagement.public_id}/deliverables/{rest}"


def elsewhere(cast: Cast, zone: str, number: int = 7) -> Engagement:
    """Another live engagement of the same people, in another zone, with calls on day 11."""
    another_engagement(cast, number)
    with backstage():
        made = Engagement.objects.order_by("-pk").first()
        assert made is not None
        Engagement.objects.filter(pk=made.pk).update(passed_day=10, zone=zone)
        DailyFact.objects.create(engagement=made, day=day_of(cast, 11), dials=300, contacts=30)
        for user, side in ((cast.client_lead, "client"), (cast.campaign_manager, "operator")):
            ReportSubscription.objects.create(
                engagement=made,
                user=user,
                side=side,
                cadence="daily",
                since=datetime(2026, 3, 11, tzinfo=UTC),
            )
    return made


def test_an_evening_is_the_engagements_own_and_can_be_set(cast: Cast) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    with on_day(11, hour=18):
        assert due_rounds(clock.now()) == []
        response = browser(cast.campaign_manager).post(page_of(cast, "evenings/hour/"), {"at": "17:30"})
        assert response.status_code == 302
        assert due_rounds(clock.now()) == [("evening", "2026-03-12")]
        refused = browser(cast.campaign_manager).post(page_of(cast, "evenings/hour/"), {"at": "04:00"})
        assert refused.status_code == 422
        assert (
            browser(cast.supervisor).post(page_of(cast, "evenings/hour/"), {"at": "17:30"}).status_code == 403
        )


@pytest.mark.parametrize(
    ("now", "due"),
    [
        # On 8 March the clocks of New York go forward, on 1 November back: half past six comes once on each date.
        (datetime(2026, 3, 13, 22, 29, tzinfo=UTC), [("evening", "2026-03-12"), ("morning", "2026-03-13")]),
        (datetime(2026, 3, 13, 22, 30, tzinfo=UTC), [("evening", "2026-03-13"), ("morning", "2026-03-13")]),
        (datetime(2026, 11, 1, 23, 29, tzinfo=UTC), [("evening", "2026-10-31"), ("morning", "2026-11-01")]),
        (datetime(2026, 11, 1, 23, 30, tzinfo=UTC), [("evening", "2026-11-01"), ("morning", "2026-11-01")]),
    ],
)
def test_the_door_keeps_the_rule_also_when_the_clock_changes(
    cast: Cast, now: datetime, due: list[tuple[str, str]]
) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    assert due_rounds(now) == due


def test_whoever_has_left_asks_for_nothing_any_more(cast: Cast) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    with on_day(11, hour=19):
        with backstage():
            Membership.objects.filter(user=cast.client_lead).update(ended_at="2026-03-12T00:00:00Z")
        assert due_rounds(clock.now()) == []


def test_one_mail_tells_of_all_engagements_once_the_last_has_come_to_its_evening(
    cast: Cast, run_jobs: Jobs
) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead, cast.campaign_manager)
    elsewhere(cast, "America/Los_Angeles")
    with on_day(11, hour=19):
        beat(run_jobs)
        assert mail.outbox == []
        assert due_readers(clock.now()) == []
    with on_day(11, hour=22):
        beat(run_jobs)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["clara@example.org", "mara@example.org"]
    letter = mail.outbox[0]
    assert letter.subject == "2 reports of 2 engagements"
    assert letter.body.index("CAMPAIGN 7") < letter.body.index("SPRING WINDOWS")


def test_the_digest_costs_the_same_with_more_engagements(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    counts = []
    for number in (0, 1):
        if number:
            elsewhere(cast, "America/New_York")
        with on_day(11 + number, hour=19):
            with as_worker():
                rounds.ask_for_rounds()
            run_jobs()
            with context.entered(user_id=cast.client_lead.pk), CaptureQueriesContext(connection) as told:
                digest = digest_for(cast.client_lead)
            assert digest is not None
            counts.append((len(told), len(digest.sections)))
    assert counts[0][0] == counts[1][0], counts
    assert [sections for _, sections in counts] == [1, 2]


def test_a_second_run_makes_and_sends_nothing(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    with on_day(11, hour=19):
        beat(run_jobs)
        with as_worker():
            Job.objects.update(state=JobState.QUEUED, attempts=0)
        assert set(run_jobs()) == {"done"}
    assert len(reports(cast)) == 1
    assert len(mail.outbox) == 1


def test_a_worker_that_dies_while_it_sends_never_sends_a_second_one(
    cast: Cast, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    day = day_of(cast, 11)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with on_day(11, hour=19):
        with as_worker():
            rounds.ask_for_rounds()
        run_jobs()
        with monkeypatch.context() as patch:
            patch.setattr(mails, "_hand_over", die)
            with pytest.raises(KeyboardInterrupt):
                mails.send(user_id=cast.client_lead.pk, day=day, number=0)
        assert mails.send(user_id=cast.client_lead.pk, day=day, number=0) is None
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_report_and_send_one_mail(cast: Cast) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    barrier = Barrier(2)
    day = day_of(cast, 11)

    def hold() -> int:
        try:
            barrier.wait(5)
            with as_person(cast, cast.client_lead):
                made = rounds.hold_round(
                    engagement=cast.engagement, by=cast.seat(cast.client_lead), day=day, slot=Slot.EVENING
                )
            return len(made)
        finally:
            connection.close()

    def send() -> bool:
        try:
            barrier.wait(5)
            return mails.send(user_id=cast.client_lead.pk, day=day, number=0) is not None
        finally:
            connection.close()

    with on_day(11, hour=19), ThreadPoolExecutor(max_workers=2) as pool:
        assert sorted(future.result() for future in [pool.submit(hold), pool.submit(hold)]) == [0, 1]
        assert sorted(future.result() for future in [pool.submit(send), pool.submit(send)]) == [False, True]
    assert len(mail.outbox) == 1


def test_the_link_ends_all_reports_without_a_log_in_and_opening_it_ends_nothing(cast: Cast) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    path = f"/reports/unsubscribe/{unsubscribe_link(cast.client_lead.pk)}/"
    nobody = Client(enforce_csrf_checks=True)
    assert "Send me no more reports" in nobody.get(path).text
    with backstage():
        assert ReportSubscription.objects.count() == 1
    done = nobody.post(path, {"List-Unsubscribe": "One-Click"})
    assert "1 engagement is switched off" in done.text
    with backstage():
        assert not ReportSubscription.objects.exists()
    with as_person(cast, cast.campaign_manager):
        line = TrailEntry.objects.get(action="report.unsubscribed")
    assert (line.actor_name, line.before) == ("Clara Lind", {"cadence": "daily"})
    assert "You get no daily or weekly reports by mail" in nobody.post(path).text
    assert nobody.get(path.replace("/unsubscribe/", "/unsubscribe/x")).status_code == 404
    assert whose(unsubscribe_link(3)) == 3


def test_the_link_ends_them_also_for_who_may_not_see_the_engagement_any_more(cast: Cast) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    with backstage():
        Membership.objects.filter(user=cast.client_lead).update(ended_at="2026-03-12T23:30:00Z")
    done = Client().post(f"/reports/unsubscribe/{unsubscribe_link(cast.client_lead.pk)}/")
    assert "1 engagement is switched off" in done.text
    with backstage():
        assert not ReportSubscription.objects.exists()


def test_everybody_chooses_for_themselves_on_the_page(cast: Cast) -> None:
    live(cast)
    client = browser(cast.closer_lead)
    page = client.get(page_of(cast)).text
    assert "No report yet" in page
    client.post(page_of(cast, "evenings/subscribe/"), {"cadence": "weekly"})
    with backstage():
        (kept,) = ReportSubscription.objects.all()
    assert (kept.user, kept.side, kept.cadence) == (cast.closer_lead, "client", "weekly")
    assert client.post(page_of(cast, "evenings/subscribe/"), {"cadence": "hourly"}).status_code == 422
    client.post(page_of(cast, "evenings/subscribe/"), {"cadence": ""})
    with backstage():
        assert not ReportSubscription.objects.exists()


def test_many_versions_of_one_engagement_hide_nothing_of_another(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    other = elsewhere(cast, "America/New_York")
    with on_day(11, hour=19):
        beat(run_jobs)
    with on_day(11, hour=20):
        versions(reports(cast)[0], other, 15)
    with on_day(12, hour=13), context.entered(user_id=cast.client_lead.pk):
        found = unread_of(Engagement.objects.filter(pk__in=[cast.engagement.pk, other.pk]))
    assert [len(each) for each in found.values()] == [2, 2]


def test_many_versions_of_one_day_push_no_other_day_out_of_sight(
    cast: Cast, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(cast, 11, 12)
    subscribe(cast, cast.client_lead)
    for day in (11, 12):
        with on_day(day, hour=19):
            beat(run_jobs)
    versions(reports(cast)[1], cast.engagement, 9)
    monkeypatch.setattr("reports.selectors.rounds.LOOK_BACK", 4)
    with as_person(cast, cast.client_lead):
        told = told_days(cast.engagement)
    assert [told[day_of(cast, day)][0].version for day in (11, 12)] == [1, 9]


def versions(report: Deliverable, engagement: Engagement, last: int) -> None:
    """Further versions of a report."""
    with backstage():
        for version in range(2, last + 1):
            report.pk, report.public_id = None, uuid4()  # type: ignore[assignment]
            report.engagement, report.version, report.job = engagement, version, None
            report.save(force_insert=True)


def test_reading_is_noted_once_and_what_nobody_read_shows(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    with on_day(11, hour=19):
        beat(run_jobs)
    (report,) = reports(cast)
    path = page_of(cast, f"{report.public_id}/")
    overview = f"/e/{cast.engagement.public_id}/"
    with on_day(12, hour=9):
        reader = browser(cast.campaign_manager)
        assert reader.head(path).status_code == 200
        with backstage():
            assert not ReportReading.objects.exists()
        page = reader.get(path).text
        assert "Mara Voss" in page
        assert ("Made by itself" in page, "Asked for" in page) == (True, False)
        reader.get(path)
        with backstage():
            assert [(one.by_name, one.by_side) for one in ReportReading.objects.all()] == [
                ("Mara Voss", "operator")
            ]
        assert "Nobody of" not in reader.get(overview).text
    said = "Nobody of Harbour Homes has read the report of"
    with on_day(12, hour=12):
        assert said in browser(cast.campaign_manager).get(overview).text
        work = browser(cast.client_lead).get("/").text
        assert "End-of-day report, Thu 12 Mar" in work
        assert said in browser(cast.client_lead).get(page_of(cast)).text
    calls_of(cast, 12)
    with on_day(12, hour=19):
        beat(run_jobs)
        assert said in mail.outbox[-1].body
        browser(cast.client_lead).get(path)
        assert "Nobody of" not in browser(cast.client_lead).get(overview).text


def test_the_list_costs_the_same_with_more_reports(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11, 12)
    subscribe(cast, cast.client_lead)
    client = browser(cast.client_lead)
    counts = []
    for day in (11, 12):
        with on_day(day, hour=19):
            beat(run_jobs)
            client.get(page_of(cast, f"{reports(cast)[-1].public_id}/"))
            with CaptureQueriesContext(connection) as told:
                assert f"day {day}" in client.get(page_of(cast)).text
            counts.append(len(told))
    assert counts[0] == counts[1]
    with backstage():
        assert ReportMail.objects.count() == 2
