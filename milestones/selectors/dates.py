"""Every date of a plan with its history: what was proposed and by whom, the answer, and what moved with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from milestones.models import LAUNCH, DateProposal, Gate, Milestone, ReadinessCheck, Review, Slip
from milestones.rules.events import EventFacts
from milestones.rules.moves import (
    AnswerFacts,
    DateWish,
    Move,
    PlannedItem,
    answer_blockers,
    moves_digest,
    ripple,
    wish_blockers,
)
from milestones.selectors.check_results import check_result
from milestones.selectors.standing import Standing, passed_on

Dated = Milestone | ReadinessCheck | Review | Gate
KIND_OF: dict[type[Dated], str] = {
    Milestone: "milestone", ReadinessCheck: "check", Review: "review", Gate: "gate",
}  # fmt: skip


def key_of(item: Dated) -> str:
    """How an item is named in proposals, slips and addresses: "milestone-kickoff"."""
    return f"{KIND_OF[type(item)]}-{item.code}"


def key_of_review(standing: Standing, review: Review) -> str:
    """How the date of a review is named: by the milestone that stands for it, where there is one. One query."""
    code = f"review-{review.code}"
    stands = Milestone.objects.filter(engagement=standing.engagement, code=code).exists()
    return f"milestone-{code}" if stands else code


def planned_items(standing: Standing) -> list[PlannedItem]:
    """The dated items of a plan as the rules of moves want them. A review that a milestone stands for is that one."""
    gates = {gate.code: gate for gate in standing.gates}
    after = {spec.code: spec.after for spec in standing.playbook.milestones}
    named = {item.code for item in standing.milestones}
    items = [
        PlannedItem(
            key=key_of(item), kind="milestone", title=item.title, day=item.day, on=item.forecast_on,
            gate=f"gate-{item.gate_code}", after=tuple(f"milestone-{code}" for code in after.get(item.code, ())),
            closed=item.done_on is not None or gates[item.gate_code].passed_at is not None,
            done=item.done_on is not None,
        )
        for item in standing.milestones
    ]  # fmt: skip
    others: list[tuple[ReadinessCheck | Review, bool]] = [
        *((check, check_result(standing, check) == "passed") for check in standing.checks),
        *(
            (each, each.held_on is not None or each.cancelled_at is not None)
            for each in standing.reviews
            if f"review-{each.code}" not in named
        ),
    ]
    for item, done in others:
        gate = next((gate for gate in standing.gates if item.day <= gate.day), None)
        items.append(
            PlannedItem(
                key=key_of(item), kind=KIND_OF[type(item)], title=item.title, day=item.day, on=item.forecast_on,
                gate=key_of(gate) if gate else "", done=done,
                closed=done or bool(gate and gate.passed_at),
            )
        )  # fmt: skip
    items += [
        PlannedItem(
            key=key_of(gate), kind="gate", title=f"Gate: {gate.title}", day=gate.day, on=gate.forecast_on,
            closed=gate.passed_at is not None, expected=standing.gate_date(gate),
        )
        for gate in standing.gates
    ]  # fmt: skip
    return items


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened to a date. `answer` says what became of it, `answer_by` who said so and when."""

    at: datetime
    by_name: str
    by_side: str
    from_on: date
    to_on: date
    reason: str
    side: str
    answer: str
    answer_name: str = ""
    answer_at: datetime | None = None
    answer_reason: str = ""
    with_title: str = ""

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days


@dataclass(frozen=True)
class OpenProposal:
    """A proposal that waits for an answer, with what would move and why it cannot be accepted any more."""

    proposal: DateProposal
    moves: tuple[Move, ...]
    blockers: tuple[str, ...]

    @property
    def also(self) -> tuple[Move, ...]:
        """What moves besides the item itself."""
        return tuple(move for move in self.moves if move.key != self.proposal.item)

    @property
    def digest(self) -> str:
        """What whoever accepts it has read."""
        return moves_digest(self.moves)


@dataclass(frozen=True)
class ItemDates:
    """One item with its three dates, what is proposed for it, and its history, the newest first; `holds` are the pauses
    of a gate, which move its forecast and no date.
    """

    key: str
    kind: str
    title: str
    contracted: date | None
    forecast: date
    actual: date | None
    closed: bool
    open: OpenProposal | None
    unanswered: tuple[DateProposal, ...]
    history: tuple[HistoryLine, ...]
    public_id: object = None
    holds: tuple[EventFacts, ...] = ()


def wish_of(standing: Standing, key: str, to_on: date, reason: str) -> DateWish | None:
    """A wish for another date, as the rules want it; None for an item that the plan does not have."""
    if key == LAUNCH:
        title, on, contracted = "Launch", standing.calendar.launch, standing.calendar.agreed
    else:
        item = find_item(standing, key)
        if item is None or isinstance(item, ReadinessCheck):
            return None
        title, on, contracted = item.title, item.forecast_on, item.contracted_on
    return DateWish(
        key=key, title=title, on=on, to_on=to_on, contracted=contracted, reason=reason, today=standing.today,
        cleared=standing.engagement.cleared, calendar=standing.calendar,
    )  # fmt: skip


def find_item(standing: Standing, key: str) -> Dated | None:
    """The item of this key; None when the plan has none, or when a milestone stands for it."""
    known = {item.key for item in planned_items(standing)}
    rows: Sequence[Dated] = [*standing.milestones, *standing.checks, *standing.reviews, *standing.gates]
    return next((row for row in rows if key_of(row) == key and key in known), None)


def open_proposals(standing: Standing) -> list[OpenProposal]:
    """What is proposed and not answered, each with what would move."""
    waiting = [each for each in standing.proposals if each.open and not each.in_effect]
    if not waiting:
        return []
    items = planned_items(standing)
    return [_opened(standing, items, each) for each in waiting]


def _opened(standing: Standing, items: list[PlannedItem], proposal: DateProposal) -> OpenProposal:
    wish = wish_of(standing, proposal.item, proposal.to_on, proposal.reason)
    if wish is None:
        return OpenProposal(proposal, (), ("The plan does not hold this item any more.",))
    blockers = wish_blockers(wish, items)
    if wish.on != proposal.from_on:
        facts = AnswerFacts("accepted", "", "", "other", "", in_effect=False, stale=True)
        blockers = answer_blockers(facts)
    moves = [] if blockers else ripple(items, proposal.item, proposal.to_on, standing.calendar)
    return OpenProposal(proposal, tuple(moves), tuple(blockers))


def item_dates(standing: Standing, key: str) -> ItemDates | None:
    """All that the page of one date shows; None for an item that the plan does not have."""
    history = _history(standing, key)
    own = [each for each in standing.proposals if each.item == key and each.open]
    unanswered = tuple(each for each in own if each.in_effect)
    opened = next((each for each in open_proposals(standing) if each.proposal.item == key), None)
    if key == LAUNCH:
        launch = standing.calendar.launch
        launched = standing.engagement.cleared and standing.today >= launch
        return ItemDates(
            key=key, kind=LAUNCH, title="Launch", contracted=standing.calendar.agreed, forecast=launch,
            actual=launch if launched else None, closed=standing.engagement.cleared, open=opened,
            unanswered=unanswered, history=history,
        )  # fmt: skip
    item = find_item(standing, key)
    if item is None or isinstance(item, ReadinessCheck):
        return None
    planned = next(each for each in planned_items(standing) if each.key == key)
    actual = actual_of(standing, item)
    return ItemDates(
        key=key, kind=planned.kind, title=planned.title, contracted=item.contracted_on,
        forecast=standing.gate_date(item) if isinstance(item, Gate) else standing.forecast_of(item, actual),
        actual=actual, closed=planned.closed, open=opened,
        unanswered=unanswered, history=history, public_id=item.public_id,
        holds=tuple(standing.holds(item)) if isinstance(item, Gate) else (),
    )  # fmt: skip


def actual_of(standing: Standing, item: Milestone | Review | Gate) -> date | None:
    """When an item was done, held or passed."""
    if isinstance(item, Gate):
        return passed_on(item, standing.engagement.zone)
    return item.done_on if isinstance(item, Milestone) else item.held_on


def _history(standing: Standing, key: str) -> tuple[HistoryLine, ...]:
    lines = [_told(each) for each in standing.proposals if each.item == key]
    for slip in standing.all_slips:
        if slip.proposal_id is None and slip.item == key:
            lines.append(_slipped(slip, slip.from_on, slip.to_on))
        lines += [
            _slipped(slip, date.fromisoformat(from_on), date.fromisoformat(to_on), with_title=slip.title)
            for moved, _, from_on, to_on in slip.moved
            if moved == key
        ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _told(proposal: DateProposal) -> HistoryLine:
    answer = proposal.answer or ("moved" if proposal.in_effect else "open")
    if proposal.in_effect and proposal.answer:
        answer = "agreed" if proposal.answer == "accepted" else "contested"
    return HistoryLine(
        at=proposal.at, by_name=proposal.by_name, by_side=proposal.by_side, from_on=proposal.from_on,
        to_on=proposal.to_on, reason=proposal.reason, side=proposal.get_side_display(), answer=answer,
        answer_name=proposal.answered_name, answer_at=proposal.answered_at, answer_reason=proposal.answer_reason,
    )  # fmt: skip


def _slipped(slip: Slip, from_on: date, to_on: date, with_title: str = "") -> HistoryLine:
    return HistoryLine(
        at=slip.at, by_name=slip.by_name, by_side="", from_on=from_on, to_on=to_on, reason=slip.reason,
        side=slip.get_side_display(), answer="moved", with_title=with_title,
    )  # fmt: skip
