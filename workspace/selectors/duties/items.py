"""Each open item is on somebody’s My work: in its own duty, else in one for who signs for its side."""

from collections.abc import Iterable, Iterator
from datetime import date

from accounts.roles import Side
from common.wording import plural
from kpis.selectors.window_days import LAST_SUPERVISED
from milestones.links import url_of
from milestones.rules.facts import SIDES, Blocker, Kind
from milestones.rules.waiting import waits_with
from milestones.selectors.reviews import date_of
from milestones.selectors.standing import Standing
from milestones.selectors.waits import Waiting

from .duty import SIGNERS, Duty

# Kinds of which each item is cleared alone; several of any other kind are cleared on one page.
SINGLE = {
    Kind.MILESTONE, Kind.CHECK, Kind.FINDING, Kind.REVIEW, Kind.DATE, Kind.ACTION, Kind.FIX, Kind.SIGNATURE,
}  # fmt: skip
# What to do about items that have no duty of their own: a verb and, but where the item says it itself, a title.
DEEDS = {
    Kind.PLAN: ("Make", "Plan"),
    Kind.LAUNCH: ("Move", "Launch date"),
    Kind.BRIEF: ("Write", "Campaign brief"),
    Kind.CHECK: ("Test", ""),
    Kind.AGENT: ("Certify", "Agents who may not dial yet"),
    Kind.BREACH: ("Answer", "Breaches by agents who were not cleared"),
    Kind.WINDOWS: ("Answer", "Calls of days 11 to 14 outside of their windows"),
    Kind.BASELINE: ("Freeze", "Baseline of days 11 to 30"),
    Kind.FINDING: ("Answer", ""),
    Kind.DELIVERABLE: ("Make", "Report of the gate"),
    Kind.CARRIED: ("Settle", "What was found after the last gate had passed"),
    Kind.REVIEW: ("Run", ""),
    Kind.OPTIMISATION: ("Propose", "Plan against the bottleneck"),
    Kind.FORWARD: ("Answer", "Four questions of day 90 and the next targets"),
}
SCRIPT = {
    "client": ("Decide", "Script that was sent"),
    "operator": ("Send", "Script, for the client’s approval"),
}


def key_of(item: Blocker) -> str:
    """By what a duty says which items it clears."""
    return f"{item.kind}:{item.target}" if item.kind in SINGLE else str(item.kind)


def with_items(standing: Standing, duties: Iterable[Duty], waiting: Waiting) -> Iterator[Duty]:
    """The duties, each with how many of the open items it clears, and those that no duty told of."""
    open_items: dict[tuple[str, str], list[Blocker]] = {}
    for item in waiting.all:
        if (side := waits_with(item)) in SIDES:
            open_items.setdefault((key_of(item), side), []).append(item)
    for duty in duties:
        found = _cleared(duty, open_items)
        yield duty._replace(counts=len(open_items.pop(found)), side=found[1]) if found else duty
    for items in open_items.values():
        yield _duty(standing, items)


def _cleared(duty: Duty, open_items: dict[tuple[str, str], list[Blocker]]) -> tuple[str, str] | None:
    keys = [duty.about]
    if duty.about.startswith(f"{Kind.FIX}:"):
        # A fix that is late keeps its gate shut as a part of its finding.
        keys.append(duty.about.replace(Kind.FIX, Kind.FINDING, 1))
    sides = [duty.side] if duty.side else SIDES
    return next(((key, side) for key in keys for side in sides if (key, side) in open_items), None)


def _duty(standing: Standing, items: list[Blocker]) -> Duty:
    """One duty for these items of one side, for who signs for it."""
    first = items[0]
    side = waits_with(first)
    verb, title = SCRIPT[side] if first.kind is Kind.SCRIPT else DEEDS.get(first.kind, ("Do", ""))
    title = title or first.text.rstrip(".")
    title += f" ({plural(len(items), 'item')})" if len(items) > 1 else ""
    return Duty(
        verb, title, url_of(first, standing.engagement), _due(standing, first), side=side,
        roles=(SIGNERS[Side(side)].value,), whys=_whys(standing, first), masked=True,
        about=key_of(first), counts=len(items),
    )  # fmt: skip


def _due(standing: Standing, item: Blocker) -> date:
    """The day of its review, the last day whose dial times are watched, else the one of the next gate."""
    if item.kind is Kind.WINDOWS:
        return standing.calendar.due(LAST_SUPERVISED)
    if item.kind is Kind.REVIEW:
        review = next((each for each in standing.reviews if str(each.public_id) == item.target), None)
        if review:
            return date_of(review)
    gate = standing.next_gate
    return gate.forecast_on if gate else standing.today


def _whys(standing: Standing, item: Blocker) -> tuple[str, ...]:
    """That its days are not over yet, of a baseline."""
    gate = standing.next_gate
    if item.kind is not Kind.BASELINE or gate is None or standing.today >= standing.calendar.due(gate.day):
        return ()
    return (f"The days up to day {gate.day} are not over.",)
