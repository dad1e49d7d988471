"""Plan, people and dates as a report tells them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str
    side: str  # "client" or "operator"


@dataclass(frozen=True, slots=True)
class DayOff:
    on: date
    name: str


@dataclass(frozen=True, slots=True)
class Work:
    """Which weekdays are worked (1 is Monday), whose public holidays are days off, and what a day off does."""

    weekdays: tuple[int, ...]
    when_off: str
    place: str = ""
    holidays: tuple[DayOff, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPhase:
    code: str
    name: str
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A milestone, review or gate of the plan. `state` is one of open, passed, blocked, late, held."""

    code: str
    title: str
    kind: str  # "milestone", "review" or "gate"
    day: int
    phase: str
    side: str
    owner: str = ""
    owner_role: str = ""
    contracted: date | None = None
    forecast: date | None = None
    actual: date | None = None
    state: str = "open"
    evidence_asked: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    days: int
    reason: str
    side: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A locked date that moved, why, and what the other side said: `answer` is accepted, agreed, contested or open.

    `answer` is "moved" for what moved before anybody was asked; `along` counts the dates that moved with it.
    """

    title: str
    from_on: date
    to_on: date
    days: int
    reason: str
    side: str
    by: str
    answer: str
    answered_by: str = ""
    answered_side: str = ""
    answered_on: date | None = None
    answer_reason: str = ""
    along: int = 0
