"""What of the calls a metric of one's own counts, and by what it can be told. Pure.

Each side of a metric is one measure: calls with certain codes or meanings, calls that reached a stage, or seconds. All
come from sums that are kept by day, lead source and agent; by hour there are sums of stages and seconds, none of codes.
"""

from collections.abc import Sequence
from typing import Protocol

from django.db.models import TextChoices

from common.wording import cut_short, joined

from ..outcomes import Outcome
from ..stages import Stage

MOST_CODES = 30
CALLS = "the imported calls"


class Measure(TextChoices):
    """One side of a metric as the calls tell it."""

    CODES = "codes", "Calls with these codes"
    MEANINGS = "meanings", "Calls with these meanings"
    CALLS = "calls", "Calls"
    DIALS = "dials", "Dials"
    CONTACTS = "contacts", "Contacts"
    QUALIFIED = "qualified", "Qualified"
    TRANSFERS = "transfers", "Transfers"
    SHOWS = "shows", "Shows"
    CLOSES = "closes", "Closes"
    TALK = "talk", "Seconds spoken"
    TIMED = "timed", "Calls whose talk time is known"
    WRAP = "wrap", "Seconds of wrap-up"
    WRAPPED = "wrapped", "Calls whose wrap-up is known"


NAMED = frozenset({Measure.CODES, Measure.MEANINGS})
SECONDS = frozenset({Measure.TALK, Measure.WRAP})
STAGES = {
    Measure.DIALS: Stage.DIAL,
    Measure.CONTACTS: Stage.CONTACT,
    Measure.QUALIFIED: Stage.QUALIFIED,
    Measure.TRANSFERS: Stage.TRANSFER,
    Measure.SHOWS: Stage.SHOW,
    Measure.CLOSES: Stage.CLOSE,
}


class Contract(Protocol):
    """A metric, as far as its counting goes."""

    @property
    def denominator(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def numerator_measure(self) -> str: ...
    @property
    def numerator_which(self) -> str: ...
    @property
    def denominator_measure(self) -> str: ...
    @property
    def denominator_which(self) -> str: ...


def listed(which: str) -> tuple[str, ...]:
    """The codes or meanings that somebody named, each once: "SALE, XFER" or one a line."""
    found = (" ".join(part.split()) for part in which.replace(";", ",").replace("\n", ",").split(","))
    return tuple({part.casefold(): part for part in found if part}.values())


def named(measure: str, which: str) -> tuple[str, ...]:
    """What a side names: codes as they are written, meanings by their keys; a meaning that is none stays as written."""
    parts = listed(which)
    if measure != Measure.MEANINGS:
        return parts
    found: list[str] = []
    at = 0
    while at < len(parts):
        # Some labels have a comma of their own.
        for size in (3, 2, 1):
            one = outcome_of(", ".join(parts[at : at + size]))
            if one or size == 1:
                found.append(one.value if one else parts[at])
                at += size
                break
    return tuple(dict.fromkeys(found))


def outcome_of(name: str) -> Outcome | None:
    """The meaning of this name, by its label or key."""
    folded = name.strip().casefold()
    return next((one for one in Outcome if folded in (one.value, one.label.casefold())), None)


def measure_text(measure: str, which: str) -> str:
    """One side in words: "calls with the codes SALE and XFER", "seconds spoken"."""
    if not measure:
        return ""
    names = named(measure, which)
    match Measure(measure):
        case Measure.CODES:
            return f"calls with the code{'s' if len(names) > 1 else ''} {joined(names)}"
        case Measure.MEANINGS:
            meant = [f"“{one.label}”" for name in names if (one := outcome_of(name))]
            return f"calls that mean {joined(meant, 'or')}"
        case plain:
            return plain.label[0].lower() + plain.label[1:]


def counted_text(metric: Contract) -> str:
    """Both sides in words; "" for a metric that is entered as daily totals."""
    above = measure_text(metric.numerator_measure, metric.numerator_which)
    below = measure_text(metric.denominator_measure, metric.denominator_which)
    return f"{above} ÷ {below}" if above and below else above


def told_by(metric: Contract) -> str:
    """Say by what a metric can be told apart, and by what it cannot; "" for one that is entered as daily totals."""
    if not metric.numerator_measure:
        return ""
    if NAMED & {metric.numerator_measure, metric.denominator_measure}:
        return "told by day, lead source and agent; not by hour, for which codes are not summed"
    return "told by day, lead source, agent and hour"


def measure_faults(metric: Contract) -> list[tuple[str, str]]:
    """What is wrong with how a metric counts the calls: (field, reason)."""
    above, below = metric.numerator_measure, metric.denominator_measure
    if not above:
        return [("denominator_measure", "Say what of the calls is counted above it, too.")] if below else []
    faults = [
        *_side_faults("numerator", above, metric.numerator_which),
        *_side_faults("denominator", below, metric.denominator_which),
    ]
    if metric.denominator and not below:
        faults.append(("denominator_measure", "Say what of the calls it is taken of."))
    if below and not metric.denominator:
        faults.append(("denominator", "Say what it is taken of."))
    return faults or _unit_faults(metric)


def _side_faults(side: str, measure: str, which: str) -> list[tuple[str, str]]:
    names = named(measure, which)
    if measure not in NAMED:
        return [(f"{side}_which", "Only codes and meanings are named here.")] if names else []
    if not names:
        what = "codes" if measure == Measure.CODES else "meanings"
        return [(f"{side}_which", f"Name the {what}, with commas between.")]
    if len(names) > MOST_CODES:
        return [(f"{side}_which", f"Name {MOST_CODES} at most.")]
    if measure == Measure.MEANINGS and (wrong := [name for name in names if outcome_of(name) is None]):
        known = ", ".join(f"“{one.label}”" for one in Outcome)
        return [(f"{side}_which", f"“{cut_short(wrong[0])}” is no meaning of a code. There are: {known}.")]
    return []


def _unit_faults(metric: Contract) -> list[tuple[str, str]]:
    above, below = metric.numerator_measure, metric.denominator_measure
    seconds = above in SECONDS, below in SECONDS
    if seconds[1] and not seconds[0]:
        return [("denominator_measure", "Seconds can be taken of seconds only.")]
    allowed: Sequence[str] = ("seconds",) if seconds[0] and not seconds[1] else ("percent", "count")
    if not below:
        allowed = ("seconds",) if seconds[0] else ("count",)
    if metric.unit not in allowed:
        return [("unit", f"What is counted so is told in {joined(allowed, 'or')}.")]
    stages = STAGES.get(Measure(above)), STAGES.get(Measure(below)) if below else None
    if metric.unit == "percent" and stages[0] is not None and stages[1] is not None and stages[0] < stages[1]:
        return [("denominator_measure", "A percentage is taken of a stage that comes before.")]
    return []
