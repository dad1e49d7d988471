"""The fixes of a cause: proposed, added, done, or given another date."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.days import local_date
from common.errors import Refused
from common.wording import day_text
from engagements.locking import hold
from engagements.models import Engagement, Participant
from kpis.models import Cause, Finding, FindingState, Fix
from kpis.rules import FixFacts, done_gaps, fix_gaps, postpone_gaps
from kpis.services.findings.states import DOUBLE_SUBMIT, held, note, settle


@dataclass(frozen=True, slots=True)
class FixDraft:
    """A fix as somebody proposes it; with `done_on` it is already done and needs no due date."""

    action: str
    owner: Participant | None
    due_on: date | None = None
    done_on: date | None = None


@transaction.atomic
def add_fix(*, cause: Cause, by: Seat, fix: FixDraft) -> Fix:
    """Add one more fix to a cause. Raises Refused when it is no action, or lacks owner or date."""
    by.require(Permission.ANSWER_FINDING)
    finding = held(cause.finding)
    reasons = fix_gaps(facts_of(finding, fix))
    if not cause.found:
        reasons.append("Where no cause was found there is nothing to fix.")
    if cause.round != finding.round:
        reasons.append("This cause belongs to an earlier answer: add the fix to a cause of the present one.")
    if reasons:
        raise Refused(reasons)
    cause.finding = finding
    same = (fix.action.strip(), fix.owner, fix.due_on or fix.done_on, fix.done_on)
    lately = cause.fixes.filter(created_by=by.user, created_at__gt=clock.now() - DOUBLE_SUBMIT)
    twice = next((one for one in lately if (one.action, one.owner, one.due_on, one.done_on) == same), None)
    return twice or add(cause, fix, by)


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
    settle(fix.finding, by)
    return fix


@transaction.atomic
def postpone(*, fix: Fix, by: Seat, due_on: date, why: str) -> Fix:
    """Give a fix that is not done another date, with the reason; the finding's history keeps both.

    Raises Refused without a reason, for a date that has passed or lies too far ahead, and for a fix that is done.
    """
    by.require(Permission.ANSWER_FINDING)
    engagement = hold(fix.engagement_id)
    fix = Fix.objects.select_related("finding", "owner").get(pk=fix.pk)
    draft = FixDraft(fix.action, fix.owner, due_on=due_on)
    reasons = postpone_gaps(fix_facts(engagement, fix.finding, draft), before=fix.due_on, why=why)
    if fix.done_on is not None:
        reasons = ["This fix is marked as done already."]
    lately = fix.finding.events.filter(by=by.user, at__gt=clock.now() - DOUBLE_SUBMIT)
    if fix.due_on == due_on and lately.filter(why__endswith=f": {why.strip()}").exists():
        return fix
    if reasons:
        raise Refused(reasons)
    before, fix.due_on = fix.due_on, due_on
    fix.save(update_fields=["due_on"])
    told = f"“{fix.action}” is due {day_text(due_on)} instead of {day_text(before)}: {why.strip()}"
    note(fix.finding, FindingState(fix.finding.state), by, why=told)
    trail.record(
        by=by,
        action="fix.postponed",
        subject=str(fix),
        engagement_id=fix.engagement_id,
        before={"due_on": before},
        after={"due_on": due_on, "why": why.strip()},
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


def facts_of(finding: Finding, fix: FixDraft) -> FixFacts:
    """The same for a finding at hand. Raises Refused for an owner who does not take part, or no more."""
    owner = fix.owner
    if owner is not None and (owner.engagement_id != finding.engagement_id or owner.ended_at is not None):
        raise Refused(f"{owner.name} does not take part in this engagement.")
    return fix_facts(finding.engagement, finding, fix)


def add(cause: Cause, fix: FixDraft, by: Seat) -> Fix:
    """Write a fix that the rules have accepted."""
    due_on = fix.due_on or fix.done_on
    if fix.owner is None or due_on is None:
        raise Refused("A fix has an owner and a date.")
    made = Fix.objects.create(
        engagement_id=cause.engagement_id,
        finding_id=cause.finding_id,
        cause=cause,
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
        engagement_id=cause.engagement_id,
        after={
            "finding": str(cause.finding),
            "action": made.action,
            "owner": made.owner.name,
            "due_on": made.due_on,
            "done_on": made.done_on,
        },
    )
    return made
