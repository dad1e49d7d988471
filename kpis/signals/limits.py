"""Did a day really differ? Control limits for daily rates that allow for more spread than chance. Pure.

The chart is Laney's p′: the limits of a share counted from n are centre ± 3 · sqrt(centre · (1 - centre) / n) · spread.
`spread` is how far the days' standardised rates really vary from one to the next: their mean moving range over 1.128
(D. B. Laney, "Improved control charts for attributes", Quality Engineering 14, 2002, 531-537). Calls vary from day to
day by more than the coin's chance (lists, weekdays, who is in), so that plain p limits cry wolf. `spread` is never
taken below 1: with few days it would come out low by luck.

Two rules give a signal: a day beyond the limits, and nine days in a row on one side of the centre (tests 1 and 2 of
L. S. Nelson, "The Shewhart control chart: tests for special causes", Journal of Quality Technology 16, 1984, 237-239).
The second is a shift of the level, and a new level is learned from its first day on.

Each day is judged by the days before it alone, so that what was said of a day stays what it is when the next comes in.
The base is the first 30 days of a level without those beyond the limits; judging starts once there are 12. A day whose
expected count is below five on either side is left out, as normal limits would blame it for being small.

How often this is wrong is measured in tests/kpis/test_signals_limits.py on seeded series without any shift, and stated
in docs/signals.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

SIGMAS = 3.0
RUN = 9
BASE_DAYS = 30
LEAST_DAYS = 12
EXPECTED = 5
MEAN_RANGE = 1.128  # the mean range of two standard normal figures


@dataclass(frozen=True, slots=True)
class Counted:
    """One day of one rate. `day` is the engagement's; `base` says whether it may belong to the base."""

    day: int
    numerator: int | None
    denominator: int | None
    base: bool = True


class Signal(StrEnum):
    """What a day says beside the days before it."""

    ABOVE = "above"  # beyond the upper limit
    BELOW = "below"
    RUN_UP = "run-up"  # the ninth day in a row above the centre
    RUN_DOWN = "run-down"
    WITHIN = "within"
    LEARNING = "learning"  # too few days before it
    LEFT_OUT = "left-out"  # told not to be judged
    TOO_FEW = "too-few"
    NO_DATA = "no-data"


FLAGGED = frozenset({Signal.ABOVE, Signal.BELOW, Signal.RUN_UP, Signal.RUN_DOWN})


@dataclass(frozen=True, slots=True)
class Limits:
    """The centre, the spread beyond chance and how many days they were learned from."""

    centre: float
    spread: float
    days: int

    def around(self, denominator: int) -> tuple[float, float]:
        """Lower and upper limit of a rate counted from so many."""
        reach = SIGMAS * sqrt(self.centre * (1 - self.centre) / denominator) * self.spread
        return max(0.0, self.centre - reach), min(1.0, self.centre + reach)


@dataclass(frozen=True, slots=True)
class Judged:
    """One day with its limits and what it says; no limits where there is nothing to judge by."""

    day: int
    numerator: int | None
    denominator: int | None
    centre: float | None
    low: float | None
    high: float | None
    signal: Signal

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.numerator is not None and self.denominator else None

    @property
    def flagged(self) -> bool:
        return self.signal in FLAGGED


@dataclass(frozen=True, slots=True)
class Shift:
    """A level that moved: from the rate of the base to that of the run, by the days of each."""

    first: int
    seen: int  # the day on which the run was complete
    before: tuple[int, int]  # counted over the base
    after: tuple[int, int]  # counted over the days of the run
    up: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """All days in order, the shifts found, and the limits that hold for the next day (None while learning)."""

    days: tuple[Judged, ...]
    shifts: tuple[Shift, ...]
    limits: Limits | None

    @property
    def judged(self) -> int:
        """On how many days there was something to judge by."""
        return sum(day.low is not None for day in self.days)

    @property
    def flagged(self) -> tuple[Judged, ...]:
        return tuple(day for day in self.days if day.flagged)

    @property
    def outside(self) -> tuple[Judged, ...]:
        """The single days beyond their limits."""
        return tuple(day for day in self.days if day.signal in (Signal.ABOVE, Signal.BELOW))


def limits(days: Sequence[Counted]) -> Limits | None:
    """Laney's limits from these days, in order; None for fewer than two days or a rate of 0 or 1 throughout."""
    told = [(day.numerator or 0, day.denominator or 0) for day in days if day.denominator]
    below = sum(n for _, n in told)
    above = sum(x for x, _ in told)
    if len(told) < 2 or not 0 < above < below:
        return None
    centre = above / below
    scores = [(x / n - centre) / sqrt(centre * (1 - centre) / n) for x, n in told]
    ranges = [abs(one - other) for one, other in zip(scores[1:], scores, strict=False)]
    return Limits(centre, max(1.0, sum(ranges) / len(ranges) / MEAN_RANGE), len(told))


def chart(days: Sequence[Counted]) -> Chart:
    """Judge the days in their order, each by those before it."""
    level = _Level()
    judged: list[Judged] = []
    shifts: list[Shift] = []
    for day in days:
        one = level.judge(day)
        if one.signal in (Signal.RUN_UP, Signal.RUN_DOWN):
            shifts.append(level.shift(up=one.signal is Signal.RUN_UP))
            level = _Level(base=list(level.run))
        judged.append(one)
    return Chart(tuple(judged), tuple(shifts), level.limits)


class _Level:
    """A level as it is being learned: its base, and the days in a row on one side of its centre."""

    def __init__(self, base: Sequence[Counted] = ()) -> None:
        self.base = list(base)
        self.run: list[Counted] = []
        self.side = 0
        self.limits = limits(self.base) if len(self.base) >= LEAST_DAYS else None

    def judge(self, day: Counted) -> Judged:
        if day.numerator is None or not day.denominator:
            return _unjudged(day, Signal.NO_DATA)
        if not day.base:
            return _unjudged(day, Signal.LEFT_OUT)
        if self.limits is None:
            self._learn(day)
            return _unjudged(day, Signal.LEARNING)
        centre = self.limits.centre
        if day.denominator * min(centre, 1 - centre) < EXPECTED:
            return _unjudged(day, Signal.TOO_FEW)
        low, high = self.limits.around(day.denominator)
        value = day.numerator / day.denominator
        side = (value > centre) - (value < centre)
        self.run = [*self.run, day] if side and side == self.side else [day] if side else []
        self.side = side
        signal = Signal.WITHIN
        if len(self.run) == RUN:
            signal = Signal.RUN_UP if side > 0 else Signal.RUN_DOWN
        elif value > high or value < low:
            signal = Signal.ABOVE if value > high else Signal.BELOW
        else:
            self._learn(day)
        return Judged(day.day, day.numerator, day.denominator, centre, low, high, signal)

    def shift(self, *, up: bool) -> Shift:
        """What the run that is now complete says."""
        began = {day.day for day in self.run}
        return Shift(
            self.run[0].day,
            self.run[-1].day,
            _sum([day for day in self.base if day.day not in began] or self.base),
            _sum(self.run),
            up,
        )

    def _learn(self, day: Counted) -> None:
        if len(self.base) >= BASE_DAYS:
            return
        self.base.append(day)
        if len(self.base) >= LEAST_DAYS:
            self.limits = limits(self.base)


def _unjudged(day: Counted, signal: Signal) -> Judged:
    return Judged(day.day, day.numerator, day.denominator, None, None, None, signal)


def _sum(days: Sequence[Counted]) -> tuple[int, int]:
    return sum(day.numerator or 0 for day in days), sum(day.denominator or 0 for day in days)
