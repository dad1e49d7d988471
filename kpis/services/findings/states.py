"""The states of a finding and the line that each step leaves; what its other writes share."""

from datetime import timedelta

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from engagements.locking import hold
from engagements.terms import Unit
from kpis.models import Cause, Finding, FindingEvent, FindingState
from kpis.rules import CauseFacts, answer_lacks, reopen_gaps

# The same form sent twice within it is one.
DOUBLE_SUBMIT = timedelta(seconds=30)


@transaction.atomic
def reopen(*, finding: Finding, by: Seat, why: str) -> Finding:
    """Take an answer up again: it needs another cause and another fix, and the next gate waits for them."""
    by.require(Permission.ANSWER_FINDING)
    finding = held(finding)
    if reasons := reopen_gaps(answered=finding.answered_at is not None, why=why):
        raise Refused(reasons)
    return reopened(finding, by, why=why.strip())


@transaction.atomic
def confirm(*, finding: Finding, by: Seat, why: str) -> Finding:
    """Say that the fix of something noticed works, or of an average or a count.

    A share is held against its figures instead (`check_effect`).
    """
    by.require(Permission.ANSWER_FINDING)
    finding = held(finding)
    reasons = [] if len(why.split()) >= 3 else ["Say what shows that the fix works."]
    if finding.metric_key and finding.unit == Unit.PERCENT:
        reasons.append("A metric is verified by its figures: check the effect of the fix.")
    if (
        finding.state != FindingState.FIXING
        or finding.fixes.filter(cause__round=finding.round, done_on=None).exists()
    ):
        reasons.append("Not every fix is done yet.")
    if reasons:
        raise Refused(reasons)
    return step(finding, FindingState.VERIFIED, by, why=why.strip())


def reopened(finding: Finding, by: Seat, *, why: str) -> Finding:
    """The finding without an answer, in a new round. The engagement is held."""
    finding.round += 1
    finding.answered_at = None
    finding.save(update_fields=["round"])
    return step(finding, FindingState.REOPENED, by, why=why)


def step(finding: Finding, state: FindingState, by: Seat, *, why: str = "") -> Finding:
    """Bring a finding into a state, with its line in the history and in the trail. The engagement is held."""
    before = finding.state
    finding.state = state
    finding.save(update_fields=["state", "answered_at"])
    note(finding, state, by, why=why)
    trail.record(
        by=by,
        action=f"finding.{state.value}",
        subject=str(finding),
        engagement_id=finding.engagement_id,
        before={"state": before},
        after={"state": state.value, "why": why},
    )
    return finding


def note(finding: Finding, state: FindingState, by: Seat, *, why: str = "") -> None:
    """One line of a finding's history."""
    FindingEvent.objects.create(
        engagement_id=finding.engagement_id,
        finding=finding,
        state=state,
        why=why,
        by=by.user,
        by_name=by.user.name,
        at=clock.now(),
    )


def settle(finding: Finding, by: Seat) -> None:
    """Bring the state in line with the causes and fixes that stand there now."""
    said = said_now(finding)
    lacks = answer_lacks(finding.metric_key, [cause_facts(cause) for cause in said])
    started = any(fix.done_on for cause in said for fix in cause.fixes.all())
    if finding.answered_at is None and not lacks:
        finding.answered_at = clock.now()
        step(finding, FindingState.ANSWERED, by)
    if finding.state == FindingState.ANSWERED and started:
        step(finding, FindingState.FIXING, by, why="The first fix is in place.")


def said_now(finding: Finding) -> list[Cause]:
    """What the present round says about either side, with the fixes."""
    return list(finding.causes.filter(round=finding.round).prefetch_related("fixes"))


def cause_facts(cause: Cause) -> CauseFacts:
    """What the rules ask about a cause."""
    return CauseFacts(cause.side, cause.found, bool(cause.fixes.all()))


def held(finding: Finding) -> Finding:
    """The finding as it stands now, with its engagement held."""
    engagement = hold(finding.engagement_id)
    finding = Finding.objects.get(pk=finding.pk)
    finding.engagement = engagement
    return finding
