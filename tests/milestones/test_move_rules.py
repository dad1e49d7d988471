"""What moves with a date, and when a date may not move."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from common.days import Calendar
from milestones.rules.moves import (
    AnswerFacts,
    DateWish,
    PlannedItem,
    answer_blockers,
    ripple,
    unasked_move_blockers,
    wish_blockers,
)

KICKOFF = date(2026, 3, 2)
CALENDAR = Calendar.contracted(KICKOFF)


def on(day: int) -> date:
    return CALENDAR.date_of(day)


def milestone(code: str, day: int, *after: str, gate: str = "day-10", closed: bool = False) -> PlannedItem:
    return PlannedItem(
        key=f"milestone-{code}", kind="milestone", title=code, day=day, on=on(day), gate=f"gate-{gate}",
        after=tuple(f"milestone-{each}" for each in after), closed=closed, done=closed,
    )  # fmt: skip


def gate(day: int, *, passed: bool = False) -> PlannedItem:
    return PlannedItem(f"gate-day-{day}", "gate", f"Gate {day}", day, on(day), closed=passed)


ITEMS = [
    milestone("brief", 3, closed=False),
    milestone("crm", 5, "brief"),
    milestone("ready", 7, "crm"),
    milestone("script", 8),
    gate(10),
    milestone("calls", 12, gate="day-30"),
    milestone("baseline", 30, gate="day-30"),
    gate(30),
    gate(60),
]


def moved(key: str, to_on: date, items: list[PlannedItem] = ITEMS) -> dict[str, int]:
    return {move.key: move.days for move in ripple(items, key, to_on, CALENDAR)}


def test_what_waits_for_an_item_moves_with_it_and_nothing_else() -> None:
    assert moved("milestone-brief", on(5)) == {"milestone-brief": 2, "milestone-crm": 2, "milestone-ready": 2}


def test_an_earlier_date_takes_nothing_along() -> None:
    assert moved("milestone-crm", on(4)) == {"milestone-crm": -1}


def test_what_is_done_stays() -> None:
    items = [replace(item, closed=item.key == "milestone-crm") for item in ITEMS]
    assert moved("milestone-brief", on(4), items) == {"milestone-brief": 1}


def test_an_item_beyond_its_gate_moves_the_gate_and_the_launch_with_every_date_after_it() -> None:
    later = on(10) + timedelta(days=2)
    assert moved("milestone-script", later) == {
        "milestone-script": 4, "gate-day-10": 2, "launch": 2,
        "milestone-calls": 2, "milestone-baseline": 2, "gate-day-30": 2, "gate-day-60": 2,
    }  # fmt: skip


def test_a_later_gate_moves_only_itself() -> None:
    assert moved("milestone-baseline", on(33)) == {"milestone-baseline": 3, "gate-day-30": 3}


def test_the_launch_takes_everything_from_day_11_on_along() -> None:
    assert moved("launch", CALENDAR.launch + timedelta(days=4)) == {
        "launch": 4, "milestone-calls": 4, "milestone-baseline": 4, "gate-day-30": 4, "gate-day-60": 4,
    }  # fmt: skip


def wish(key: str = "milestone-script", **change: Any) -> DateWish:
    item = next((each for each in ITEMS if each.key == key), None)
    asked = DateWish(
        key=key, title=item.title if item else "Launch", on=item.on if item else CALENDAR.launch, to_on=on(9),
        contracted=item.on if item else CALENDAR.launch, reason="The recordings came late.", today=on(4), cleared=False,
        calendar=CALENDAR,
    )  # fmt: skip
    return replace(asked, **change)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (wish(), ""),
        (wish("launch", to_on=date(2026, 3, 16)), ""),
        (wish(to_on=on(8)), "That is its date already."),
        (wish(to_on=on(3)), "must not lie in the past"),
        (wish(reason=" late "), "Say in a sentence why the date moves"),
        (wish(to_on=date(2027, 3, 9)), "180 days after the contracted date: check the year"),
        (wish("milestone-brief", to_on=date.max), "check the year"),
        (wish("milestone-ready", to_on=on(4)), "It waits for “crm”, which is due 6 March 2026."),
        (wish("milestone-calls", to_on=on(10)), "It comes after the launch of 12 March 2026."),
        (wish("gate-day-10", to_on=on(7)), "before what it waits for: “script”"),
        (wish("gate-day-30", to_on=on(29)), "before its days are over"),
        (wish("milestone-baseline", to_on=on(61)), "would come to lie after “Gate 60”"),
        (wish("launch", to_on=date(2026, 3, 11)), "The launch cannot come before 12 March 2026"),
        (wish("launch", to_on=on(4)), "The new launch date must lie after today."),
        (wish("launch", to_on=date(2026, 3, 16), cleared=True), "the launch date stands"),
    ],
)
def test_when_a_date_may_not_move(asked: DateWish, reason: str) -> None:
    found = " ".join(wish_blockers(asked, ITEMS))
    assert (reason in found) if reason else found == ""


def test_what_is_done_or_behind_a_passed_gate_keeps_its_date() -> None:
    done = [replace(item, closed=True, done=True) for item in ITEMS]
    behind = [replace(item, closed=True) for item in ITEMS]
    assert wish_blockers(wish(), done) == ["“script” is done: its date stands."]
    assert wish_blockers(wish(), behind) == ["“script” belongs to a gate that has passed: its date stands."]


def test_only_a_launch_that_cannot_be_kept_moves_on_one_word_and_not_far() -> None:
    asked = wish("launch", to_on=date(2026, 3, 16))
    assert "propose the new launch date" in unasked_move_blockers(replace(asked, today=on(9)))[0]
    assert unasked_move_blockers(replace(asked, today=on(10))) == []
    assert "propose the new" in unasked_move_blockers(replace(asked, today=on(10), cleared=True))[0]
    far = replace(asked, today=on(10), to_on=on(10) + timedelta(days=15))
    assert "at the latest" in unasked_move_blockers(far)[0]


ASKED = AnswerFacts("accepted", "", "", "client", "operator", in_effect=False, stale=False)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"given": "declined", "given_by": "Clara Lind"}, "declined already by Clara Lind"),
        ({"by_side": "operator"}, "the other side answers"),
        ({"stale": True}, "The date has changed since this was proposed"),
        ({"stale": True, "in_effect": True}, ""),
        ({"answer": "declined", "reason": "no"}, "Say in a sentence why"),
        ({"answer": "declined", "reason": "Our campaign starts then.", "stale": True}, ""),
        ({"answer": "withdrawn"}, "Only the side that has proposed"),
        ({"answer": "withdrawn", "by_side": "operator"}, ""),
        ({"answer": "withdrawn", "by_side": "operator", "in_effect": True}, "has moved already"),
    ],
)
def test_who_answers_what(change: dict[str, Any], reason: str) -> None:
    found = " ".join(answer_blockers(replace(ASKED, **change)))
    assert (reason in found) if reason else found == ""


def test_a_date_does_not_lie_before_the_gate_that_has_to_pass_first() -> None:
    held = replace(gate(30), title="Gate: Baseline", expected=on(38))
    items = [*(item for item in ITEMS if item.key != held.key), held, milestone("plan", 31, gate="day-60")]
    asked = DateWish(
        key="milestone-plan", title="plan", on=on(31), to_on=on(36), contracted=on(31), today=on(33), cleared=True,
        reason="The baseline waits for the closers.", calendar=CALENDAR,
    )  # fmt: skip
    assert wish_blockers(asked, items) == [
        "This date lies before the gate “Baseline” (8 April 2026), which has to pass first."
    ]
    for to_on in (on(38), on(39)):
        assert wish_blockers(replace(asked, to_on=to_on), items) == []
    passed = [replace(item, closed=True) if item.key == held.key else item for item in items]
    assert wish_blockers(asked, passed) == []
    own = replace(asked, key="milestone-baseline", on=on(30))
    assert wish_blockers(own, items) == []
