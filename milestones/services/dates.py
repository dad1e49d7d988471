"""A locked date changes by a proposal of one side that the other side accepts; what follows from it moves along."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from engagements.locking import hold
from engagements.models import Engagement
from kpis.models import CauseSide
from milestones.models import (
    LAUNCH,
    Answer,
    DateProposal,
    Gate,
    Milestone,
    ReadinessCheck,
    Slip,
)
from milestones.rules.moves import (
    AnswerFacts,
    DateWish,
    Move,
    answer_blockers,
    moves_digest,
    ripple,
    unasked_move_blockers,
    wish_blockers,
)
from milestones.selectors.dates import planned_items, wish_of
from milestones.selectors.standing import Standing, standing_of
from milestones.services.reviews import follow_launch, follow_plan

MODELS = {"milestone": Milestone, "check": ReadinessCheck, "gate": Gate}
READ_AGAIN = "What moves with it has changed since this page was opened. Read the list again, then accept."
NOT_LOCKED = "Until both sides have locked the timeline its dates are changed without asking."


@transaction.atomic
def propose_date(
    *, engagement: Engagement, by: Seat, item: str, to_on: date, reason: str, side: str
) -> DateProposal:
    """Propose another date for an item of a locked plan; the other side answers. Raises Refused with the reasons."""
    by.require(Permission.EDIT_PLAN)
    engagement = hold(engagement.pk)
    standing = standing_of(engagement)
    wish = _wish(standing, item, to_on, reason)
    waiting = next((each for each in standing.proposals if _waits(each) and each.item == item), None)
    if waiting:
        raise Refused(
            f"The {waiting.by_side} has proposed {waiting.to_on:%-d %B %Y} for it: that has to be answered first."
        )
    if reasons := [*wish_blockers(wish, planned_items(standing)), *_side_reasons(side)]:
        raise Refused(reasons)
    proposal = _keep(wish, by=by, engagement=engagement, side=side)
    trail.record(
        by=by, action="date.proposed", subject=wish.title, engagement_id=engagement.pk,
        before={"date": wish.on}, after={"date": to_on, "reason": proposal.reason, "side": side},
    )  # fmt: skip
    return proposal


@transaction.atomic
def accept_date(*, proposal: DateProposal, by: Seat, seen: str = "") -> DateProposal:
    """Accept what the other side has proposed: the date moves, what follows from it too, and the slip is kept.

    `seen` is the digest of the moves that the page listed. For a launch that had to move already, which moves nothing
    any more, it says that reason and side are agreed. Raises Refused for a proposal that is answered, stale or one's
    own side's, and when other dates would move than those listed.
    """
    by.require(Permission.LOCK_PLAN)
    engagement = hold(proposal.engagement_id)
    proposal = DateProposal.objects.get(pk=proposal.pk)
    if proposal.in_effect:
        return _answer(proposal, by=by, answer=Answer.ACCEPTED)
    standing = standing_of(engagement)
    wish = _wish(standing, proposal.item, proposal.to_on, proposal.reason)
    items = planned_items(standing)
    facts = _facts(proposal, by, Answer.ACCEPTED, stale=wish.on != proposal.from_on)
    if reasons := answer_blockers(facts) or wish_blockers(wish, items):
        raise Refused(reasons)
    moves = ripple(items, proposal.item, proposal.to_on, standing.calendar)
    if seen != moves_digest(moves):
        raise Refused(READ_AGAIN)
    move_dates(engagement, moves, by=by)
    keep_slips(engagement, proposal, moves)
    return _answer(proposal, by=by, answer=Answer.ACCEPTED, moves=moves)


@transaction.atomic
def decline_date(*, proposal: DateProposal, by: Seat, reason: str) -> DateProposal:
    """Say no to what the other side has proposed, or contest why a launch had to move; with the reason."""
    by.require(Permission.LOCK_PLAN)
    hold(proposal.engagement_id)
    proposal = DateProposal.objects.get(pk=proposal.pk)
    return _answer(proposal, by=by, answer=Answer.DECLINED, reason=reason)


@transaction.atomic
def withdraw_date(*, proposal: DateProposal, by: Seat) -> DateProposal:
    """Take back what one's own side has proposed, as long as nobody has answered."""
    by.require(Permission.EDIT_PLAN)
    hold(proposal.engagement_id)
    proposal = DateProposal.objects.get(pk=proposal.pk)
    return _answer(proposal, by=by, answer=Answer.WITHDRAWN)


def move_unkept_launch(
    *, engagement: Engagement, by: Seat, standing: Standing, to_on: date, reason: str, side: str
) -> int:
    """Move a locked launch that can no longer be kept, on one side's word. Returns by how many days.

    The other side answers for reason and side afterwards. Whoever calls it holds the engagement.
    """
    wish = _wish(standing, LAUNCH, to_on, reason)
    items = planned_items(standing)
    if reasons := [*wish_blockers(wish, items), *unasked_move_blockers(wish), *_side_reasons(side)]:
        raise Refused(reasons)
    for waiting in standing.proposals:
        if _waits(waiting) and waiting.item == LAUNCH:
            waiting.answer, waiting.answered_at = Answer.OVERTAKEN, clock.now()
            waiting.save(update_fields=["answer", "answered_at"])
    proposal = _keep(wish, by=by, engagement=engagement, side=side, in_effect=True)
    moves = ripple(items, LAUNCH, to_on, standing.calendar)
    move_dates(engagement, moves, by=by)
    keep_slips(engagement, proposal, moves)
    return proposal.days


def move_dates(engagement: Engagement, moves: Sequence[Move], *, by: Seat) -> None:
    """Write new dates, in a few statements however many move."""
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    reviews: dict[str, int] = {}
    for move in moves:
        kind, _, code = move.key.partition("-")
        # A review that a milestone stands for has one date with it.
        if kind == "review" or (kind == "milestone" and code.startswith("review-")):
            reviews[code.removeprefix("review-")] = move.days
        if kind != "review":
            groups[kind, move.days].append(code)
    for (kind, days), codes in groups.items():
        if kind == LAUNCH:
            engagement.launch_on += timedelta(days=days)
            engagement.save(update_fields=["launch_on"])
            follow_launch(engagement=engagement, by=by, days=days, besides=reviews)
        else:
            rows = MODELS[kind]._default_manager.filter(engagement=engagement, code__in=codes)
            rows.update(forecast_on=F("forecast_on") + timedelta(days=days))
    agreed = moves[0].key.partition("-")[2].removeprefix("review-")
    follow_plan(engagement=engagement, by=by, days=reviews, agreed=agreed)


def keep_slips(engagement: Engagement, proposal: DateProposal, moves: Sequence[Move]) -> None:
    """Keep the slip of the item, and that of the launch where it had to move along."""
    own, *others = moves
    launch = next((move for move in others if move.key == LAUNCH), None)
    for move in filter(None, (own, launch)):
        moved = [each for each in others if each != launch] if move is own else []
        Slip.objects.create(
            engagement=engagement, item=move.key, title=move.title, proposal=proposal, from_on=move.from_on,
            to_on=move.to_on, days=move.days, side=proposal.side, reason=proposal.reason, by=proposal.by,
            by_name=proposal.by_name, at=clock.now(),
            moved=[[m.key, m.title, m.from_on.isoformat(), m.to_on.isoformat()] for m in moved],
        )  # fmt: skip


def _waits(proposal: DateProposal) -> bool:
    return proposal.open and not proposal.in_effect


def _wish(standing: Standing, item: str, to_on: date, reason: str) -> DateWish:
    if not standing.locked:
        raise Refused(NOT_LOCKED)
    wish = wish_of(standing, item, to_on, reason)
    if wish is None:
        raise Refused("The plan does not hold this item.")
    return wish


def _side_reasons(side: str) -> list[str]:
    if side in CauseSide.values:
        return []
    return ["Say whose side the delay was on: the operator's, the client's or shared."]


def _keep(
    wish: DateWish, *, by: Seat, engagement: Engagement, side: str, in_effect: bool = False
) -> DateProposal:
    if by.side is None:
        raise Refused("This seat has no side in the engagement.")
    return DateProposal.objects.create(
        engagement=engagement, item=wish.key, title=wish.title, from_on=wish.on, to_on=wish.to_on,
        reason=wish.reason.strip(), side=side, in_effect=in_effect, by_side=by.side, by=by.user,
        by_name=by.written_name(Permission.EDIT_PLAN), at=clock.now(),
    )  # fmt: skip


def _facts(
    proposal: DateProposal, by: Seat, answer: Answer, *, reason: str = "", stale: bool = False
) -> AnswerFacts:
    return AnswerFacts(
        answer=answer.value,
        given=proposal.answer,
        given_by=proposal.answered_name,
        by_side=by.side or "",
        proposed_by=proposal.by_side,
        in_effect=proposal.in_effect,
        stale=stale,
        reason=reason,
    )


def _answer(
    proposal: DateProposal, *, by: Seat, answer: Answer, reason: str = "", moves: Sequence[Move] = ()
) -> DateProposal:
    if reasons := answer_blockers(_facts(proposal, by, answer, reason=reason)):
        raise Refused(reasons)
    proposal.answer, proposal.answer_reason = answer, reason.strip()
    proposal.answered_by, proposal.answered_at = by.user, clock.now()
    proposal.answered_side, proposal.answered_name = by.side or "", by.written_name()
    proposal.save()
    actions = {Answer.ACCEPTED: "agreed", Answer.DECLINED: "contested"} if proposal.in_effect else {}
    trail.record(
        by=by, action=f"date.{actions.get(answer, answer.value)}", subject=proposal.title,
        engagement_id=proposal.engagement_id,
        before={"date": proposal.from_on} if moves else None,
        after={
            "date": proposal.to_on, "proposed_by": proposal.by_name, "reason": proposal.reason, "side": proposal.side,
            **({"answer": proposal.answer_reason} if proposal.answer_reason else {}),
            **({"moved": [f"{m.title}: {m.from_on} to {m.to_on}" for m in moves]} if moves else {}),
        },
    )  # fmt: skip
    return proposal
