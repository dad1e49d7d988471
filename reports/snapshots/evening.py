"""What the control limits say of a day or a week, what changed since it was told, and what the day held."""

from dataclasses import dataclass
from datetime import date, datetime

from .figures import DayRate, Stage
from .following import Count


@dataclass(frozen=True, slots=True)
class DaySignal:
    """One day of one rate beside its limits. `says` is a Signal of kpis.signals.limits."""

    on: date
    day: int
    says: str
    numerator: int | None = None
    denominator: int | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A level that moved, from the first day of the run that showed it."""

    first: date
    day: int
    before: Count
    after: Count
    up: bool


@dataclass(frozen=True, slots=True)
class RateSignal:
    """One rate over the days of a report. `drift` is a Way of kpis.signals.drift; its slope is per week."""

    code: str
    label: str
    days: tuple[DaySignal, ...] = ()
    levels: tuple[NewLevel, ...] = ()
    drift: str = ""
    slope: float | None = None
    low: float | None = None
    high: float | None = None
    weeks: int = 0
    why: str = ""  # why no day of it is judged


@dataclass(frozen=True, slots=True)
class CodeLine:
    """How often a disposition was given."""

    code: str
    meaning: str
    calls: int


@dataclass(frozen=True, slots=True)
class AgentLine:
    """One agent's day."""

    name: str
    dials: int
    rates: tuple[DayRate, ...] = ()


@dataclass(frozen=True, slots=True)
class HeardCalls:
    """What QA heard of the calls of these days. `mean` is percent of the points."""

    calls: int
    passed: Count
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What an earlier version said."""

    version: int
    at: datetime
    counts: tuple[int | None, ...]
    rates: tuple[DayRate, ...] = ()


@dataclass(frozen=True, slots=True)
class Cause:
    """Why figures changed after they had been told."""

    what: str
    subject: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Evening:
    """What a daily or weekly report holds beside its funnel. `counts` are dials to closes; None is no data."""

    news: str = ""
    calibration: bool = False
    counts: tuple[int | None, ...] = ()
    rates: tuple[DayRate, ...] = ()
    signals: tuple[RateSignal, ...] = ()
    codes: tuple[CodeLine, ...] = ()
    agents: tuple[AgentLine, ...] = ()
    heard: HeardCalls | None = None
    earlier: Told | None = None
    causes: tuple[Cause, ...] = ()
    before: tuple[Stage, ...] = ()  # as many days before
    before_counts: tuple[int | None, ...] = ()
    without_calls: tuple[date, ...] = ()  # days of the week that the brief calls on
