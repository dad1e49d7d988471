"""What counts as a root cause and as a fix, and when the baseline may be frozen: rules without a database."""

from dataclasses import replace
from datetime import date

import pytest

from common.days import Calendar
from kpis.rules import (
    FixFacts,
    FreezeFacts,
    action_gaps,
    cause_gaps,
    fix_gaps,
    freeze_blockers,
    review_blockers,
)

FIX = FixFacts(
    action="Dial the aged list from 17:00 to 20:00 local time",
    has_owner=True,
    due_on=date(2026, 4, 10),
    done_on=None,
    found_on=date(2026, 4, 1),
    launched_on=date(2026, 3, 12),
    today=date(2026, 4, 2),
)
FREEZE = FreezeFacts(
    calendar=Calendar(date(2026, 3, 2), date(2026, 3, 12)),
    cleared=True,
    today=date(2026, 3, 31),
    brief_version=1,
    dials=900,
)


@pytest.mark.parametrize(
    "action",
    [
        "Investigate",
        "Investigate the contact rate and the dialer settings of region B",
        "Look into dialling the list earlier",
        "We will look at it together",
        "Monitor the show rate and discuss it weekly",
        "Keep an eye on the closers",
        "Analyse the calls of the second week",
        "Review the numbers with the client",
        "Improve the contact rate",
        "Plan to look into it",
        "Follow up with the team",
        "tbd",
    ],
)
def test_looking_at_it_is_no_fix(action: str) -> None:
    assert any("is no fix" in reason for reason in action_gaps(action)), action


@pytest.mark.parametrize(
    "action",
    [
        "Dial the aged list from 17:00 to 20:00 local time",
        "Two closers cover 17:00 to 19:00",
        "Investigate why, and move the aged list to 17:00",
        "Moving the aged list to evenings, then monitor the rate",
        "Improve caller ID reputation: register all numbers with the carriers",
        "Flagged calls are reviewed in a team session and the script is updated",
        "Script version 3 certified for all agents",
    ],
)
def test_an_action_is_a_fix(action: str) -> None:
    assert action_gaps(action) == [], action


def test_a_fix_of_one_word_or_none_says_too_little() -> None:
    assert "too short" in action_gaps("Retrain")[0]
    assert action_gaps("  ") == ["Write what is done about it."]


def test_a_fix_has_an_owner_and_a_date_ahead_or_is_done() -> None:
    assert fix_gaps(FIX) == []
    assert fix_gaps(replace(FIX, due_on=None, done_on=date(2026, 4, 2))) == []
    assert fix_gaps(replace(FIX, has_owner=False)) == ["Name who owns the fix."]


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"due_on": None}, "Give the date"),
        ({"due_on": date(2026, 3, 31)}, "before the finding"),
        ({"due_on": date(2026, 4, 1)}, "has passed"),
        ({"due_on": date(2062, 4, 1)}, "more than 180 days"),
        ({"due_on": None, "done_on": date(2026, 4, 3)}, "in the future"),
        ({"due_on": None, "done_on": date(2026, 3, 11)}, "older than the launch"),
    ],
)
def test_a_date_that_cannot_be_is_refused_with_the_reason(dates: dict[str, date | None], words: str) -> None:
    assert words in " ".join(fix_gaps(replace(FIX, **dates)))


@pytest.mark.parametrize(
    "cause", ["unknown", "It is still unclear why", "We are investigating it", "to be determined"]
)
def test_not_knowing_is_no_root_cause(cause: str) -> None:
    assert any("names no cause" in gap for gap in cause_gaps(cause, has_side=True)), cause


def test_a_root_cause_is_a_statement_with_a_side() -> None:
    assert cause_gaps("No closer is free between 17:00 and 19:00", has_side=True) == []
    assert cause_gaps("Agents do not follow up within five minutes", has_side=False) == [
        "Say whose side the cause is on: operator, client or shared."
    ]
    assert len(cause_gaps("", has_side=False)) == 2


def test_the_baseline_is_frozen_from_day_30_on_with_a_brief_and_data_and_once() -> None:
    assert freeze_blockers(FREEZE) == []
    assert "Day 30 is Tue 31 Mar" in freeze_blockers(replace(FREEZE, today=date(2026, 3, 30)))[0]
    assert "may still move" in freeze_blockers(replace(FREEZE, cleared=False))[0]
    assert "no targets" in freeze_blockers(replace(FREEZE, brief_version=None))[0]
    assert freeze_blockers(replace(FREEZE, dials=None)) == ["No dials are imported for days 11 to 30."]
    assert "does not change" in freeze_blockers(replace(FREEZE, frozen_on=date(2026, 3, 31)))[0]


def test_a_moved_launch_moves_day_30() -> None:
    later = replace(FREEZE, calendar=FREEZE.calendar.with_launch(date(2026, 3, 15)))
    assert len(freeze_blockers(later)) == 1
    assert freeze_blockers(replace(later, today=date(2026, 4, 3))) == []


def test_a_review_waits_for_its_day() -> None:
    assert "Day 60 is" in review_blockers(60, FREEZE)[0]
    assert review_blockers(60, replace(FREEZE, today=date(2026, 4, 30))) == []
