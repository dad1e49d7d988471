"""The dials of days 11 to 14 are checked against their windows: every day judged, every violation answered."""

# ruff: noqa: F811  a fixture's name is an argument's

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine

from engagements.models import Engagement
from kpis.selectors.window_days import open_days, standing_window_gaps, unjudged_days, window_gaps
from kpis.services import windows
from kpis.windows.launch import LaunchDials, OutsideDay, launch_gaps
from kpis.windows.rules import shipped
from tests.factories import Cast
from tests.kpis.samples import own
from tests.kpis.test_imports_service import Desk, _today, desk  # noqa: F401  (fixtures)

DAY, NEXT = date(2026, 3, 12), date(2026, 3, 13)  # days 11 and 12 of the cast's engagement
Run = Callable[[], list[str]]
HELD = LaunchDials(calls=True, over=True)
OUTSIDE = " lay outside of the calling window, and nobody has said how that came about and what was done."


@pytest.mark.parametrize(
    ("change", "gaps"),
    [
        ({}, []),
        (
            {"calls": False, "over": False},
            ["No call of days 11 to 14 is in yet, so none was checked against its window."],
        ),
        ({"over": False}, ["The launch is supervised until day 14: calls can still come."]),
        (
            {"unjudged": [DAY, NEXT]},
            [
                "The calls of Thu 12 Mar and Fri 13 Mar were not checked against their windows yet: that follows in "
                "the background after every import and every change of the rules."
            ],
        ),
        (
            {"unanswered": [OutsideDay(DAY, 1), OutsideDay(NEXT, 12)]},
            [f"1 call of Thu 12 Mar{OUTSIDE}", f"12 calls of Fri 13 Mar{OUTSIDE}"],
        ),
    ],
)
def test_what_keeps_the_dials_from_being_held_against_their_windows(
    change: dict[str, object], gaps: list[str]
) -> None:
    assert launch_gaps(replace(HELD, **change)) == gaps  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (OutsideDay(DAY, 2), "2 calls of Thu 12 Mar lay outside of the calling window"),
        (
            OutsideDay(DAY, 0, 1, ("Indiana",)),
            "1 call of Thu 12 Mar went to Indiana, which the brief excludes",
        ),
        (
            OutsideDay(DAY, 1, 3, ("Indiana", "Ohio")),
            "1 call of Thu 12 Mar lay outside of the calling window and 3 more went to Indiana and Ohio, "
            "which the brief excludes",
        ),
    ],
)
def test_a_day_says_which_of_its_calls_are_to_be_answered_for(day: OutsideDay, told: str) -> None:
    assert day.sentence == f"{told}, and nobody has said how that came about and what was done."


def standing(engagement: Engagement) -> list[str]:
    """What stands against the dials of the launch that are in."""
    pk, asked = engagement.pk, [engagement]
    return standing_window_gaps(engagement, unjudged_days(asked)[pk], open_days(asked)[pk])


@pytest.mark.django_db
def test_the_milestone_waits_for_every_verdict_and_every_answer(
    cast: Cast, desk: Desk, run_jobs: Run
) -> None:
    engagement = cast.engagement

    def gaps() -> list[str]:
        with desk.at():
            return window_gaps(engagement)

    def stands() -> list[str]:
        with desk.at():
            return standing(engagement)

    def answer(seen: int) -> None:
        with desk.at():
            windows.answer_day(
                engagement=engagement, by=cast.seat(cast.campaign_manager), day=DAY, seen=seen, done_on=DAY,
                cause="The list went out by the clock of the server.", action="The clock was set.",
            )  # fmt: skip

    def log(*times: str) -> bytes:
        rows = [{"call_id": at, "called_at": at, "phone": "+12125550101"} for at in times]
        return own(rows)

    with time_machine.travel(datetime(2026, 3, 15, 20, tzinfo=UTC), tick=False):
        assert gaps()[0].startswith("No call") and stands() == []
        desk.bring_in(log("2026-03-12T07:00:00", "2026-03-12T10:00:00"))
        assert gaps() == stands() == launch_gaps(replace(HELD, unjudged=[DAY]))
        run_jobs()
        assert gaps() == stands() == [f"1 call of Thu 12 Mar{OUTSIDE}"]
        answer(1)
        assert gaps() == stands() == []
        # A call that comes in later opens the day again, and so does a rule that another one stands in place of.
        desk.bring_in(log("2026-03-12T07:10:00"))
        run_jobs()
        assert gaps() == stands() == [f"2 calls of Thu 12 Mar{OUTSIDE}"]
        answer(2)
        with desk.at():
            windows.change_rule(
                engagement=engagement, by=cast.seat(cast.campaign_manager), code=shipped()[0].code, rule=None,
                reason="Everybody called asked for it in writing.", seen=0,
            )  # fmt: skip
        assert gaps() == launch_gaps(replace(HELD, unjudged=[DAY]))
        run_jobs()
        assert gaps() == stands() == []


@pytest.mark.django_db
def test_days_beyond_the_supervised_launch_ask_nothing(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    with time_machine.travel(datetime(2026, 3, 20, 20, tzinfo=UTC), tick=False):
        desk.bring_in(own([{"called_at": "2026-03-17T07:00:00", "phone": "+12125550101"}]))
        run_jobs()
        with desk.at():
            assert standing(cast.engagement) == []
            assert open_days([cast.engagement]) == {cast.engagement.pk: [OutsideDay(date(2026, 3, 17), 1)]}
            assert window_gaps(cast.engagement) == launch_gaps(LaunchDials(calls=False, over=True))
