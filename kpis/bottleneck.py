"""Which stage holds the campaign back most: whose repair lowers the cost per outcome most, and how sure that is. Pure.

The cost of one outcome (a close; where closes are unknown, the deepest stage that is known) is what was paid at each
stage above it: price of a dial times dials per outcome, and so on down. Without prices only dials cost something, and
the cost is dials per outcome. Setting one rate from what it is to its target divides the numbers above it by target
over rate, so the saving of stage i is 1 - cost(rate i at target) / cost. A rate that meets its target saves nothing.

The rates are known only as well as they were counted. Each is drawn from its posterior under Jeffreys' prior,
Beta(s + 1/2, n - s + 1/2) (H. Jeffreys, "An invariant form for the prior probability in estimation problems",
Proceedings of the Royal Society A 186 (1946), 453-461; L. D. Brown, T. T. Cai, A. DasGupta, "Interval estimation for a
binomial proportion", Statistical Science 16 (2001), 101-133); the chance of a stage is the share of draws in which it
saves most. The same seed gives the same draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from random import Random

from engagements.stages import Stage
from kpis.funnel import STAGE_OF_METRIC, Rate, Verdict

DRAWS = 2_000
CLEAR = 0.8  # from this chance on the first is told as the bottleneck without reserve
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class StageCounts:
    """One stage of the funnel as it was counted; `target` is a fraction, None where none was agreed."""

    key: str
    label: str
    numerator: int | None
    denominator: int | None
    target: float | None
    direction: str = "up"
    minimum: int = 30
    outcome: str = ""  # what one of its numerators is called

    @property
    def known(self) -> bool:
        return self.numerator is not None and bool(self.denominator)

    @property
    def judged(self) -> bool:
        """Whether it can be the bottleneck: a target that should be reached from below, and enough cases."""
        enough = self.known and (self.denominator or 0) >= self.minimum
        return enough and self.target is not None and self.direction == "up"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What repairing one stage would save: shares of the cost per outcome, with 95% of the draws between the bounds.

    `chance` is the probability that no other repair saves more.
    """

    key: str
    label: str
    value: float
    target: float
    saving: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The stages by what their repair saves, largest first, and the stages that cannot be told for lack of data."""

    candidates: tuple[Candidate, ...]
    too_little: tuple[str, ...]
    outcome: str
    draws: int
    seed: int
    cost: float | None = None  # of one outcome as the figures stand; None without prices

    @property
    def first(self) -> Candidate | None:
        """The bottleneck; None when every judged stage meets its target, or none can be judged."""
        return next((one for one in self.candidates if one.saving > 0), None)

    @property
    def clear(self) -> bool:
        """Whether the data single it out; else a second stage may as well be the bottleneck."""
        return self.first is not None and self.first.chance >= CLEAR


def stages_of(rates: Sequence[Rate]) -> list[StageCounts]:
    """A judged funnel as this module wants it: in the order of calls, whatever order the brief names its metrics in."""
    calls = (rate for rate in rates if rate.from_calls)
    told = sorted(calls, key=lambda rate: STAGE_OF_METRIC.get(rate.key, len(Stage)))
    return [
        StageCounts(
            rate.key,
            rate.label,
            None if rate.verdict is Verdict.NO_DATA else rate.numerator,
            rate.denominator,
            None if rate.target is None else float(rate.target),
            rate.direction,
            rate.minimum,
            rate.numerator_label,
        )
        for rate in told
    ]


def bottleneck(
    stages: Sequence[StageCounts], *, seed: int, prices: Mapping[str, float] | None = None, draws: int = DRAWS
) -> Bottleneck:
    """Rank the stages, given in the order of the funnel. `prices` maps the key of a stage to the price of one of its
    denominators (of a dial, for the contact rate); without it only the first denominator costs.
    """
    chain = _chain(stages)
    judged = [place for place, stage in enumerate(chain) if stage.judged]
    paid = [(prices or {}).get(stage.key, 0.0) for stage in chain]
    priced = any(paid)
    if chain and not priced:
        paid[0] = 1.0
    point = [(stage.numerator or 0) / (stage.denominator or 1) for stage in chain]
    goals = [stage.target or 0.0 for stage in chain]
    random = Random(seed)  # noqa: S311  (a simulation that can be repeated, no secret)
    drawn: list[list[float]] = []
    for _ in range(draws if judged else 0):
        rates = [
            random.betavariate((s.numerator or 0) + 0.5, (s.denominator or 0) - (s.numerator or 0) + 0.5)
            for s in chain
        ]
        drawn.append(_savings(rates, goals, paid, judged))
    best = _savings(point, goals, paid, judged)
    candidates = [
        _candidate(chain[place], best[nth], [row[nth] for row in drawn], _wins(drawn, nth))
        for nth, place in enumerate(judged)
    ]
    told = {chain[place].key for place in judged}
    return Bottleneck(
        candidates=tuple(sorted(candidates, key=lambda one: (-one.saving, -one.chance))),
        too_little=tuple(
            s.label for s in stages if s.target is not None and s.direction == "up" and s.key not in told
        ),
        outcome=chain[-1].outcome if chain else "",
        draws=draws,
        seed=seed,
        cost=_cost(point, paid) if priced and all(point) else None,
    )


def _chain(stages: Sequence[StageCounts]) -> list[StageCounts]:
    """The funnel from its top down to the last stage that is known without a gap."""
    chain = []
    for stage in stages:
        if not stage.known:
            break
        chain.append(stage)
    return chain


def _cost(rates: Sequence[float], paid: Sequence[float]) -> float:
    """What one outcome costs: of each denominator, as many as it takes to come to one outcome."""
    return sum(price / prod(max(rate, _LEAST) for rate in rates[place:]) for place, price in enumerate(paid))


def _savings(
    rates: Sequence[float], goals: Sequence[float], paid: Sequence[float], judged: Sequence[int]
) -> list[float]:
    """The share of the cost that each judged stage's repair would save."""
    whole = _cost(rates, paid)
    saved = []
    for place in judged:
        repaired = [*rates[:place], max(rates[place], goals[place]), *rates[place + 1 :]]
        saved.append(max(0.0, 1 - _cost(repaired, paid) / whole))
    return saved


def _wins(drawn: Sequence[Sequence[float]], nth: int) -> float:
    """In which share of the draws this stage saves most, and anything at all."""
    return sum(row[nth] > 0 and row[nth] == max(row) for row in drawn) / len(drawn) if drawn else 0.0


def _candidate(stage: StageCounts, saving: float, drawn: Sequence[float], chance: float) -> Candidate:
    ordered = sorted(drawn)
    last = len(ordered) - 1
    return Candidate(
        key=stage.key,
        label=stage.label,
        value=(stage.numerator or 0) / (stage.denominator or 1),
        target=stage.target or 0.0,
        saving=saving,
        low=ordered[round(0.025 * last)],
        high=ordered[round(0.975 * last)],
        chance=chance,
    )
