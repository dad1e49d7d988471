"""Does a rate creep up or down over four to six weeks? A straight line through its weekly rates. Pure.

The slope is that of weighted least squares with the weekly counts as weights (N. R. Draper and H. Smith, "Applied
Regression Analysis", 3rd edition, 1998, section 9.2). Its spread is that of counted shares, times the dispersion of
the weeks about the line where that is above 1 (P. McCullagh and J. A. Nelder, "Generalized Linear Models", 2nd
edition, 1989, section 4.5), and its interval is Student's with weeks - 2 degrees of freedom.

Weeks and not days are the observations: a list that is bad for a week makes five days bad together, and five such days
would pass for five witnesses. A line and not a CUSUM: it says how fast and between which bounds, which is what people
ask, and it needs no size of drift to be chosen beforehand. The price is that small campaigns see only large drifts; the
interval says how large one may be that was missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

LEAST_WEEKS = 4
MOST_WEEKS = 6
# Two-sided 95% points of Student's t with 2, 3 and 4 degrees of freedom.
STUDENT = {2: 4.302653, 3: 3.182446, 4: 2.776445}


class Way(StrEnum):
    """What the weeks say together."""

    UP = "up"
    DOWN = "down"
    LEVEL = "not"
    TOO_LITTLE = "too-little"


@dataclass(frozen=True, slots=True)
class Week:
    """One week of one rate; None where no file tells it. `number` counts weeks, so that a gap stays a gap."""

    number: int
    numerator: int | None
    denominator: int | None


@dataclass(frozen=True, slots=True)
class Drift:
    """The slope as a share per week (0.002 is 0.2 points) with its 95% interval, the weeks behind it, and the verdict.

    `before` and `after` are where the line begins and ends; all are None where there is too little data.
    """

    way: Way
    weeks: tuple[Week, ...]
    slope: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    after: float | None = None
    dispersion: float | None = None


def drift(weeks: Sequence[Week], minimum: int) -> Drift:
    """Judge the last six of these weeks; those with fewer than `minimum` cases do not count."""
    last = max((week.number for week in weeks), default=0)
    told = tuple(
        week
        for week in sorted(weeks, key=lambda one: one.number)
        if week.number > last - MOST_WEEKS
        and week.numerator is not None
        and (week.denominator or 0) >= max(minimum, 1)
    )
    trials = [week.denominator or 0 for week in told]
    rates = [(week.numerator or 0) / n for week, n in zip(told, trials, strict=True)]
    if len(told) < LEAST_WEEKS:
        return Drift(Way.TOO_LITTLE, told)
    total = sum(trials)
    share = sum(week.numerator or 0 for week in told) / total
    if not 0 < share < 1:
        return Drift(Way.TOO_LITTLE, told)
    middle = sum(n * week.number for n, week in zip(trials, told, strict=True)) / total
    spread = sum(n * (week.number - middle) ** 2 for n, week in zip(trials, told, strict=True))
    slope = (
        sum(n * (week.number - middle) * rate for n, week, rate in zip(trials, told, rates, strict=True))
        / spread
    )
    line = [share + slope * (week.number - middle) for week in told]
    chance = share * (1 - share)
    left = sum(n * (rate - fitted) ** 2 / chance for n, rate, fitted in zip(trials, rates, line, strict=True))
    free = len(told) - 2
    dispersion = max(1.0, left / free)
    reach = STUDENT[free] * sqrt(dispersion * chance / spread)
    low, high = slope - reach, slope + reach
    way = Way.UP if low > 0 else Way.DOWN if high < 0 else Way.LEVEL
    return Drift(way, told, slope, low, high, line[0], line[-1], dispersion)
