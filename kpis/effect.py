"""Did it move? Before and after of one rate, with the interval of the difference and how much data is missing. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil, hypot
from statistics import NormalDist

from kpis.funnel import CONFIDENCE, wilson


class Moved(StrEnum):
    """What before and after say together."""

    MOVED = "moved"
    NOT_MOVED = "not_moved"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, slots=True)
class Counted:
    """A rate as it was counted."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Difference:
    """After minus before as a share (0.03 is three points) with its 95% interval."""

    points: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class EffectFacts:
    """A rate before and after, and what was promised.

    `expected` is the rate that the plan promises (its target where it says none), `minimum` the sample below which
    nothing is judged, `days` the calendar days of the window after.
    """

    before: Counted
    after: Counted
    expected: float
    direction: str = "up"
    minimum: int = 30
    days: int = 1


@dataclass(frozen=True, slots=True)
class Effect:
    """The verdict with its difference. `needed` is how many more denominators would tell, None where it is told
    already or where no number after can make up for too few before; `needed_days` at the pace so far.
    """

    verdict: Moved
    difference: Difference | None
    needed: int | None = None
    needed_days: int | None = None


def difference(before: Counted, after: Counted) -> Difference:
    """After minus before, its interval from the two Wilson intervals. Both need at least one trial.

    R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven
    methods", Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    return combined(
        before.numerator / before.denominator,
        wilson(before.numerator, before.denominator),
        after.numerator / after.denominator,
        wilson(after.numerator, after.denominator),
    )


def combined(
    before: float, before_span: tuple[float, float], after: float, after_span: tuple[float, float]
) -> Difference:
    """The same from two rates whose own intervals are known."""
    points = after - before
    return Difference(
        points,
        points - hypot(after - after_span[0], before_span[1] - before),
        points + hypot(after_span[1] - after, before - before_span[0]),
    )


def effect(facts: EffectFacts) -> Effect:
    """Moved: the interval of the change lies wholly on the right side of zero. Not moved: it leaves out the promised
    change (a change for the worse too). Between the two the data are too little to tell.
    """
    if not facts.before.denominator or not facts.after.denominator:
        return _too_little(facts, None)
    found = difference(facts.before, facts.after)
    if min(facts.before.denominator, facts.after.denominator) < facts.minimum:
        return _too_little(facts, found)
    low, high = _gain(found, facts.direction)
    if low > 0:
        return Effect(Moved.MOVED, found)
    return Effect(Moved.NOT_MOVED, found) if high < _promised(facts) else _too_little(facts, found)


def _gain(found: Difference, direction: str) -> tuple[float, float]:
    """The interval of the change, counted so that better is more."""
    return (found.low, found.high) if direction == "up" else (-found.high, -found.low)


def _promised(facts: EffectFacts) -> float:
    before = facts.before.numerator / facts.before.denominator
    return facts.expected - before if facts.direction == "up" else before - facts.expected


def _too_little(facts: EffectFacts, found: Difference | None) -> Effect:
    more = needed(facts)
    pace = facts.after.denominator / max(facts.days, 1)
    return Effect(Moved.TOO_LITTLE, found, more, ceil(more / pace) if more is not None and pace > 0 else None)


def needed(facts: EffectFacts) -> int | None:
    """How many more denominators would decide it, if the rate stays where it is; None when none can.

    Decided is, by the normal approximation of the difference's variance, as soon as half its interval is smaller than
    the distance of the change from zero or from what was promised, whichever is larger.
    """
    if facts.before.denominator < facts.minimum:
        return None
    before = facts.before.numerator / facts.before.denominator
    after = facts.after.value if facts.after.value is not None else facts.expected
    gain = after - before if facts.direction == "up" else before - after
    distance = max(abs(gain), abs(_promised(facts) - gain))
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    room = (distance / z) ** 2 - before * (1 - before) / facts.before.denominator
    if room <= 0:
        return None
    spread = max(after * (1 - after), 1 / max(facts.after.denominator, facts.minimum))
    wanted = max(ceil(spread / room), facts.minimum)
    return max(wanted - facts.after.denominator, 1)
