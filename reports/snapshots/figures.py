"""The numbers of a period, and the imports behind them."""

from dataclasses import dataclass
from datetime import date, datetime

from .kinds import Verdict


@dataclass(frozen=True, slots=True)
class Stage:
    """A rate of the funnel with its interval (0 to 1) and, where the brief sets one, its target."""

    code: str
    label: str
    numerator_label: str
    denominator_label: str
    numerator: int | None = None
    denominator: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    direction: str = "up"
    verdict: Verdict = Verdict.NO_DATA
    minimum: int = 0
    left_out: int = 0  # denominators on days whose files cannot tell the numerator
    left_out_days: int = 0
    unit: str = "percent"
    why: str = ""  # why there is no figure, where that is more than "no calls yet"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """The funnel of one lead source."""

    source: str
    dials: int | None
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class DayRate:
    code: str
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """One engagement day. A day without rows carries no rates and dials None: no data, not zero."""

    on: date
    day: int
    dials: int | None = None
    rates: tuple[DayRate, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportFact:
    file_name: str
    sha256: str
    rows: int | None
    rejected: int | None
    duplicates: int | None
    by: str
    at: datetime
    first_day: date | None = None
    last_day: date | None = None
