"""One rate by the hours of the week, and by day within its control limits."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class HourCount:
    """What a rate is counted from in one hour (0 to 23) of one weekday (1 is Monday) over the period."""

    weekday: int
    hour: int
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class HourRate:
    """A rate by hour and weekday, in the engagement's zone; under `minimum` cases an hour is not shown."""

    code: str
    label: str
    minimum: int
    hours: tuple[HourCount, ...] = ()


@dataclass(frozen=True, slots=True)
class LimitDay:
    """A day beside its control limits, None where nothing judges it; `signal` is a kpis.signals.limits.Signal."""

    on: date
    day: int
    signal: str
    numerator: int | None = None
    denominator: int | None = None
    centre: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class LevelShift:
    """A level that moved: from its first day on, seen on the last of the run, counted before and after."""

    first: int
    seen: int
    before: tuple[int, ...]  # numerator and denominator
    after: tuple[int, ...]
    up: bool


@dataclass(frozen=True, slots=True)
class RateLimits:
    """All days of a rate up to the end of the period, each judged by those before it."""

    code: str
    label: str
    days: tuple[LimitDay, ...] = ()
    shifts: tuple[LevelShift, ...] = ()
