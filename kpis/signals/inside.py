"""Where inside a stage the shortfall sits: which source, hour or agent lacks how many of the cases to the target. Pure.

The shortfall of a group is target times its cases less its successes: what it would have had at the target. Over the
groups of one kind these add up to the shortfall of the stage, groups above the target taking away from it. How likely a
group is below the target at all is told by its posterior under Jeffreys' prior, as in kpis.bottleneck, by the normal
approximation of the beta distribution (A. Gelman et al., "Bayesian Data Analysis", 3rd edition, 2013, section 4.1); a
group with fewer cases than the minimum is told as such and never as the place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from kpis.funnel import wilson
from kpis.patterns import Count

SURE = 0.95


@dataclass(frozen=True, slots=True)
class Place:
    """One group: its rate, how many it lacks to the target (negative above it), and how likely it is below."""

    label: str
    successes: int
    trials: int
    lacking: float
    low: float
    high: float
    chance: float
    judged: bool

    @property
    def value(self) -> float:
        return self.successes / self.trials

    @property
    def holds_back(self) -> bool:
        """Whether the shortfall sits here by more than chance."""
        return self.judged and self.lacking > 0 and self.chance >= SURE


@dataclass(frozen=True, slots=True)
class Inside:
    """The groups of one kind, those that lack most first. `lacking` is the stage's shortfall over all of them."""

    by: str
    target: float
    places: tuple[Place, ...]

    @property
    def lacking(self) -> float:
        return sum(place.lacking for place in self.places)

    @property
    def most(self) -> Place | None:
        """Where most of it sits; None where no group is below the target by more than chance."""
        return next((place for place in self.places if place.holds_back), None)

    def share(self, place: Place) -> float | None:
        """Which part of what all groups below the target lack is lacking here."""
        below = sum(one.lacking for one in self.places if one.lacking > 0)
        return place.lacking / below if below > 0 and place.lacking > 0 else None


def inside(by: str, groups: Sequence[Count], target: float, minimum: int) -> Inside:
    """Where a stage that should reach `target` falls short. `by` names one group: "lead source"."""
    places = [_place(group, target, minimum) for group in groups if group.trials]
    return Inside(by, target, tuple(sorted(places, key=lambda one: (-one.lacking, one.label))))


def _place(group: Count, target: float, minimum: int) -> Place:
    low, high = wilson(group.successes, group.trials)
    return Place(
        group.label,
        group.successes,
        group.trials,
        target * group.trials - group.successes,
        low,
        high,
        below(group.successes, group.trials, target),
        group.trials >= minimum,
    )


def below(successes: int, trials: int, target: float) -> float:
    """How likely the rate lies below the target."""
    a, b = successes + 0.5, trials - successes + 0.5
    mean = a / (a + b)
    return NormalDist(mean, sqrt(mean * (1 - mean) / (a + b + 1))).cdf(target)
