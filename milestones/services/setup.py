"""Transfer lines and real leads: set up, tested, tested again; what failed stays beside what passed."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from engagements.locking import hold
from engagements.models import Engagement
from milestones.models import LeadTest, TransferLine, TransferTest
from milestones.rules.events import reason_blockers
from milestones.rules.setup import (
    RecordFacts,
    lead_test_blockers,
    line_blockers,
    masked,
    record_blockers,
    transfer_test_blockers,
)
from milestones.selectors.standing import Standing, standing_of
from milestones.services.evidence import Proof, add_evidence, check_proof, check_words
from milestones.services.refusal import Blocked

DOUBLE_SUBMIT = timedelta(seconds=30)


def _opened(engagement_id: int, by: Seat) -> Standing:
    """The engagement held, once this person may record something of its setup now."""
    by.require(Permission.RECORD_CHECK)
    standing = standing_of(hold(engagement_id))
    passed = bool(standing.gates) and standing.gates[0].passed_at is not None
    if blockers := record_blockers(RecordFacts(by.side or "", standing.brief, passed)):
        raise Blocked(blockers)
    return standing


@transaction.atomic
def add_line(
    *, engagement: Engagement, by: Seat, name: str, number: str, team: str, hours: str
) -> TransferLine:
    """Set up a transfer line: from now on the day-10 gate waits for its test. Raises Refused."""
    standing = _opened(engagement.pk, by)
    taken = [line.name for line in standing.lines if not line.retired_at]
    if reasons := line_blockers(name=name, number=number, team=team, taken=taken):
        raise Refused(reasons)
    line = TransferLine.objects.create(
        engagement=standing.engagement, name=name.strip(), number=number.strip(), team=team.strip(),
        hours=hours.strip(), created_by=by.user, by_name=by.written_name(), created_at=clock.now(),
    )  # fmt: skip
    trail.record(
        by=by, action="line.added", subject=line.name, engagement_id=line.engagement_id,
        after={"number": line.number, "team": line.team, "hours": line.hours},
    )  # fmt: skip
    return line


@transaction.atomic
def retire_line(*, line: TransferLine, by: Seat, reason: str) -> TransferLine:
    """Take a line out of use, with the reason; its tests stay on record and the gate no longer waits for it."""
    _opened(line.engagement_id, by)
    line = TransferLine.objects.get(pk=line.pk)
    if line.retired_at:
        raise Refused(f"“{line.name}” is out of use already.")
    if reasons := reason_blockers(reason, "the line is no longer used"):
        raise Refused(reasons)
    line.retired_at, line.retired_by, line.retired_why = clock.now(), by.written_name(), reason.strip()[:300]
    line.save(update_fields=["retired_at", "retired_by", "retired_why"])
    trail.record(
        by=by, action="line.retired", subject=line.name, engagement_id=line.engagement_id,
        after={"reason": line.retired_why},
    )  # fmt: skip
    return line


@transaction.atomic
def test_line(
    *, line: TransferLine, by: Seat, connected: bool, briefed: bool, answered_by: str, note: str, proof: Proof
) -> TransferTest:
    """Record one test call on a line; earlier ones stay. The same form sent twice is one test. Raises Refused."""
    standing = _opened(line.engagement_id, by)
    line = TransferLine.objects.get(pk=line.pk)
    reasons = transfer_test_blockers(
        passed=connected and briefed, answered_by=answered_by, note=note, retired=line.retired_at is not None
    )
    if reasons:
        raise Refused(reasons)
    check_words(note)
    check_proof(standing.engagement, proof, today=standing.today)
    said = {
        "connected": connected, "briefed": briefed, "answered_by": answered_by.strip(), "note": note.strip(),
        "tester": by.user,
    }  # fmt: skip
    newest = line.tests.filter(**said).first()
    if newest and clock.now() - newest.tested_at < DOUBLE_SUBMIT:
        return newest
    test = TransferTest.objects.create(
        engagement=standing.engagement,
        line=line,
        tester_name=by.written_name(),
        tested_at=clock.now(),
        **said,
    )
    evidence = add_evidence(engagement=standing.engagement, by=by, proof=proof, transfer_test=test)
    trail.record(
        by=by, action="line.passed" if test.passed else "line.failed", subject=line.name,
        engagement_id=line.engagement_id,
        after={
            "connected": connected, "closer_briefed": briefed, "answered_by": test.answered_by, "note": test.note,
            "evidence": [str(piece) for piece in evidence],
        },
    )  # fmt: skip
    return test


@transaction.atomic
def log_lead(
    *,
    engagement: Engagement,
    by: Seat,
    day: int,
    lead: str,
    source: str,
    steps: Sequence[str],
    crm_record: bool,
    transfer_reached: bool | None,
    written_back: bool,
    outcome: str,
    reached: bool,
    note: str,
    proof: Proof,
) -> LeadTest:
    """Log one real lead of day 8 or 9 with its path and outcome. No telephone number is kept whole. Raises Refused."""
    standing = _opened(engagement.pk, by)
    path = [step.strip()[:200] for step in steps if step.strip()]
    passed = crm_record and written_back and reached and transfer_reached is not False
    reasons = lead_test_blockers(
        day=day, calendar=standing.calendar, today=standing.today, lead=lead, source=source, steps=path,
        outcome=outcome, passed=passed, note=note,
    )  # fmt: skip
    if reasons:
        raise Refused(reasons)
    check_words(note)
    check_proof(standing.engagement, proof, today=standing.today)
    said = {
        "day": day, "lead": masked(lead), "source": source.strip(), "steps": [masked(step) for step in path],
        "crm_record": crm_record, "transfer_reached": transfer_reached, "written_back": written_back,
        "outcome": masked(outcome), "reached": reached, "note": masked(note), "tester": by.user,
    }  # fmt: skip
    newest = LeadTest.objects.filter(engagement=engagement, **said).first()
    if newest and clock.now() - newest.tested_at < DOUBLE_SUBMIT:
        return newest
    test = LeadTest.objects.create(
        engagement=standing.engagement, tester_name=by.written_name(), tested_at=clock.now(), **said
    )
    evidence = add_evidence(engagement=standing.engagement, by=by, proof=proof, lead_test=test)
    trail.record(
        by=by, action="lead.passed" if test.passed else "lead.failed", subject=f"{test.lead} ({test.source})",
        engagement_id=engagement.pk,
        after={
            "day": day, "path": test.steps, "outcome": test.outcome, "note": test.note,
            "evidence": [str(piece) for piece in evidence],
        },
    )  # fmt: skip
    return test
