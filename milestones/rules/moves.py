"""What moves when a locked date moves, and why one may not move. Pure: dates in, moves or reasons out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from common.days import LAUNCH_DAY, SETUP_DAYS, Calendar, WhenOff, contracted_launch
from common.hashing import content_hash
from common.wording import joined
from milestones.dates import LONGEST_SHIFT, MIN_REASON

LAUNCH = "launch"
# How far a launch that could not be kept moves on one side's word; a longer wait is a new agreement.
UNASKED_DAYS = 14


@dataclass(frozen=True)
class PlannedItem:
    """One dated item of a plan. `key` is such as "milestone-kickoff"; `gate` is the key of the gate of its phase.

    `closed`: it is done, or its gate has passed, so that its date stands. `expected`: when a gate is expected to pass,
    where that is later than its date: it is held.
    """

    key: str
    kind: str
    title: str
    day: int
    on: date
    gate: str = ""
    after: tuple[str, ...] = ()
    closed: bool = False
    done: bool = False
    expected: date | None = None


@dataclass(frozen=True)
class Move:
    """One date that changes."""

    key: str
    title: str
    from_on: date
    to_on: date

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days


def moves_digest(moves: Iterable[Move]) -> str:
    """Hash of what moves from where to where: whoever accepts a date says that this is what they read."""
    return content_hash([[move.key, move.from_on, move.to_on] for move in moves])


def ripple(items: Sequence[PlannedItem], key: str, to_on: date, calendar: Calendar) -> list[Move]:
    """Everything that moves when one item does: itself first, then what follows from it, by date.

    A launch takes along every date from day 11 on. A later item takes along what waits for it, each by the same
    days; a gate moves to the last open date before it; a day-10 gate that reaches the launch takes the launch along.
    An item that comes earlier takes nothing along: nobody has agreed to be ready sooner.
    """
    by_key = {item.key: item for item in items}
    new: dict[str, date] = {}
    launch = calendar.launch
    if key == LAUNCH:
        launch = to_on
        _follow_launch(new, items, calendar, to_on)
    else:
        new[key] = to_on
        days = (to_on - by_key[key].on).days
        if days > 0:
            for follower in _followers(items, key):
                new[follower] = _worked(calendar, by_key[follower].on + timedelta(days=days))
            _push_gates(new, items)
            setup = next((item for item in items if item.kind == "gate" and item.day <= SETUP_DAYS), None)
            if setup and not setup.closed and new.get(setup.key, setup.on) >= launch:
                launch = new.get(setup.key, setup.on) + timedelta(days=1)
                _follow_launch(new, items, calendar, launch)
                _push_gates(new, items)
    moves = [Move(k, by_key[k].title, by_key[k].on, on) for k, on in new.items() if on != by_key[k].on]
    if launch != calendar.launch:
        moves.append(Move(LAUNCH, "Launch", calendar.launch, launch))
    return sorted(moves, key=lambda move: (move.key != key, move.from_on, move.title))


def _worked(calendar: Calendar, on: date) -> date:
    """The date itself, or the next day that is worked where due dates care for days off."""
    if calendar.work.when_off is WhenOff.STAYS:
        return on
    return calendar.work.from_(on) or on


def _follow_launch(
    new: dict[str, date], items: Iterable[PlannedItem], calendar: Calendar, launch: date
) -> None:
    """The launch has moved: every date from day 11 on goes along, and keeps what was agreed for it alone."""
    after = calendar.with_launch(launch)
    for item in items:
        if item.day >= LAUNCH_DAY and not item.closed:
            agreed = item.on - calendar.due(item.day)
            moved = _worked(after, after.due(item.day) + agreed) if agreed else after.due(item.day)
            new[item.key] = max(new.get(item.key, moved), moved)


def _followers(items: Iterable[PlannedItem], key: str) -> list[str]:
    """Open items that wait for this one, directly or through others."""
    found: list[str] = []
    waiting = [key]
    while waiting:
        before = waiting.pop()
        for item in items:
            if before in item.after and item.key not in found and item.key != key and not item.closed:
                found.append(item.key)
                waiting.append(item.key)
    return found


def _push_gates(new: dict[str, date], items: Sequence[PlannedItem]) -> None:
    """No gate passes before what it waits for: it moves to the last of the moved dates of its phase."""
    for gate in items:
        if gate.kind != "gate" or gate.closed:
            continue
        latest = max(
            (new[item.key] for item in items if item.gate == gate.key and item.key in new), default=None
        )
        if latest and latest > new.get(gate.key, gate.on):
            new[gate.key] = latest


@dataclass(frozen=True)
class DateWish:
    """A wish to give one item of a locked plan another date; `contracted` is the date that both sides locked."""

    key: str
    title: str
    on: date
    to_on: date
    contracted: date | None
    reason: str
    today: date
    cleared: bool
    calendar: Calendar


def wish_blockers(wish: DateWish, items: Sequence[PlannedItem]) -> list[str]:
    """Say why this date cannot be proposed, or cannot be accepted any more; an empty list means that it can."""
    item = next((each for each in items if each.key == wish.key), None)
    if item and item.closed:
        why = "is done" if item.done else "belongs to a gate that has passed"
        return [f"“{wish.title}” {why}: its date stands."]
    if wish.key == LAUNCH and wish.cleared:
        return ["The day-10 gate has passed: the launch date stands."]
    reasons = [*_date_reasons(wish, item), *_order_reasons(wish, item, items)]
    if not reasons:  # a date that cannot be has nothing that would follow from it
        reasons = _gates_in_order(wish, items)
    if len(wish.reason.strip()) < MIN_REASON:
        reasons.append("Say in a sentence why the date moves; the reason stays on record.")
    return reasons


def _date_reasons(wish: DateWish, item: PlannedItem | None) -> list[str]:
    reasons = []
    if wish.to_on == wish.on:
        reasons.append("That is its date already.")
    if wish.key == LAUNCH:
        first = contracted_launch(wish.calendar.kickoff)
        if wish.to_on < first:
            reasons.append(f"The launch cannot come before {_said(first)}: days 1 to 10 are setup.")
        if wish.to_on <= wish.today:
            reasons.append("The new launch date must lie after today.")
    elif wish.to_on < wish.today:
        reasons.append("The new date must not lie in the past.")
    if item and item.day >= LAUNCH_DAY and wish.to_on < wish.calendar.launch:
        reasons.append(f"It comes after the launch of {_said(wish.calendar.launch)}.")
    if item and item.day < LAUNCH_DAY and wish.to_on < wish.calendar.kickoff:
        reasons.append(f"Day 1 is {_said(wish.calendar.kickoff)}: nothing of the plan lies before it.")
    latest = (wish.contracted or wish.on) + timedelta(days=LONGEST_SHIFT)
    if wish.to_on > latest:
        reasons.append(
            f"It can move to {_said(latest)} at the latest, {LONGEST_SHIFT} days after the contracted date: "
            "check the year."
        )
    return reasons


def _order_reasons(wish: DateWish, item: PlannedItem | None, items: Sequence[PlannedItem]) -> list[str]:
    reasons = []
    if item:
        reasons += [
            f"It waits for “{before.title}”, which is due {_said(before.on)}."
            for before in items
            if before.key in item.after and not before.done and before.on > wish.to_on
        ]
    if item and (first := _gate_before(item, items)) and _expected(first) > wish.to_on:
        name = first.title.removeprefix("Gate: ")
        reasons.append(
            f"This date lies before the gate “{name}” ({_said(_expected(first))}), which has to pass first."
        )
    if item and item.kind == "gate":
        late = [each for each in items if each.gate == item.key and not each.closed and each.on > wish.to_on]
        if late:
            names = joined([f"“{each.title}”" for each in late[:3]])
            reasons.append(f"The gate cannot pass before what it waits for: {names}.")
        ends = wish.calendar.date_of(item.day)
        if item.day >= LAUNCH_DAY and wish.to_on < ends:
            reasons.append(f"Day {item.day} is {_said(ends)}: the gate cannot pass before its days are over.")
    if wish.key == LAUNCH:
        setup = next((each for each in items if each.kind == "gate" and each.day <= SETUP_DAYS), None)
        if setup and setup.on >= wish.to_on:
            reasons.append(f"“{setup.title}” is due {_said(setup.on)}: the launch comes after it.")
    return reasons


def _gate_before(item: PlannedItem, items: Sequence[PlannedItem]) -> PlannedItem | None:
    """The open gate that has to pass before anything of an item's phase can be done."""
    own = next((each for each in items if each.key == item.gate), item)
    before = [each for each in items if each.kind == "gate" and each.day < own.day and not each.closed]
    return max(before, key=_expected, default=None)


def _expected(gate: PlannedItem) -> date:
    return max(gate.on, gate.expected or gate.on)


def _gates_in_order(wish: DateWish, items: Sequence[PlannedItem]) -> list[str]:
    """No gate may come to lie behind the next one."""
    moved = {move.key: move.to_on for move in ripple(items, wish.key, wish.to_on, wish.calendar)}
    gates = sorted((item for item in items if item.kind == "gate"), key=lambda gate: gate.day)
    return [
        f"“{first.title}” would come to lie after “{second.title}” of {_said(second.on)}: move that one first."
        for first, second in pairwise(gates)
        if first.key in moved and moved[first.key] >= moved.get(second.key, second.on)
    ]


def unasked_move_possible(calendar: Calendar, *, today: date, cleared: bool) -> bool:
    """Whether a locked launch can no longer be kept: its eve has come and the day-10 gate has not passed."""
    return not cleared and today >= calendar.eve


def unasked_move_blockers(wish: DateWish) -> list[str]:
    """Say why one side alone cannot move a launch now; an empty list means that it may."""
    if not unasked_move_possible(wish.calendar, today=wish.today, cleared=wish.cleared):
        return [
            "Both sides have locked the timeline: propose the new launch date, the other side accepts it."
        ]
    latest = wish.today + timedelta(days=UNASKED_DAYS)
    if wish.to_on > latest:
        return [
            f"Without the other side's word the launch moves to {_said(latest)} at the latest: "
            "propose a later date instead."
        ]
    if wish.to_on < wish.calendar.launch:
        return ["A launch that cannot be kept moves to a later day."]
    return []


@dataclass(frozen=True)
class AnswerFacts:
    """One side's answer to a proposal; `answer` is accepted, declined or withdrawn."""

    answer: str
    given: str
    given_by: str
    by_side: str
    proposed_by: str
    in_effect: bool
    stale: bool
    reason: str = ""


def answer_blockers(facts: AnswerFacts) -> list[str]:
    """Say why this answer cannot be given."""
    if facts.given:
        who = f" by {facts.given_by}" if facts.given_by else ""
        return [f"This proposal has been {facts.given} already{who}."]
    if facts.answer == "withdrawn":
        if facts.by_side != facts.proposed_by:
            return ["Only the side that has proposed this date withdraws it."]
        return ["The launch has moved already: propose another date instead."] if facts.in_effect else []
    if facts.by_side == facts.proposed_by:
        return [f"The {facts.proposed_by} has proposed this date: the other side answers."]
    if facts.answer == "declined":
        if len(facts.reason.strip()) < MIN_REASON:
            return ["Say in a sentence why; the other side reads it."]
        return []
    if facts.stale and not facts.in_effect:
        return ["The date has changed since this was proposed: ask for a new proposal."]
    return []


def _said(on: date) -> str:
    return f"{on:%-d %B %Y}"
