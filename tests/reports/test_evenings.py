"""The evening's reports: made once, sent once, told again when they change, and read by somebody."""

import pytest
from django.core import mail

from reports.models import ReportMail
from reports.snapshots import Kind
from tests.factories import Cast
from tests.milestones.scene import on_day
from tests.reports.evening_scene import Jobs, beat, calls_of, change, live, reports, subscribe, weekly_on
from tests.stage import backstage

SUNDAY = 7


def test_an_evening_brings_one_report_and_one_mail_to_each_subscriber(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead, cast.campaign_manager)
    with on_day(11, hour=18):
        assert beat(run_jobs) == [], "the evening begins at half past six"
    with on_day(11, hour=19):
        assert set(beat(run_jobs)) == {"done"}
        assert beat(run_jobs) == []
    (report,) = reports(cast)
    assert (str(report), report.news, report.pages is not None) == (
        "End-of-day report, Thu 12 Mar · day 11", "", True,
    )  # fmt: skip
    assert sorted(letter.to[0] for letter in mail.outbox) == ["clara@example.org", "mara@example.org"]
    letter = next(one for one in mail.outbox if one.to == ["clara@example.org"])
    assert letter.subject == "Spring windows: Thu 12 Mar · day 11 (calibration), 500 dials"
    assert f"/e/{cast.engagement.public_id}/deliverables/{report.public_id}/" in letter.body
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with backstage():
        assert [kept.items for kept in ReportMail.objects.all()] == [[str(report.public_id)]] * 2


def test_a_missing_upload_is_the_news_and_its_calls_are_told_late(cast: Cast, run_jobs: Jobs) -> None:
    live(cast)
    subscribe(cast, cast.client_lead)
    with on_day(11, hour=19):
        beat(run_jobs)
    (letter,) = mail.outbox
    assert letter.subject == "Spring windows: Thu 12 Mar · day 11 (calibration), no calls imported"
    assert "No calls have been imported for Thu 12 Mar · day 11." in letter.body
    calls_of(cast, 11)
    with on_day(11, hour=22):
        assert beat(run_jobs) == [], "it is looked at again in the morning"
    with on_day(12, hour=7):
        beat(run_jobs)
    assert len(mail.outbox) == 2
    assert mail.outbox[1].subject.startswith("Spring windows: late: Thu 12 Mar · day 11 (calibration)")
    assert [report.news for report in reports(cast)] == ["missing", "late"]


def test_a_restated_day_is_sent_again_once(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    with on_day(11, hour=19):
        beat(run_jobs)
    change(cast, 11, contacts=80)
    for hour in (7, 8):
        with on_day(12, hour=hour):
            beat(run_jobs)
    assert len(mail.outbox) == 2
    assert "restated: Thu 12 Mar · day 11" in mail.outbox[1].subject
    assert "contacts 70, now 80" in mail.outbox[1].body
    assert [report.version for report in reports(cast)] == [1, 2]


def test_the_chosen_weekday_adds_the_week_in_the_same_mail(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11, 12, 13, 14)
    weekly_on(cast, SUNDAY)
    subscribe(cast, cast.client_lead)
    subscribe(cast, cast.campaign_manager, cadence="weekly")
    for day in (11, 12, 13, 14):
        with on_day(day, hour=19):
            beat(run_jobs)
    assert len(reports(cast, Kind.WEEKLY)) == 1
    assert len([one for one in mail.outbox if one.to == ["clara@example.org"]]) == 4
    (letter,) = [one for one in mail.outbox if one.to == ["mara@example.org"]]
    assert "Weekly trend summary" in letter.body
    assert "End-of-day report" not in letter.body


@pytest.mark.parametrize("cadence", ["daily", "weekly"])
def test_nobody_is_sent_what_was_made_before_they_asked(cast: Cast, run_jobs: Jobs, cadence: str) -> None:
    live(cast, 11)
    subscribe(cast, cast.client_lead)
    with on_day(11, hour=19):
        beat(run_jobs)
    subscribe(cast, cast.campaign_manager, cadence=cadence, day=11, hour=20)
    with on_day(11, hour=21):
        assert beat(run_jobs) == []
    assert len(mail.outbox) == 1


def test_an_evening_that_no_worker_held_is_made_up_for_at_the_next(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11, 12, 13)
    subscribe(cast, cast.client_lead)
    for day in (11, 13):
        with on_day(day, hour=19):
            beat(run_jobs)
    told = [(report.label, report.news) for report in reports(cast)]
    assert told == [("Thu 12 Mar · day 11", ""), ("Fri 13 Mar · day 12", ""), ("Sat 14 Mar · day 13", "")]
    assert len(mail.outbox) == 2
    assert mail.outbox[1].body.count("End-of-day report") == 2


def test_evenings_before_somebody_asked_are_not_made_up_for(cast: Cast, run_jobs: Jobs) -> None:
    live(cast, 11, 12, 13)
    subscribe(cast, cast.client_lead, day=13)
    with on_day(13, hour=19):
        beat(run_jobs)
    assert [report.label for report in reports(cast)] == ["Sat 14 Mar · day 13"]
