"""The engagement chooses on which weekday its week ends; no day is told twice or left out when it changes its mind."""

from datetime import UTC, date, datetime

from django.core import mail
from django.test import Client

from accounts.models import TrailEntry
from engagements.models import CampaignBrief, Engagement
from reports.selectors.rounds import weekday
from reports.snapshots import Kind
from tests.factories import Cast
from tests.kpis.scene import sign_brief
from tests.milestones.scene import as_person, on_day
from tests.reports.evening_scene import Jobs, beat, live, reports, subscribe, weekly_on
from tests.stage import backstage

TUESDAY, FRIDAY, SATURDAY, SUNDAY = 2, 5, 6, 7


def weeks(cast: Cast) -> list[tuple[date, date]]:
    found = reports(cast, Kind.WEEKLY)
    return [
        (date.fromisoformat(one.snapshot["first"]), date.fromisoformat(one.snapshot["last"])) for one in found
    ]


def test_weeks_follow_one_another_when_the_weekday_changes(cast: Cast, run_jobs: Jobs) -> None:
    with backstage():
        cast.engagement.work_weekdays = [4]  # there is little to tell but the weeks
        cast.engagement.save(update_fields=["work_weekdays"])
    live(cast, 11)
    subscribe(cast, cast.client_lead, cadence="weekly")
    changes = {11: FRIDAY, 21: SUNDAY, 29: TUESDAY}
    for day in range(11, 38):
        if day in changes:
            weekly_on(cast, changes[day], day=day)
        with on_day(day, hour=19):
            beat(run_jobs, turns=2 if day in (19, 28, 37) else 1)
    # From the launch to the second Friday; then not two days to the next Sunday, but nine to the one after it.
    assert weeks(cast) == [
        (date(2026, 3, 12), date(2026, 3, 20)),
        (date(2026, 3, 21), date(2026, 3, 29)),
        (date(2026, 3, 30), date(2026, 4, 7)),
    ]
    assert [report.version for report in reports(cast, Kind.WEEKLY)] == [1, 1, 1]
    assert len(mail.outbox) == 3


def test_where_nothing_is_chosen_the_last_calling_day_of_the_brief_counts(cast: Cast) -> None:
    sign_brief(cast)
    with as_person(cast, cast.client_lead):
        assert weekday(cast.engagement) == FRIDAY, "its brief does not say, and it works every day"
    hours = [
        {"region": "Texas", "days": [0, 1, 2, 3, 4, 5], "hours": [[540, 1200]]},
        {"region": "Ohio", "days": [0, 1], "hours": [[540, 1200]]},
    ]
    with backstage():
        CampaignBrief.objects.create(
            engagement=cast.engagement, version=2, terms={"calling_hours": {"rows": hours}}, content_hash="2" * 64,
            created_by=cast.campaign_manager, signed_at=datetime(2026, 3, 5, tzinfo=UTC),
        )  # fmt: skip
    with as_person(cast, cast.client_lead):
        assert weekday(cast.engagement) == SATURDAY


def test_the_page_sets_it_and_says_when_the_next_one_comes(cast: Cast) -> None:
    live(cast, 11)
    client = Client()
    client.force_login(cast.campaign_manager)
    page = f"/e/{cast.engagement.public_id}/deliverables/evenings/"
    with on_day(15, hour=12):
        assert "The next summary is made on the evening of" in client.get(page).text
        done = client.post(f"{page}hour/", {"at": "17:00", "weekly_on": "2"}, follow=True)
        assert "the week&#x27;s summary on Tuesday" in done.text
        refused = client.post(f"{page}hour/", {"at": "17:00", "weekly_on": "8"})
        assert refused.status_code == 422
        assert "17:00" in refused.text
    with backstage():
        kept = Engagement.objects.get(pk=cast.engagement.pk)
    assert (kept.weekly_on, f"{kept.report_at:%H:%M}") == (TUESDAY, "17:00")
    with as_person(cast, cast.campaign_manager):
        line = TrailEntry.objects.get(action="report.hour_set")
    assert (line.before["weekly_on"], line.after["weekly_on"]) == ("last calling day", TUESDAY)
