"""Working days: contracted dates, forecasts, the plan's page, its lock and the launch plan on paper follow them."""

from datetime import date, timedelta

import pytest
from django.test import Client

from common.days import WhenOff
from engagements.models import Engagement
from engagements.work import WorkRules, keep_work_rules, work_blockers
from milestones import services
from milestones.models import Gate, Milestone
from milestones.selectors.standing import standing_of
from reports.launch_plan import work_lines
from reports.models import Kind
from reports.selectors.snapshot import take_snapshot
from reports.snapshots import freeze, thaw, work_days
from tests.factories import Cast
from tests.milestones.scene import as_person, locked, on_day, planned
from tests.stage import backstage

OFFICE = WorkRules((1, 2, 3, 4, 5), "US", "", WhenOff.NEXT)


def office(cast: Cast, rules: WorkRules = OFFICE) -> Engagement:
    """The cast's engagement, kicked off on Monday 2 March 2026, works from Monday to Friday."""
    with backstage():
        keep_work_rules(cast.engagement, rules)
        cast.engagement.save()
    return cast.engagement


def test_forecast_and_contracted_dates_follow_the_rule(cast: Cast) -> None:
    office(cast)
    locked(cast)
    with as_person(cast, cast.campaign_manager):
        dates = dict(Milestone.objects.values_list("code", "contracted_on"))
        assert dates["stack-ready"] == date(2026, 3, 9), "day 7 is a Sunday"
        assert dates["roster-cleared"] == date(2026, 3, 11), "day 10 is a Wednesday"
        assert dates["patterns"] == date(2026, 3, 23), "day 21 is a Sunday"
        gate = Gate.objects.get(code="day-30")
        assert gate.contracted_on == gate.forecast_on == date(2026, 3, 31)


def test_what_moved_to_monday_is_late_on_tuesday_only(cast: Cast) -> None:
    office(cast)
    locked(cast)
    for day, state in ((7, "blocked"), (8, "blocked"), (9, "late")):
        with on_day(day), as_person(cast, cast.campaign_manager):
            standing = standing_of(cast.engagement)
            item = next(each for each in standing.milestones if each.code == "stack-ready")
            assert standing.milestone_state(item) == state, day


def test_a_moved_launch_places_due_dates_anew(cast: Cast) -> None:
    office(cast)
    planned(cast)
    with on_day(2), as_person(cast, cast.campaign_manager):
        services.move_launch(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), launch=date(2026, 3, 13),
            reason="The dialer arrives a day later.", side="operator",
        )  # fmt: skip
        engagement = Engagement.objects.get(pk=cast.engagement.pk)
        for item in Milestone.objects.filter(day__gte=11):
            assert item.forecast_on == engagement.calendar.due(item.day)
            assert engagement.calendar.work.works(item.forecast_on)


def test_other_working_days_are_another_timeline(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.campaign_manager):
        before = standing_of(cast.engagement).digest
    office(cast)
    with as_person(cast, cast.campaign_manager):
        assert standing_of(cast.engagement).digest != before


def test_the_plan_says_which_days_are_worked_and_what_moved(cast: Cast, client: Client) -> None:
    office(cast)
    planned(cast)
    client.force_login(cast.client_lead)
    with on_day(1):
        page = client.get(f"/e/{cast.engagement.public_id}/plan/").text
    assert "Due dates fall on Monday to Friday. The public holidays of United States are days off." in page
    assert "Memorial Day" in page
    assert "a day off" in page
    assert "which this plan keeps" in page


def test_without_rules_the_plan_says_so_and_nothing_moves(cast: Cast, client: Client) -> None:
    planned(cast)
    client.force_login(cast.client_lead)
    with on_day(1):
        page = client.get(f"/e/{cast.engagement.public_id}/plan/").text
    assert "Due dates may fall on any day of the week, public holidays too." in page
    assert "moved from" not in page


def test_the_launch_plan_on_paper_keeps_the_rule(cast: Cast) -> None:
    office(cast)
    planned(cast)
    with on_day(1), as_person(cast, cast.campaign_manager):
        snapshot = take_snapshot(Engagement.objects.get(pk=cast.engagement.pk), Kind.LAUNCH_PLAN, version=1)
    again = thaw(freeze(snapshot))
    assert again == snapshot
    assert work_days(again) == cast.engagement.work
    said = " ".join(work_lines(again))
    assert "Monday to Friday" in said and "(Memorial Day)" in said
    stack = next(item for item in snapshot.plan if item.code == "stack-ready")
    assert stack.forecast == date(2026, 3, 9)


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (WorkRules(()), "Name at least one weekday"),
        (WorkRules((0, 8)), "Name at least one weekday"),
        (WorkRules(country="XX"), "is no country"),
        (WorkRules(country="DE", subdivision="CA"), "is none of Germany's"),
        (WorkRules(country="SG", subdivision="X"), "has no states or regions"),
        (WorkRules(subdivision="CA"), "Choose the country"),
    ],
)
def test_rules_that_cannot_be_kept_say_why(rules: WorkRules, reason: str) -> None:
    assert any(reason in each for each in work_blockers(rules))


def test_holidays_are_kept_with_their_names_as_far_as_a_plan_reaches(cast: Cast) -> None:
    engagement = office(cast, WorkRules(country="DE", subdivision="BY"))
    assert engagement.holidays["2026-06-04"] == "Corpus Christi"
    assert max(engagement.holidays) > (engagement.kickoff_on + timedelta(days=300)).isoformat()
