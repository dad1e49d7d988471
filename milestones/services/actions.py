"""Action items end: done with a word of proof, or dropped because both sides agree."""

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from engagements.locking import hold
from milestones.models import ActionItem
from milestones.rules.reviews import EndFacts, done_blockers, drop_blockers


def end_facts(action: ActionItem, by: Seat, said: str) -> EndFacts:
    """One person's wish to end an action, for the rule and for the page."""
    return EndFacts(
        text=action.text, open=action.is_open, own=action.owner.answers(by.user),
        manages=by.may(Permission.HOLD_REVIEW), side=by.side or "", owner_side=action.owner.side,
        drop_side=action.drop_side, said=said,
    )  # fmt: skip


@transaction.atomic
def finish(*, action: ActionItem, by: Seat, proof: str) -> ActionItem:
    """Mark an action as done, with a word of what proves it. Raises Refused."""
    by.require(Permission.TAKE_PART)
    action = _held(action)
    if reasons := done_blockers(end_facts(action, by, proof)):
        raise Refused(reasons)
    action.done_on, action.done_by = clock.today(action.engagement.zone), by.user
    action.done_by_name, action.proof = by.user.name, proof.strip()
    action.save(update_fields=["done_on", "done_by", "done_by_name", "proof"])
    trail.record(
        by=by, action="action.done", subject=action.text, engagement_id=action.engagement_id,
        after={"done_on": action.done_on, "proof": action.proof},
    )  # fmt: skip
    return action


@transaction.atomic
def drop(*, action: ActionItem, by: Seat, reason: str) -> ActionItem:
    """Ask for an action to be dropped, or agree to it: the second side's word drops it. Raises Refused."""
    by.require(Permission.TAKE_PART)
    action = _held(action)
    if reasons := drop_blockers(end_facts(action, by, reason)):
        raise Refused(reasons)
    if not action.drop_side:
        action.drop_reason, action.drop_side, action.drop_asked_by = (
            reason.strip(),
            by.side or "",
            by.user.name,
        )
        action.save(update_fields=["drop_reason", "drop_side", "drop_asked_by"])
        said = "action.drop_asked"
    else:
        action.dropped_at, action.dropped_by = clock.now(), by.user.name
        action.save(update_fields=["dropped_at", "dropped_by"])
        said = "action.dropped"
    trail.record(
        by=by, action=said, subject=action.text, engagement_id=action.engagement_id,
        after={"reason": action.drop_reason, "side": by.side},
    )  # fmt: skip
    return action


def _held(action: ActionItem) -> ActionItem:
    """The action as it stands now, with its engagement held; only those of closed minutes can end."""
    engagement = hold(action.engagement_id)
    found = ActionItem.objects.select_related("owner__substitute", "review").get(pk=action.pk)
    found.engagement = engagement
    if found.review.held_on is None:
        raise Refused("The minutes with this action are not closed yet: take it out there instead.")
    return found
