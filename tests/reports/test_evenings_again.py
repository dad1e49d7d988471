"""A day that changed is told again soon: once, to nobody more than once an hour, whatever dies in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from accounts import trail
from accounts.models import User
from accounts.selectors import WORDS
from common import clock
from reports.models import ReportMail
from reports.services import rounds
from reports.snapshots import Kind
from tenancy import jobs
from tenancy.models import Job, JobState
from tests.factories import Cast
from tests.milestones.scene import as_person, on_day
from tests.reports.evening_scene import Jobs, beat, calls_of, change, live, reports, subscribe, weekly_on
from tests.stage import as_worker, backstage


@contextmanager
def on_minute(day: int, hour: int, minute: int) -> Iterator[None]:
    with on_day(day, hour=hour):
        moment = clock.now() + timedelta(minutes=minute)
    with time_machine.travel(moment, tick=False):
        yield


def figures_changed(cast: Cast, user: User, action: str = "import.finished") -> None:
    """Somebody's change of figures has left its line in the trail."""
    with as_person(cast, user):
        trail.record(by=cast.seat(user), action=action, subject="late.csv", engagement_id=cast.engagement.pk)


def waiting() -> list[Job]:
    with as_worker():
        return list(Job.objects.filter(handler=rounds.ROUND, key__contains=":changed:").order_by("pk"))


def first_evening(cast: Cast, run_jobs: Jobs, *days: int) -> None:
    live(cast, *days)
    subscribe(cast, cast.client_lead)
    with on_day(11, hour=19):
        beat(run_jobs)
    assert len(mail.outbox) == 1


def test_several_changes_in_one_go_are_one_round_and_one_mail(cast: Cast, run_jobs: Jobs) -> None:
    first_evening(cast, run_jobs, 11)
    with on_minute(11, 20, 5):
        change(cast, 11, contacts=80)
        figures_changed(cast, cast.supervisor)
    with on_minute(11, 20, 9):
        change(cast, 11, contacts=82)
        figures_changed(cast, cast.campaign_manager, "import.removed")
        assert len(waiting()) == 1
        beat(run_jobs)
        assert len(mail.outbox) == 1, "more may follow"
    with on_minute(11, 20, 20):
        beat(run_jobs)
        beat(run_jobs)
    assert len(mail.outbox) == 2
    letter = mail.outbox[1]
    assert letter.subject.startswith("Spring windows: restated: Thu 12 Mar · day 11")
    assert "Contacts: as told 70, now 82, change +12" in letter.body
    (html,) = letter.alternatives
    assert "! Restated" in html[0]
    assert [report.version for report in reports(cast)] == [1, 2]
    assert reports(cast)[1].created_by == cast.supervisor


def test_a_second_change_within_the_hour_waits_for_its_end(cast: Cast, run_jobs: Jobs) -> None:
    first_evening(cast, run_jobs, 11)
    for minute, contacts in ((5, 80), (25, 81)):
        with on_minute(11, 20, minute):
            change(cast, 11, contacts=contacts)
            figures_changed(cast, cast.supervisor)
        with on_minute(11, 20, minute + 15):
            beat(run_jobs)
    assert len(reports(cast)) == 3
    assert len(mail.outbox) == 2
    with on_minute(11, 21, 15):
        beat(run_jobs)
    assert len(mail.outbox) == 2, "the last one went out at 20:20"
    with on_minute(11, 21, 25):
        beat(run_jobs)
        beat(run_jobs)
    assert len(mail.outbox) == 3
    assert "contacts 80, now 81" in mail.outbox[2].body
    with backstage():
        assert [kept.number for kept in ReportMail.objects.order_by("number")] == [0, 1, 2]


def test_late_calls_of_a_missing_day_are_told_within_minutes(cast: Cast, run_jobs: Jobs) -> None:
    first_evening(cast, run_jobs)
    assert "no calls imported" in mail.outbox[0].subject
    with on_day(11, hour=21):
        calls_of(cast, 11)
        figures_changed(cast, cast.supervisor)
    with on_minute(11, 21, 15):
        beat(run_jobs)
    assert "late: Thu 12 Mar · day 11" in mail.outbox[1].subject
    assert "Dials: as told no data, now 500" in mail.outbox[1].body


def test_a_round_that_runs_twice_or_dies_halfway_makes_and_sends_everything_once(
    cast: Cast, run_jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(cast, 11, 12)
    subscribe(cast, cast.client_lead)
    for day in (11, 12):
        with on_day(day, hour=19):
            beat(run_jobs)
    change(cast, 11, contacts=80)
    change(cast, 12, contacts=81)
    with on_day(12, hour=20):
        figures_changed(cast, cast.supervisor)
    (job,) = waiting()
    make, calls = rounds._make, []

    def die_at_the_second(*args: object, **kwargs: object) -> object:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return make(*args, **kwargs)  # type: ignore[arg-type]

    with on_minute(12, 20, 15), monkeypatch.context() as patch, as_worker():
        patch.setattr(rounds, "_make", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            jobs.run(job.pk)
    assert len(reports(cast)) == 2, "half a round is none"
    with on_minute(12, 20, 20):
        with as_worker():
            assert [pk for pk, _ in jobs.due()] == [job.pk], "its lease has run out"
            assert jobs.run(job.pk) == JobState.DONE
            Job.objects.filter(pk=job.pk).update(state=JobState.QUEUED)
            assert jobs.run(job.pk) == JobState.DONE
        beat(run_jobs)
        beat(run_jobs)
    assert [report.version for report in reports(cast)] == [1, 2, 1, 2]
    assert len(mail.outbox) == 3
    assert mail.outbox[2].body.count("What changed since it was told") == 2


def test_a_change_while_the_round_runs_brings_another(cast: Cast, run_jobs: Jobs) -> None:
    first_evening(cast, run_jobs, 11)
    with on_day(11, hour=20):
        figures_changed(cast, cast.supervisor)
        with as_worker():
            Job.objects.filter(pk=waiting()[0].pk).update(state=JobState.RUNNING)
        figures_changed(cast, cast.supervisor)
        assert len(waiting()) == 2


def test_what_is_watched_for_is_in_the_trails_own_words() -> None:
    assert WORDS.keys() >= rounds.TOUCHES


def test_before_the_first_report_nothing_is_looked_at_again(cast: Cast) -> None:
    live(cast, 11)
    with on_day(11, hour=12):
        figures_changed(cast, cast.supervisor)
        assert waiting() == []


def test_calls_of_a_day_off_that_come_after_it_are_told_and_its_week_again(
    cast: Cast, run_jobs: Jobs
) -> None:
    with backstage():
        cast.engagement.work_weekdays = [1, 2, 3, 4, 5]
        cast.engagement.save(update_fields=["work_weekdays"])
    live(cast, 11, 12, 15)
    subscribe(cast, cast.client_lead)
    weekly_on(cast, 1)
    for day in (11, 12, 13, 14, 15):  # Thursday to Monday
        with on_day(day, hour=19):
            beat(run_jobs)
    assert [report.label for report in reports(cast)] == [
        "Thu 12 Mar · day 11", "Fri 13 Mar · day 12", "Mon 16 Mar · day 15",
    ]  # fmt: skip
    with on_day(16, hour=9):
        calls_of(cast, 13)
        figures_changed(cast, cast.supervisor)
    with on_minute(16, 9, 15):
        beat(run_jobs)
    late = reports(cast)[2]
    assert (late.label, late.news, late.version) == ("Sat 14 Mar · day 13", "late", 1)
    assert [(week.version, week.news) for week in reports(cast, Kind.WEEKLY)] == [(1, ""), (2, "restated")]
    assert "came after its evening" in mail.outbox[-1].body
    assert "Weekly trend summary, restated" in mail.outbox[-1].body
