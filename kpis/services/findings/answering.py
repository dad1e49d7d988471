"""What is said of either side: a cause with its fix, or that none was found there."""

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from kpis.models import Cause, CauseSide, Finding
from kpis.rules import CauseFacts, answer_lacks, cause_gaps, clearing_gaps, closed_reasons, fix_gaps
from kpis.services.findings.fixes import FixDraft, add, facts_of
from kpis.services.findings.states import DOUBLE_SUBMIT, cause_facts, held, said_now, settle


@transaction.atomic
def answer(
    *,
    finding: Finding,
    by: Seat,
    root_cause: str,
    side: str,
    fix: FixDraft | None = None,
    found: bool = True,
) -> Cause:
    """State a cause on one side with its fix, or (`found` false) that this side has none and what was looked at.

    A finding is answered once nothing is missing (see `kpis.rules.answer_lacks`). When the gate of its day has passed
    on the answer, no cause is added until the finding is reopened. Raises Refused with everything that is missing.
    """
    by.require(Permission.ANSWER_FINDING)
    finding = held(finding)
    reasons = _closed(finding)
    if found:
        reasons += cause_gaps(root_cause, side in CauseSide.values)
        reasons += (
            fix_gaps(facts_of(finding, fix))
            if fix
            else ["A fix is missing: what is done, by whom and by when."]
        )
    else:
        reasons += clearing_gaps(root_cause)
        if side not in (CauseSide.OPERATOR, CauseSide.CLIENT):
            reasons.append("Say which side has no cause: operator or client.")
    if reasons:
        raise Refused(reasons)
    twice = finding.causes.filter(
        round=finding.round, side=side, found=found, text=root_cause.strip(), by=by.user,
        at__gt=clock.now() - DOUBLE_SUBMIT,
    ).first()  # fmt: skip
    if twice:
        return twice
    cause = Cause.objects.create(
        engagement_id=finding.engagement_id,
        finding=finding,
        round=finding.round,
        side=side,
        found=found,
        text=root_cause.strip(),
        by=by.user,
        by_name=by.user.name,
        at=clock.now(),
    )
    trail.record(
        by=by,
        action="finding.cause_stated" if found else "finding.side_cleared",
        subject=str(finding),
        engagement_id=finding.engagement_id,
        after={"root_cause": cause.text, "side": side, "found": found},
    )
    if fix is not None and found:
        add(cause, fix, by)
    settle(finding, by)
    return cause


@transaction.atomic
def restate(*, cause: Cause, by: Seat, root_cause: str, side: str) -> Cause:
    """Say a cause in other words or on another side; what stood there before stays in the trail."""
    by.require(Permission.ANSWER_FINDING)
    finding = held(cause.finding)
    cause = Cause.objects.get(pk=cause.pk)
    reasons = _closed(finding)
    if cause.round != finding.round:
        reasons.append("This cause belongs to an earlier answer, which stands as it was given.")
    reasons += cause_gaps(root_cause, side in CauseSide.values) if cause.found else clearing_gaps(root_cause)
    others = [one for one in said_now(finding) if one.pk != cause.pk]
    rest = [CauseFacts(side, cause.found, bool(cause.fixes.all())), *map(cause_facts, others)]
    if finding.answered_at is not None and (lacks := answer_lacks(finding.metric_key, rest)):
        reasons.append(f"The answer would then lack {lacks[0]}.")
    if reasons:
        raise Refused(reasons)
    before = {"root_cause": cause.text, "side": cause.side}
    cause.text, cause.side = root_cause.strip(), side
    cause.save(update_fields=["text", "side"])
    trail.record(
        by=by,
        action="finding.cause_changed",
        subject=str(finding),
        engagement_id=finding.engagement_id,
        before=before,
        after={"root_cause": cause.text, "side": side},
    )
    settle(finding, by)
    return cause


def _closed(finding: Finding) -> list[str]:
    closed = finding.answered_at is not None and finding.engagement.passed_day >= finding.review_day
    return closed_reasons(finding.review_day, closed=closed)
