"""What moved the cost of one outcome."""

from collections.abc import Sequence

from common.wording import percent_text, plural
from engagements.stages import Stage
from kpis.charts.bars import split_bars
from kpis.numbers_page import Picture
from kpis.selectors.signals import WhatMoved
from kpis.signals.moved import Moved, Part


def cost_text(value: float, currency: str = "") -> str:
    """A cost per outcome: "62.48 USD", without a currency "41.2 dials"."""
    return f"{_amount(value, currency)} {currency or 'dials'}"


def change_text(value: float, currency: str = "") -> str:
    """A change of a cost with its sign."""
    return f"{'−' if value < 0 else '+'}{_amount(abs(value), currency)}"


def _amount(value: float, currency: str) -> str:
    digits = 2 if currency else 1 if abs(value) < 100 else 0
    return f"{value:,.{digits}f}"


def moved_sentences(found: WhatMoved) -> list[str]:
    """The answer to "what moved the cost?"."""
    if found.outcome is None or found.split is None:
        wanted = found.outcome.label.lower() if found.outcome else "stage"
        return [
            f"The two periods cannot be compared: no {wanted} is known in both, so that there is no cost of one."
        ]
    split, unit = found.split, found.currency
    one = "qualified contact" if found.outcome is Stage.QUALIFIED else found.outcome.label.lower()
    said = [
        f"One {one} {'cost' if unit else 'took'} {cost_text(split.before, unit)} before "
        f"({found.before[-1]:,} of {plural(found.before[0], 'dial')}) and {cost_text(split.after, unit)} after "
        f"({found.after[-1]:,} of {found.after[0]:,}): {change_text(split.change, unit)} {unit or 'dials'}."
    ]
    if split.chance:
        said.append(
            f"The change may be chance: the dials for one are after between {split.low:.2f} and {split.high:.2f} "
            "times those before (95% interval). What follows says where it would come from."
        )
    said += _largest(split, unit)
    if found.left_out:
        said.append(
            f"Left out: {plural(found.left_out, 'dial')} whose files do not tell every stage down to this one."
        )
    return said


def _largest(split: Moved, unit: str) -> list[str]:
    """The largest part in the direction of the change and, where others worked against it, the largest of those."""
    along = sorted(
        (part for part in split.parts if part.change * split.change > 0), key=lambda part: -abs(part.change)
    )
    against = sorted(
        (part for part in split.parts if part.change * split.change < 0), key=lambda part: -abs(part.change)
    )
    if not along:
        return []
    first, share = along[0], along[0].change / split.change
    if share <= 1 and (not against or abs(against[0].change) <= abs(first.change)):
        return [
            f"Most of it comes from {_part(first.label)}: {change_text(first.change, unit)} {unit or 'dials'}, "
            f"{percent_text(share, digits=0)} of the change."
        ]
    did, undid = ("saved", "took back") if split.change < 0 else ("added", "saved")
    return [f"{_side(along, did, unit)}; {_side(against, undid, unit, first=False)}."]


def _side(parts: Sequence[Part], did: str, unit: str, *, first: bool = True) -> str:
    """ "Show rate saved most (−16.6 dials), 3 more parts −8.4 together"."""
    largest, rest = parts[0], parts[1:]
    name = largest.label if first else _part(largest.label)
    most = f"{' most' if rest else ''} ({change_text(largest.change, unit)} {unit or 'dials'})"
    together = change_text(sum(part.change for part in rest), unit)
    more = f", {plural(len(rest), 'more part')} {together} together" if len(rest) > 1 else ""
    one = f", {_part(rest[0].label)} {together}" if len(rest) == 1 else ""
    return f"{name} {did}{most}{more}{one}"


def counted_in(found: WhatMoved) -> str:
    """Say in what the cost is counted, and why not in money where somebody would expect it."""
    if found.currency:
        hours = {
            None: "",
            True: " An agent hour counts by the dials that were really made in it.",
            False: " An agent hour counts at the agreed dials: the hours of these days are not all known.",
        }[found.real_hours]
        return f"The cost is what was paid by the prices that held on each day, in {found.currency}.{hours}"
    if found.unpriced:
        return "The cost is counted in dials: prices in one currency did not hold on all of these days."
    return "The cost is counted in dials."


def _part(label: str) -> str:
    return f"the {label[0].lower()}{label[1:]}"


def moved_picture(split: Moved, currency: str = "") -> Picture:
    """The parts of the change as bars and as a table that sums to it."""
    unit = f"{currency or 'Dials'} per outcome"
    ends = f"from {cost_text(split.before, currency)} to {cost_text(split.after, currency)}"
    sentence = (
        f"What each part did to the cost of one outcome, in {currency or 'dials'}: "
        f"together {change_text(split.change, currency)}, {ends}."
    )
    spec = split_bars(
        [(part.label, part.change, change_text(part.change, currency)) for part in split.parts],
        title=sentence,
        unit=unit,
        width="container",
    )
    table = [[part.label, change_text(part.change, currency)] for part in split.parts]
    together = ["Together", change_text(split.change, currency)]
    return Picture(spec, sentence, ("Part", unit), [*table, together])
