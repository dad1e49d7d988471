"""What the state of a gate or a milestone is called: the same words on every page and on paper. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from common.wording import joined
from milestones.rules.events import EventFacts

NOT_PASSED = "Not passed yet"
SHORT = {"passed": "passed", "held": "paused", "late": "late"}
MILESTONE_WORDS = {"blocked": "Waits for the brief"}


class Look(NamedTuple):
    """The shape of a state and its word."""

    shape: str
    word: str


def gate_look(state: str, holds: Sequence[EventFacts] = (), declines: Sequence[EventFacts] = ()) -> Look:
    """How a gate shows: "Passed", "Paused by the client", "Not passed yet", "Not passed yet, late".

    What it still waits for stands beside it as its conditions: that is no state of its own.
    """
    if state == "passed":
        return Look("passed", "Passed")
    if state == "held":
        return Look("held", f"Paused by {_sides(holds)}" if holds else "Paused")
    if by := _sides(declines):
        return Look("blocked", f"{NOT_PASSED}, declined by {by}")
    return Look("late", f"{NOT_PASSED}, late") if state == "late" else Look("open", NOT_PASSED)


def _sides(events: Iterable[EventFacts]) -> str:
    return joined([f"the {side}" for side in sorted({event.side for event in events})])


def short_word(shape: str) -> str:
    """The word of a gate where there is room for one."""
    return SHORT.get(shape, "not yet")


def milestone_word(state: str) -> str:
    """The word of a milestone whose state has no word that needs no telling; empty for the others."""
    return MILESTONE_WORDS.get(state, "")
