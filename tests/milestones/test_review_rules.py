"""When reviews are, when they count as held, and what an action is."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from milestones.rules.reviews import (
    ActionFacts,
    Attendee,
    ClosingFacts,
    EndFacts,
    HeldFacts,
    MoveFacts,
    action_gaps,
    closing_blockers,
    days_looked_at,
    done_blockers,
    drop_blockers,
    monthly_reviews,
    move_blockers,
    starts_at,
    weekly_reviews,
)
from tests.milestones.scene import CALENDAR

DAY_14 = CALENDAR.date_of(14)
CHAIRS = (
    Attendee("campaign_manager", "operator", "Mara Voss", ("Mara Voss",)),
    Attendee("qa_lead", "operator", "Quinn Adler", ("Quinn Adler",)),
)
CLOSING = ClosingFacts(
    title="Day-14 review", code="day-14", day=14, of_a_day=True, closed=False, cancelled=False, cleared=True,
    calendar=CALENDAR, due=DAY_14, today=DAY_14, held_on=DAY_14, text="What was said.", attendance=CHAIRS, actions=1,
)  # fmt: skip
MOVE = MoveFacts(
    title="Day-14 review", held=False, cancelled=False, day=14, calendar=CALENDAR, due=DAY_14,
    today=CALENDAR.date_of(11), was=DAY_14, on=DAY_14, reason="",
)  # fmt: skip
ACTION = ActionFacts("Move the second attempts to the evening.", True, DAY_14 + timedelta(days=3), DAY_14)
END = EndFacts(
    "Move it", open=True, own=True, manages=False, side="operator", owner_side="operator", said="Seen."
)


def test_the_rhythm_leaves_room_for_the_reviews_of_days() -> None:
    days = [review.day for review in weekly_reviews([14, 30, 45, 60, 90])]
    assert days == [18, 25, 39, 53, 67, 74, 81]
    assert [review.day for review in monthly_reviews(3)] == [120, 150, 180]
    assert len({review.code for review in (*weekly_reviews([]), *monthly_reviews())}) == 17


def test_the_same_local_time_through_the_change_of_clocks() -> None:
    zone = "America/New_York"
    before, after = (starts_at(date(2026, 3, day), time(10), zone) for day in (7, 8))
    assert (after.astimezone(ZoneInfo("UTC")) - before.astimezone(ZoneInfo("UTC"))) == timedelta(hours=23)


def test_a_review_can_be_closed_when_everything_is_there() -> None:
    assert closing_blockers(CLOSING) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"closed": True}, "corrected by an addendum"),
        ({"cancelled": True}, "was cancelled"),
        ({"text": " . "}, "Write the minutes"),
        ({"actions": 0}, "ends in an action plan"),
        ({"held_on": None}, "Say on which date"),
        ({"held_on": DAY_14 + timedelta(days=1)}, "in the future"),
        ({"held_on": CALENDAR.date_of(10)}, "cannot have taken place before"),
        ({"cleared": False}, "The day-10 gate has not passed"),
        ({"attendance": (replace(CHAIRS[0], name=""), CHAIRS[1])}, "campaign manager, Mara Voss, is missing"),
        ({"attendance": (Attendee("executive", "client", "", ()),)}, "nobody on the team has this role"),
        ({"attendance": (replace(CHAIRS[0], name="Quinn Adler"), CHAIRS[1])}, "cannot stand in for somebody"),
    ],
)  # fmt: skip
def test_what_keeps_the_minutes_open(change: dict[str, object], said: str) -> None:
    reasons = closing_blockers(replace(CLOSING, **change))
    assert any(said in reason for reason in reasons), reasons


def test_a_substitute_fills_the_chair() -> None:
    stood_in = replace(CHAIRS[1], name="Sam Okafor")
    assert stood_in.substitute
    assert closing_blockers(replace(CLOSING, attendance=(CHAIRS[0], stood_in))) == []


def test_a_weekly_review_asks_for_somebody_and_not_for_everybody() -> None:
    weekly = replace(CLOSING, code="week-1", day=18, of_a_day=False, actions=0, held_on=DAY_14)
    one = (CHAIRS[0], replace(CHAIRS[1], name=""))
    assert closing_blockers(replace(weekly, attendance=one)) == []
    nobody = tuple(replace(chair, name="") for chair in CHAIRS)
    assert "Nobody attended" in closing_blockers(replace(weekly, attendance=nobody))[0]


def test_the_review_of_a_day_is_not_held_weeks_before_it() -> None:
    early = replace(CLOSING, code="day-45", day=45, due=CALENDAR.date_of(45))
    assert "can take place 7 days before at most" in closing_blockers(early)[0]


def test_a_review_on_its_own_day_needs_no_reason() -> None:
    assert move_blockers(MOVE) == []


def test_an_agreed_review_may_come_earlier_or_stay_where_it_stands() -> None:
    agreed = replace(MOVE, agreed=True, reason="holiday")
    late = DAY_14 + timedelta(days=3)
    assert move_blockers(replace(agreed, on=DAY_14 - timedelta(days=1))) == []
    assert move_blockers(replace(agreed, was=late, on=late)) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"on": DAY_14 + timedelta(days=1)}, "Say why it moves"),
        ({"held": True}, "its date stands"),
        (
            {"on": DAY_14 + timedelta(days=1), "agreed": True, "reason": "holiday"},
            "Day 14 is Sun 15 Mar, and both sides have locked it: propose a later date",
        ),
        ({"cancelled": True}, "was cancelled"),
        ({"on": CALENDAR.date_of(10), "today": CALENDAR.date_of(5), "reason": "holiday"}, "launches"),
        ({"on": CALENDAR.date_of(10), "reason": "holiday"}, "from today on"),
        (
            {"day": 45, "due": CALENDAR.date_of(45), "reason": "early"},
            "Day 45 is Wed 15 Apr: it can be at most 7 days before",
        ),
        (
            {"due": CALENDAR.date_of(45), "reason": "early"},
            "It is agreed for Wed 15 Apr: it can be at most 7 days before",
        ),
        ({"on": DAY_14 + timedelta(days=90), "reason": "late"}, "check the year"),
    ],
)
def test_where_a_review_cannot_be_put(change: dict[str, object], said: str) -> None:
    assert any(said in reason for reason in move_blockers(replace(MOVE, **change)))


def test_an_action_says_what_who_and_by_when() -> None:
    assert action_gaps(ACTION) == []
    assert len(action_gaps(ActionFacts("", has_owner=False, due_on=None, today=DAY_14))) == 3


@pytest.mark.parametrize(
    "text", ["Look into the bought list.", "Monitor the contact rate closely", "Retrain"]
)
def test_a_vague_action_is_refused(text: str) -> None:
    assert action_gaps(replace(ACTION, text=text))


@pytest.mark.parametrize("days", [-1, 200])
def test_a_deadline_lies_ahead_and_within_reach(days: int) -> None:
    assert action_gaps(replace(ACTION, due_on=DAY_14 + timedelta(days=days)))


def test_who_marks_an_action_as_done() -> None:
    assert done_blockers(END) == []
    assert done_blockers(replace(END, own=False, manages=True)) == []
    assert done_blockers(replace(END, own=False, manages=True, side="client"))
    assert done_blockers(replace(END, own=False))
    assert done_blockers(replace(END, said="."))
    assert done_blockers(replace(END, open=False))


def test_both_sides_drop_an_action() -> None:
    asks = replace(END, manages=True, said="Not needed any more.")
    assert drop_blockers(asks) == []
    assert drop_blockers(replace(asks, manages=False))
    assert drop_blockers(replace(asks, said=""))
    assert drop_blockers(replace(asks, drop_side="operator"))
    assert drop_blockers(replace(asks, drop_side="client", said="")) == []


HELD = (
    HeldFacts("day", CALENDAR.date_of(14)),
    HeldFacts("weekly", CALENDAR.date_of(24)),
    HeldFacts("day", CALENDAR.date_of(31)),
    HeldFacts("day", CALENDAR.date_of(90)),
    HeldFacts("monthly", CALENDAR.date_of(121)),
)


@pytest.mark.parametrize(
    ("kind", "day", "held", "first"),
    [
        ("day", 14, HELD, 11),
        ("day", 30, HELD, 11),
        ("day", 45, HELD, 31),
        ("weekly", 25, HELD, 25),
        ("weekly", 39, HELD, 32),
        ("weekly", 18, (), 11),
        ("weekly", 18, HELD[1:], 11),
        ("monthly", 120, HELD, 91),
        ("monthly", 150, HELD, 122),
        ("monthly", 120, (), 91),
    ],
)
def test_a_review_of_a_rhythm_goes_on_where_the_last_one_ended(
    kind: str, day: int, held: tuple[HeldFacts, ...], first: int
) -> None:
    on = CALENDAR.date_of(day)
    found = days_looked_at(kind, day, on=on, today=on, calendar=CALENDAR, held=held)
    assert found == (CALENDAR.date_of(first), on)


def test_a_review_looks_at_no_day_that_has_not_come_and_at_none_before_the_launch() -> None:
    on = CALENDAR.date_of(25)
    early = days_looked_at("weekly", 25, on=on, today=CALENDAR.date_of(20), calendar=CALENDAR, held=HELD[:1])
    assert early == (CALENDAR.date_of(15), CALENDAR.date_of(20))
    assert days_looked_at("weekly", 25, on=on, today=CALENDAR.date_of(9), calendar=CALENDAR, held=()) is None
    assert days_looked_at("day", 5, on=on, today=on, calendar=CALENDAR, held=()) is None
