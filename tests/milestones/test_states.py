"""One word for the state of a gate, wherever it shows."""

from datetime import UTC, date, datetime

import pytest

from milestones.rules.events import EventFacts
from milestones.rules.states import Look, gate_look, milestone_word, short_word


def event(kind: str, side: str) -> EventFacts:
    at = datetime(2026, 3, 9, 12, tzinfo=UTC)
    return EventFacts(kind, side, "Clara Lind", at, at.date(), until=date(2026, 3, 11))


CLIENT, OPERATOR = event("hold", "client"), event("hold", "operator")


@pytest.mark.parametrize(
    ("state", "holds", "declines", "look"),
    [
        ("passed", [], [], Look("passed", "Passed")),
        ("open", [], [], Look("open", "Not passed yet")),
        ("blocked", [], [], Look("open", "Not passed yet")),
        ("late", [], [], Look("late", "Not passed yet, late")),
        ("held", [CLIENT], [], Look("held", "Paused by the client")),
        ("held", [OPERATOR, CLIENT], [], Look("held", "Paused by the client and the operator")),
        ("held", [], [], Look("held", "Paused")),  # on papers, which do not say by whom
        ("late", [], [event("decline", "client")], Look("blocked", "Not passed yet, declined by the client")),
    ],
)
def test_a_gate_is_passed_paused_or_not_passed_yet(
    state: str, holds: list[EventFacts], declines: list[EventFacts], look: Look
) -> None:
    assert gate_look(state, holds, declines) == look


def test_short_words_and_those_of_milestones() -> None:
    assert [short_word(shape) for shape in ("passed", "held", "late", "open", "blocked")] == [
        "passed", "paused", "late", "not yet", "not yet",
    ]  # fmt: skip
    assert (milestone_word("blocked"), milestone_word("open")) == ("Waits for the brief", "")
