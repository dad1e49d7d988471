"""What moved the cost of an outcome from one period to another: prices, mix of lead sources, or a stage. Pure.

The cost of one outcome is what was paid on the way to all of them over their number: without prices, dials per outcome.
It follows from three kinds of factors: the share of the dials that each source has (mix), each stage's rate within the
sources (rate), and the prices. The change is split by Shapley's value: the effect of a factor is what changing it does
to the cost, over all orders in which the factors can be changed (L. S. Shapley, "A value for n-person games", 1953; for
such splits A. F. Shorrocks, "Decomposition procedures for distributional analysis", Journal of Economic Inequality 11,
2013, 99-126). The effects sum to the change exactly, whatever the order of the factors. The logarithmic mean index
(B. W. Ang, Energy Policy 32, 2004, 1131-1139) splits as exactly, but knows no source that is new or had no outcome.

A source that a period does not have takes its rates from the other period, so that its coming and going is mix alone.

Whether the whole change is more than chance is told by the interval of the ratio of the two shares of dials that
became an outcome (D. Katz et al., "Obtaining confidence intervals for the risk ratio in cohort studies", Biometrics 34,
1978, 469-474).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, exp, inf, sqrt
from statistics import NormalDist

from kpis.funnel import CONFIDENCE

MIX, PRICES = "mix", "prices"


@dataclass(frozen=True, slots=True)
class Source:
    """What one lead source came to in one period: counts from dials down to the outcome."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A period by source. `prices` are per unit of each count, dials first; without them a dial costs 1."""

    sources: tuple[Source, ...]
    prices: tuple[float, ...] | None = None

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(counts) for counts in zip(*(one.counts for one in self.sources), strict=True))

    @property
    def cost(self) -> float | None:
        """Per outcome; None without one."""
        totals = self.totals
        if not totals or not totals[-1]:
            return None
        paid = _paid(self.prices, len(totals))
        return sum(price * count for price, count in zip(paid, totals, strict=True)) / totals[-1]


@dataclass(frozen=True, slots=True)
class Part:
    """What one factor did to the cost; `key` is a stage's, "mix" or "prices"."""

    key: str
    label: str
    change: float


@dataclass(frozen=True, slots=True)
class Moved:
    """The cost before and after, its parts in the given order, and the bounds of after over before.

    The parts sum to the change. `low` and `high` bound the ratio of dials per outcome with 95%.
    """

    before: float
    after: float
    parts: tuple[Part, ...]
    low: float
    high: float

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def chance(self) -> bool:
        """Whether the ratio of dials per outcome may as well be 1."""
        return self.low <= 1 <= self.high

    @property
    def first(self) -> Part | None:
        """The part that did most in the direction of the change."""
        along = [part for part in self.parts if part.change * self.change > 0]
        return max(along, key=lambda part: abs(part.change), default=None)


def moved(before: Period, after: Period, stages: Sequence[tuple[str, str]]) -> Moved | None:
    """Split the change of the cost per outcome. `stages` names (key, label) of each rate, in the order of the counts.

    None where a period has no outcome: it has no cost per outcome then.
    """
    old, new = before.cost, after.cost
    if old is None or new is None:
        return None
    worth = _Worth(before, after, len(stages))
    names = [(MIX, "Mix of lead sources"), *stages]
    if _paid(before.prices, len(stages) + 1) != _paid(after.prices, len(stages) + 1):
        names.append((PRICES, "Prices"))
    effects = shapley(worth, len(names))
    if effects is None:
        return None
    low, high = _ratio(before.totals, after.totals)
    parts = tuple(Part(key, label, effect) for (key, label), effect in zip(names, effects, strict=True))
    return Moved(old, new, parts, low, high)


def shapley(worth: "_Worth", factors: int) -> list[float] | None:
    """Each factor's mean effect over all orders; None where a state between has no outcome at all."""
    known = {
        frozenset(chosen): worth(frozenset(chosen))
        for size in range(factors + 1)
        for chosen in combinations(range(factors), size)
    }
    if inf in known.values():
        return None
    effects = []
    for factor in range(factors):
        without = [chosen for chosen in known if factor not in chosen]
        effects.append(
            sum(
                (known[chosen | {factor}] - known[chosen]) / (factors * comb(factors - 1, len(chosen)))
                for chosen in without
            )
        )
    return effects


class _Worth:
    """The cost per outcome with some factors as they are after and the others as they were before."""

    def __init__(self, before: Period, after: Period, stages: int) -> None:
        names = sorted({one.name for period in (before, after) for one in period.sources})
        told = [_by_name(period, stages + 1) for period in (before, after)]
        self.paid = [_paid(period.prices, stages + 1) for period in (before, after)]
        self.mix = []
        for counts in told:
            dials = sum(own[0] for own in counts.values())
            self.mix.append([counts.get(name, _none(stages))[0] / dials for name in names])
        self.rates = [[_rates(told[when], told[1 - when], name, stages) for name in names] for when in (0, 1)]
        self.stages = stages

    def __call__(self, changed: frozenset[int]) -> float:
        """Factor 0 is the mix, 1 to `stages` the rates, the last the prices."""
        mix = self.mix[0 in changed]
        paid = self.paid[self.stages + 1 in changed]
        totals = [0.0] * (self.stages + 1)
        for source, share in enumerate(mix):
            left = share
            totals[0] += left
            for stage in range(self.stages):
                left *= self.rates[stage + 1 in changed][source][stage]
                totals[stage + 1] += left
        if not totals[-1]:
            return inf
        return sum(price * count for price, count in zip(paid, totals, strict=True)) / totals[-1]


def _by_name(period: Period, length: int) -> dict[str, tuple[int, ...]]:
    counts: dict[str, tuple[int, ...]] = {}
    for one in period.sources:
        before = counts.get(one.name, (0,) * length)
        counts[one.name] = tuple(a + b for a, b in zip(before, one.counts, strict=True))
    return counts


def _none(stages: int) -> tuple[int, ...]:
    return (0,) * (stages + 1)


def _rates(
    own: Mapping[str, tuple[int, ...]], other: Mapping[str, tuple[int, ...]], name: str, stages: int
) -> list[float]:
    """The rates of a source: its own, else those of the other period, else those of all sources together."""
    everyone = tuple(map(sum, zip(*own.values(), strict=True)))
    places = [own.get(name, _none(stages)), other.get(name, _none(stages)), everyone]
    return [
        next((one[stage + 1] / one[stage] for one in places if one[stage]), 0.0) for stage in range(stages)
    ]


def _paid(prices: tuple[float, ...] | None, length: int) -> tuple[float, ...]:
    return prices or (1.0, *(0.0 for _ in range(length - 1)))


def _ratio(before: tuple[int, ...], after: tuple[int, ...]) -> tuple[float, float]:
    """Bounds of dials per outcome after over before."""
    ratio = (after[0] / after[-1]) / (before[0] / before[-1])
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    spread = sqrt(max(0.0, 1 / after[-1] - 1 / after[0] + 1 / before[-1] - 1 / before[0]))
    return ratio * exp(-z * spread), ratio * exp(z * spread)
