"""Patterns of the first weeks: who or what stands apart from the rest by more than chance. Pure.

Each group is compared with all others together, by the two-sided test of two proportions with continuity correction
(Fleiss, Levin and Paik, "Statistical Methods for Rates and Proportions", 3rd edition, 2003, section 3.2). Several
comparisons made at once are judged together at 5%, by Holm's method (kpis.signals.multiple), so that one wobble among
twenty is no pattern. Where fewer than five are expected on either side nothing is judged (Cochran, Biometrics 10, 1954,
417-451).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

from common.wording import capital, joined, percent_text, plural
from engagements.stages import Stage
from kpis.funnel import wilson
from kpis.signals.multiple import holm

LEVEL = 0.05
EXPECTED = 5
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Place(StrEnum):
    """Where a group stands beside all others together."""

    ABOVE = "above"
    BELOW = "below"
    WITHIN = "within"
    TOO_FEW = "too-few"


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many, under a name."""

    label: str
    successes: int
    trials: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One group beside the rest. Shares lie between 0 and 1; `low` and `high` bound the 95% interval of its own."""

    label: str
    successes: int
    trials: int
    value: float | None
    low: float | None
    high: float | None
    rest: float | None
    place: Place


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rate by one kind of group: its rows in the given order, and what they say in a sentence."""

    key: str
    rate: str
    by: str
    minimum: int
    rows: tuple[Compared, ...]
    sentence: str

    @property
    def apart(self) -> tuple[Compared, ...]:
        """The rows that differ from the rest by more than chance."""
        return tuple(row for row in self.rows if row.place in (Place.ABOVE, Place.BELOW))


def p_value(one: Count, other: Count) -> float | None:
    """How likely two such different shares are by chance; None where too few are expected to say so."""
    trials, successes = one.trials + other.trials, one.successes + other.successes
    if not one.trials or not other.trials:
        return None
    share = successes / trials
    expected = [n * part for n in (one.trials, other.trials) for part in (share, 1 - share)]
    if min(expected) < EXPECTED:
        return None
    correction = (1 / one.trials + 1 / other.trials) / 2
    gap = abs(one.successes / one.trials - other.successes / other.trials) - correction
    spread = sqrt(share * (1 - share) * (1 / one.trials + 1 / other.trials))
    return 2 * (1 - NormalDist().cdf(max(gap, 0.0) / spread))


def compare(groups: Sequence[Count], minimum: int) -> tuple[Compared, ...]:
    """Each group beside all others together; below the minimum sample it is not judged."""
    all_trials, all_successes = sum(g.trials for g in groups), sum(g.successes for g in groups)
    rests = [Count("", all_successes - g.successes, all_trials - g.trials) for g in groups]
    chances = [
        p_value(group, rest) if min(group.trials, rest.trials) >= minimum else None
        for group, rest in zip(groups, rests, strict=True)
    ]
    adjusted = iter(holm([chance for chance in chances if chance is not None]))
    return tuple(
        _compared(group, rest, None if chance is None else next(adjusted))
        for group, rest, chance in zip(groups, rests, chances, strict=True)
    )


def _compared(group: Count, rest: Count, chance: float | None) -> Compared:
    value = group.successes / group.trials if group.trials else None
    low, high = wilson(group.successes, group.trials) if group.trials else (None, None)
    other = rest.successes / rest.trials if rest.trials else None
    if chance is None or value is None or other is None:
        place = Place.TOO_FEW
    elif chance >= LEVEL:
        place = Place.WITHIN
    else:
        place = Place.ABOVE if value > other else Place.BELOW
    return Compared(group.label, group.successes, group.trials, value, low, high, other, place)


def pattern(key: str, rate: str, by: str, groups: Sequence[Count], minimum: int) -> Pattern:
    """A rate by groups, with its sentence. `by` names one group: "lead source", "agent"."""
    rows = compare(groups, minimum)
    return Pattern(key, rate, by, minimum, rows, _sentence(rate, by, rows))


def _sentence(rate: str, by: str, rows: Sequence[Compared]) -> str:
    if not any(row.trials for row in rows):
        return f"There is no data on the {rate} by {by}."
    named = [
        (Place.ABOVE, f"{rate} is above the rest"),
        (Place.BELOW, f"{rate} is below the rest"),
    ]
    parts = []
    for place, words in named:
        found = [row for row in rows if row.place is place]
        if found:
            who = joined(
                [f"{row.label} ({percent_text(row.value)} against {percent_text(row.rest)})" for row in found]
            )
            parts.append(f"{words}: {who}")
    few = sum(row.place is Place.TOO_FEW for row in rows)
    if not parts and few == len(rows):
        return f"There is too little data to compare the {rate} by {by}."
    said = "; ".join(parts) if parts else f"No {by} differs from the rest in its {rate} by more than chance"
    tail = f" {plural(few, by)} {'has' if few == 1 else 'have'} too few to judge." if few else ""
    return f"{capital(said)}.{tail}"


@dataclass(frozen=True, slots=True)
class Use:
    """How often an agent gave a code; `stage` is what the code means for the funnel."""

    agent: str
    code: str
    meaning: str
    stage: Stage
    calls: int


@dataclass(frozen=True, slots=True)
class Suspicion:
    """An agent gives a code more or less often than the others do. That asks for a spot check, it proves nothing."""

    agent: str
    code: str
    meaning: str
    calls: int
    of: int
    of_what: str
    rest: float
    more: bool

    @property
    def share(self) -> float:
        return self.calls / self.of


@dataclass(frozen=True, slots=True)
class Dispositions:
    """What the codes say: suspicions, strongest first, how many comparisons were made and how many had too few."""

    suspicions: tuple[Suspicion, ...]
    compared: int
    too_few: int

    @property
    def sentence(self) -> str:
        if not self.compared:
            return "There is too little data to compare how agents use the disposition codes."
        few = f" {plural(self.too_few, 'pair')} of agent and code had too few calls." if self.too_few else ""
        if not self.suspicions:
            return (
                f"No single code stands out: none is used more or less often by one agent than by the others beyond "
                f"chance, in {plural(self.compared, 'comparison')}.{few}"
            )
        named = joined(
            [
                f"{one.agent} gives “{one.code}” {'more' if one.more else 'less'} often "
                f"({percent_text(one.share)} of {one.of:,} {one.of_what}, the others {percent_text(one.rest)})"
                for one in self.suspicions[:3]
            ]
        )
        rest = f", and {len(self.suspicions) - 3} more" if len(self.suspicions) > 3 else ""
        return f"{named}{rest}. Calls with these codes are to be heard before anything is called misuse.{few}"


def dispositions(uses: Sequence[Use], minimum: int) -> Dispositions:
    """Each agent's share of each code beside that of all others together.

    Codes of calls that reached nobody are taken of all calls, the others of the contacts: whoever reaches more people
    gives more of them without any misuse.
    """
    calls, contacts = _totals(uses)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    codes: dict[str, Use] = {}
    for use in uses:
        counts[use.agent, use.code] += use.calls
        codes.setdefault(use.code, use)
    found: list[tuple[float, Suspicion]] = []
    few = 0
    for code, use in codes.items():
        of = calls if use.stage is Stage.DIAL else contacts
        for agent in sorted(calls):
            own = Count(agent, counts[agent, code], of[agent])
            everyone = sum(counts[other, code] for other in calls)
            rest = Count("", everyone - own.successes, sum(of.values()) - own.trials)
            chance = p_value(own, rest) if min(own.trials, rest.trials) >= minimum else None
            if chance is None:
                few += own.trials > 0
                continue
            share = rest.successes / rest.trials
            what = "calls" if use.stage is Stage.DIAL else "contacts"
            more = own.successes / own.trials > share
            found.append(
                (chance, Suspicion(agent, code, use.meaning, own.successes, own.trials, what, share, more))
            )
    adjusted = holm([chance for chance, _ in found])
    suspicious = sorted(
        ((chance, one) for (chance, one), together in zip(found, adjusted, strict=True) if together < LEVEL),
        key=lambda pair: pair[0],
    )
    return Dispositions(tuple(one for _, one in suspicious), len(found), few)


def _totals(uses: Sequence[Use]) -> tuple[dict[str, int], dict[str, int]]:
    calls: dict[str, int] = defaultdict(int)
    contacts: dict[str, int] = defaultdict(int)
    for use in uses:
        calls[use.agent] += use.calls
        contacts[use.agent] += use.calls if use.stage >= Stage.CONTACT else 0
    return calls, contacts
