"""Who stands apart? Agents and lead sources in a funnel plot, so that small samples are not blamed. Pure.

The limits about the rate of all together are those of D. J. Spiegelhalter, "Funnel plots for comparing institutional
performance", Statistics in Medicine 24 (2005), 1185-1202: 95% and 99.8%, wider the fewer cases a group has. Only
beyond the outer ones a group is told to stand apart. People and lists differ by more than chance; from ten judged
groups on that spread is estimated and widens the limits (the same author's "Handling over-dispersion of performance
indicators", Quality and Safety in Health Care 14, 2005, 347-351: multiplicative, a tenth winsorised at either end).
With fewer groups one that stands apart would widen the limits about itself, and nothing is estimated.

A group is judged only where at least five are expected on either side.

How an agent mixes the disposition codes is held against all others together by Pearson's test of homogeneity (K.
Pearson, Philosophical Magazine 50, 1900, 157-175) over the codes with at least five expected on either side, the rest
put together (W. G. Cochran, Biometrics 10, 1954, 417-451); of several agents by Holm's method. Which codes make it up
is told by kpis.patterns.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import erfc, exp, lgamma, log, sqrt

from kpis.patterns import EXPECTED, LEVEL, Count, Use
from kpis.signals.multiple import holm

INNER, OUTER = 1.959964, 3.090232  # two-sided 95% and 99.8% of the normal distribution
LEAST_GROUPS = 10
WINSORISED = 0.1


class Stand(StrEnum):
    """Where a group lies in the funnel."""

    ABOVE = "above"
    BELOW = "below"
    EDGE = "edge"  # between the two limits: worth a look, no more
    WITHIN = "within"
    TOO_FEW = "too-few"


@dataclass(frozen=True, slots=True)
class Placed:
    """A group with its limits: rate, score (in standard errors of chance) and place. None where not judged."""

    label: str
    successes: int
    trials: int
    value: float | None
    score: float | None
    low: float | None
    high: float | None
    stand: Stand

    @property
    def apart(self) -> bool:
        return self.stand in (Stand.ABOVE, Stand.BELOW)


@dataclass(frozen=True, slots=True)
class FunnelPlot:
    """All groups about their common rate (None without data); `dispersion` is 1 where none was estimated."""

    centre: float | None
    dispersion: float
    groups: tuple[Placed, ...]

    @property
    def apart(self) -> tuple[Placed, ...]:
        return tuple(group for group in self.groups if group.apart)

    @property
    def judged(self) -> int:
        return sum(group.score is not None for group in self.groups)

    def limits(self, trials: int, sigmas: float = OUTER) -> tuple[float, float]:
        """Between which rates a group of so many is like the others. Needs a centre."""
        centre = self.centre or 0.0
        reach = sigmas * sqrt(self.dispersion * centre * (1 - centre) / trials)
        return max(0.0, centre - reach), min(1.0, centre + reach)


def funnel_plot(groups: Sequence[Count], minimum: int = 0) -> FunnelPlot:
    """Place each group, in the given order, about the rate of all together."""
    trials = sum(group.trials for group in groups)
    centre = sum(group.successes for group in groups) / trials if trials else None
    if centre is None or not 0 < centre < 1:
        return FunnelPlot(centre, 1.0, tuple(_too_few(group) for group in groups))
    scores = [_score(group, centre, minimum) for group in groups]
    plot = FunnelPlot(centre, dispersion([one for one in scores if one is not None]), ())
    return FunnelPlot(
        centre,
        plot.dispersion,
        tuple(_placed(group, score, plot) for group, score in zip(groups, scores, strict=True)),
    )


def dispersion(scores: Sequence[float]) -> float:
    """By how much the groups vary beyond chance, as a factor of the variance, at least 1."""
    if len(scores) < LEAST_GROUPS:
        return 1.0
    ordered = sorted(scores)
    cut = int(WINSORISED * len(ordered))
    low, high = ordered[cut], ordered[-1 - cut]
    return max(1.0, sum(min(max(one, low), high) ** 2 for one in ordered) / len(ordered))


def _score(group: Count, centre: float, minimum: int) -> float | None:
    if group.trials < minimum or group.trials * min(centre, 1 - centre) < EXPECTED:
        return None
    return (group.successes / group.trials - centre) / sqrt(centre * (1 - centre) / group.trials)


def _placed(group: Count, score: float | None, plot: FunnelPlot) -> Placed:
    if score is None:
        return _too_few(group)
    reach = abs(score) / sqrt(plot.dispersion)
    stand = Stand.WITHIN if reach <= INNER else Stand.EDGE
    if reach > OUTER:
        stand = Stand.ABOVE if score > 0 else Stand.BELOW
    low, high = plot.limits(group.trials)
    return Placed(
        group.label,
        group.successes,
        group.trials,
        group.successes / group.trials,
        score,
        low,
        high,
        stand,
    )


def _too_few(group: Count) -> Placed:
    value = group.successes / group.trials if group.trials else None
    return Placed(group.label, group.successes, group.trials, value, None, None, None, Stand.TOO_FEW)


@dataclass(frozen=True, slots=True)
class Mix:
    """How far an agent's codes differ from those of all others together; None where too few calls tell it.

    `chance` is adjusted for the number of agents. `apart`: it is below 5%.
    """

    agent: str
    calls: int
    chance: float | None

    @property
    def apart(self) -> bool:
        return self.chance is not None and self.chance < LEVEL


def mixes(uses: Sequence[Use], minimum: int = 0) -> tuple[Mix, ...]:
    """Each agent's mix of codes beside that of the team, in the order of their names."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for use in uses:
        counts[use.agent][use.code] += use.calls
    codes = sorted({use.code for use in uses})
    everyone = {code: sum(own[code] for own in counts.values()) for code in codes}
    calls = {agent: sum(own.values()) for agent, own in counts.items()}
    found = {
        agent: homogeneity(own, {code: everyone[code] - own[code] for code in codes})
        for agent, own in sorted(counts.items())
        if calls[agent] >= minimum
    }
    tested = {agent: chance for agent, chance in found.items() if chance is not None}
    adjusted = dict(zip(tested, holm(list(tested.values())), strict=True))
    return tuple(Mix(agent, calls[agent], adjusted.get(agent)) for agent in sorted(counts))


def homogeneity(one: Mapping[str, int], other: Mapping[str, int]) -> float | None:
    """How likely two such different mixes are by chance; None where fewer than two kinds can be told apart."""
    n, m = sum(one.values()), sum(other.values())
    if not n or not m:
        return None
    cells: list[tuple[int, int]] = []
    rest = (0, 0)
    for code in sorted({*one, *other}):
        pair = one.get(code, 0), other.get(code, 0)
        if min(n, m) * sum(pair) / (n + m) >= EXPECTED:
            cells.append(pair)
        else:
            rest = rest[0] + pair[0], rest[1] + pair[1]
    if min(n, m) * sum(rest) / (n + m) >= EXPECTED:
        cells.append(rest)
    if len(cells) < 2:
        return None
    # What is too rare even together is left out, and both sides count without it.
    n, m = sum(a for a, _ in cells), sum(b for _, b in cells)
    statistic = sum(
        (seen - total * (a + b) / (n + m)) ** 2 / (total * (a + b) / (n + m))
        for a, b in cells
        for seen, total in ((a, n), (b, m))
    )
    return chi_square_tail(statistic, len(cells) - 1)


def chi_square_tail(statistic: float, freedom: int) -> float:
    """How often chi-square with so many degrees of freedom is above a figure.

    M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", 1964, 26.4.4 and 26.4.5: exact finite sums.
    """
    half = statistic / 2
    if half <= 0:
        return 1.0
    odd = freedom % 2
    tail = erfc(sqrt(half)) if odd else 0.0
    powers = [number + odd / 2 for number in range(freedom // 2)]
    return min(1.0, tail + sum(exp(power * log(half) - half - lgamma(power + 1)) for power in powers))
