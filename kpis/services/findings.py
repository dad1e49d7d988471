"""Answering what is below target: a root cause, a side, and fixes that are done or dated and owned."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.days import local_date
from common.errors import Refused
from engagements.locking import hold
from engagements.models import Engagement, Participant
from kpis.models import CauseSide, Finding, Fix
from kpis.rules import FixFacts, cause_gaps, closed_reasons, done_gaps, fix_gaps


@dataclass(frozen=True, slots=True)
class FixDraft:
    """A fix as somebody proposes it; with `done_on` it is already done and needs no due date."""

    action: str
    owner: Participant | None
    due_on: date | None = None
    done_on: date | None = None


@transaction.atomic
def answer(*, finding: Finding, by: Seat, root_cause: str, side: str, fix: FixDraft | None = None) -> Finding:
    """Give a finding its root cause and the side it lies on, and a fix where it has none yet.

    Until the gate of its day has passed, an answered finding can be answered again: what stood there before stays
    in the trail, and it remains answered. From then on only fixes are added and done.
    Raises Refused with everything that is missing.
    """
    by.require(Permission.ANSWER_FINDING)
    finding = _held(finding)
    closed = finding.answered_at is not None and finding.engagement.passed_day >= finding.review_day
    if reasons := closed_reasons(finding.review_day, closed=closed):
        raise Refused(reasons)
    reasons = cause_gaps(root_cause, side in CauseSide.values)
    if fix is not None:
        reasons += fix_gaps(_facts(finding, fix))
    elif not finding.fixes.exists():
        reasons.append("A fix is missing: what is done, by whom and by when.")
    if reasons:
        raise Refused(reasons)
    before = {"root_cause": finding.root_cause, "side": finding.cause_side}
    finding.root_cause, finding.cause_side = root_cause.strip(), side
    finding.answered_at = finding.answered_at or clock.now()
    finding.save(update_fields=["root_cause", "cause_side", "answered_at"])
    trail.record(
        by=by,
        action="finding.answered",
        subject=str(finding),
        engagement_id=finding.engagement_id,
        before=before,
        after={"root_cause": finding.root_cause, "side": side},
    )
    if fix is not None:
        _add(finding, fix, by)
    return finding


@transaction.atomic
def add_fix(*, finding: Finding, by: Seat, fix: FixDraft) -> Fix:
    """Add one more fix to a finding. Raises Refused when it is no action, or lacks owner or date."""
    by.require(Permission.ANSWER_FINDING)
    finding = _held(finding)
    if reasons := fix_gaps(_facts(finding, fix)):
        raise Refused(reasons)
    return _add(finding, fix, by)


@transaction.atomic
def mark_done(*, fix: Fix, by: Seat, done_on: date) -> Fix:
    """Say when a fix was done. Raises Refused for a date ahead, and when it is done already."""
    by.require(Permission.ANSWER_FINDING)
    engagement = hold(fix.engagement_id)
    fix = Fix.objects.select_related("finding").get(pk=fix.pk)
    if fix.done_on is not None:
        raise Refused("This fix is marked as done already.")
    if reasons := done_gaps(done_on, engagement.launch_on, clock.today(engagement.zone)):
        raise Refused(reasons)
    fix.done_on = done_on
    fix.save(update_fields=["done_on"])
    trail.record(
        by=by,
        action="fix.done",
        subject=str(fix),
        engagement_id=fix.engagement_id,
        before={"done_on": None},
        after={"done_on": done_on},
    )
    return fix


def fix_facts(engagement: Engagement, finding: Finding, fix: FixDraft) -> FixFacts:
    """What the rules ask about a fix: forms and services put the same question."""
    return FixFacts(
        action=fix.action,
        has_owner=fix.owner is not None,
        due_on=fix.due_on,
        done_on=fix.done_on,
        found_on=local_date(finding.opened_at, engagement.zone),
        launched_on=engagement.launch_on,
        today=clock.today(engagement.zone),
    )


def _held(finding: Finding) -> Finding:
    """The finding as it stands now, with its engagement held."""
    engagement = hold(finding.engagement_id)
    finding = Finding.objects.get(pk=finding.pk)
    finding.engagement = engagement
    return finding


def _facts(finding: Finding, fix: FixDraft) -> FixFacts:
    owner = fix.owner
    if owner is not None and (owner.engagement_id != finding.engagement_id or owner.ended_at is not None):
        raise Refused(f"{owner.name} does not take part in this engagement.")
    return fix_facts(finding.engagement, finding, fix)


def _add(finding: Finding, fix: FixDraft, by: Seat) -> Fix:
    """Write a fix that the rules have accepted."""
    due_on = fix.due_on or fix.done_on
    if fix.owner is None or due_on is None:
        raise Refused("A fix has an owner and a date.")
    made = Fix.objects.create(
        engagement_id=finding.engagement_id,
        finding=finding,
        action=fix.action.strip(),
        owner=fix.owner,
        due_on=due_on,
        done_on=fix.done_on,
        created_by=by.user,
    )
    trail.record(
        by=by,
        action="fix.added",
        subject=str(made),
        engagement_id=finding.engagement_id,
        after={
            "finding": str(finding),
            "action": made.action,
            "owner": made.owner.name,
            "due_on": made.due_on,
            "done_on": made.done_on,
        },
    )
    return made
