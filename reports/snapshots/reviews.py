"""What a review looked at, and who attended."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class PatternRow:
    """One group beside all others together; `place` is above, below, within or too-few."""

    label: str
    successes: int
    trials: int
    value: float | None
    low: float | None
    high: float | None
    rest: float | None
    place: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rate by one kind of group, with what it says."""

    key: str
    rate: str
    by: str
    minimum: int
    sentence: str
    rows: tuple[PatternRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A code that an agent gives more or less often than the others."""

    agent: str
    code: str
    meaning: str
    calls: int
    of: int
    of_what: str
    rest: float
    more: bool


@dataclass(frozen=True, slots=True)
class Chair:
    """A required role: who has it, and who sat there; no name before the review and where nobody did."""

    role: str
    side: str
    holders: str
    name: str = ""
    substitute: bool = False


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A review: before it only when it is and who is asked, after it what was said and decided."""

    title: str
    on: date
    starts: datetime | None = None
    place: str = ""
    held: bool = False
    closed_at: datetime | None = None
    closed_by: str = ""
    content_hash: str = ""
    text: str = ""
    also_there: str = ""
    agenda: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    chairs: tuple[Chair, ...] = ()
