"""Findings from their opening to the proof of their fix: causes on each side, fixes, evidence, states with history."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.days import local_date
from common.errors import Refused
from common.wording import cut_short, day_text
from engagements.locking import hold
from engagements.models import Engagement, Participant
from engagements.selectors import brief_in_force
from engagements.services.proofs import Proof, check_upload, check_words, pieces_of
from engagements.terms import Unit
from kpis import selectors
from kpis.models import Cause, CauseSide, Finding, FindingEvent, FindingEvidence, FindingState, Fix
from kpis.rules import (
    REVIEW_DAYS,
    CauseFacts,
    FixFacts,
    answer_lacks,
    cause_gaps,
    clearing_gaps,
    closed_reasons,
    done_gaps,
    fix_gaps,
    observation_gaps,
    postpone_gaps,
    reopen_gaps,
)

# The same form sent twice within it is one.
DOUBLE_SUBMIT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class FixDraft:
    """A fix as somebody proposes it; with `done_on` it is already done and needs no due date."""

    action: str
    owner: Participant | None
    due_on: date | None = None
    done_on: date | None = None


@transaction.atomic
def open_finding(
    *, engagement: Engagement, by: Seat, observation: str, metric_key: str = "", proof: Proof | None = None
) -> Finding:
    """Open a finding by hand, about a metric of the brief in force or about something noticed, with its evidence.

    It belongs to the next gate that has not passed. Raises Refused before the launch, without a signed brief, and
    where the metric has a finding for that gate already.
    """
    by.require(Permission.OPEN_FINDING)
    engagement = hold(engagement.pk)
    today, brief = clock.today(engagement.zone), brief_in_force(engagement)
    reasons = observation_gaps(observation)
    if not engagement.cleared or today < engagement.launch_on:
        reasons.append("Before the launch there are no live calls that a finding could be about.")
    if brief is None:
        reasons.append("No campaign brief is signed by both sides, so there is nothing to hold it against.")
    if reasons or brief is None:
        raise Refused(reasons)
    day = selectors.calendar_of(engagement).day_of(today)
    review = next((one for one in REVIEW_DAYS if one >= day and one > engagement.passed_day), REVIEW_DAYS[-1])
    if (
        metric_key
        and Finding.objects.filter(engagement=engagement, review_day=review, metric_key=metric_key).exists()
    ):
        raise Refused(f"There is a finding about this metric for day {review} already: answer that one.")
    twice = Finding.objects.filter(
        engagement=engagement, metric_key="", observation=observation.strip(),
        opened_at__gt=clock.now() - DOUBLE_SUBMIT,
    ).first()  # fmt: skip
    if twice and not metric_key:
        return twice
    rate = None
    if metric_key:
        found = selectors.funnel(engagement, engagement.launch_on, today, brief)
        rate = found.stage(metric_key)
        if rate is None:
            raise Refused("The campaign brief has no such metric.")
    finding = Finding.objects.create(
        engagement=engagement,
        brief=brief,
        review_day=review,
        metric_key=metric_key,
        metric_label=rate.label if rate else cut_short(observation, 78),
        observation=observation.strip(),
        numerator=rate.numerator if rate else None,
        denominator=rate.denominator or None if rate else None,
        target=rate.target if rate else None,
        opened_at=clock.now(),
    )
    note(finding, FindingState.OPEN, by, why=finding.observation)
    trail.record(
        by=by,
        action="finding.opened",
        subject=str(finding),
        engagement_id=engagement.pk,
        after={"metric": metric_key, "observation": finding.observation},
    )
    if proof is not None and proof.pieces:
        _prove(finding, by, proof)
    return finding


@transaction.atomic
def bring_evidence(*, finding: Finding, by: Seat, proof: Proof) -> list[FindingEvidence]:
    """Add a sentence, a link or a file to what proves a finding. Raises Refused for none and for a bad file."""
    by.require(Permission.OPEN_FINDING)
    return _prove(_held(finding), by, proof)


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
    finding = _held(finding)
    reasons = _closed(finding)
    if found:
        reasons += cause_gaps(root_cause, side in CauseSide.values)
        reasons += (
            fix_gaps(_facts(finding, fix))
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
        _add(cause, fix, by)
    _settle(finding, by)
    return cause


@transaction.atomic
def restate(*, cause: Cause, by: Seat, root_cause: str, side: str) -> Cause:
    """Say a cause in other words or on another side; what stood there before stays in the trail."""
    by.require(Permission.ANSWER_FINDING)
    finding = _held(cause.finding)
    cause = Cause.objects.get(pk=cause.pk)
    reasons = _closed(finding)
    if cause.round != finding.round:
        reasons.append("This cause belongs to an earlier answer, which stands as it was given.")
    reasons += cause_gaps(root_cause, side in CauseSide.values) if cause.found else clearing_gaps(root_cause)
    others = [one for one in _said(finding) if one.pk != cause.pk]
    rest = [CauseFacts(side, cause.found, bool(cause.fixes.all())), *map(_cause_facts, others)]
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
    _settle(finding, by)
    return cause


@transaction.atomic
def add_fix(*, cause: Cause, by: Seat, fix: FixDraft) -> Fix:
    """Add one more fix to a cause. Raises Refused when it is no action, or lacks owner or date."""
    by.require(Permission.ANSWER_FINDING)
    finding = _held(cause.finding)
    reasons = fix_gaps(_facts(finding, fix))
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
    return twice or _add(cause, fix, by)


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
    _settle(fix.finding, by)
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


@transaction.atomic
def reopen(*, finding: Finding, by: Seat, why: str) -> Finding:
    """Take an answer up again: it needs another cause and another fix, and the next gate waits for them."""
    by.require(Permission.ANSWER_FINDING)
    finding = _held(finding)
    if reasons := reopen_gaps(answered=finding.answered_at is not None, why=why):
        raise Refused(reasons)
    return reopened(finding, by, why=why.strip())


@transaction.atomic
def confirm(*, finding: Finding, by: Seat, why: str) -> Finding:
    """Say that the fix of something noticed works, or of an average or a count.

    A share is held against its figures instead (`check_effect`).
    """
    by.require(Permission.ANSWER_FINDING)
    finding = _held(finding)
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


def _settle(finding: Finding, by: Seat) -> None:
    """Bring the state in line with the causes and fixes that stand there now."""
    said = _said(finding)
    lacks = answer_lacks(finding.metric_key, [_cause_facts(cause) for cause in said])
    started = any(fix.done_on for cause in said for fix in cause.fixes.all())
    if finding.answered_at is None and not lacks:
        finding.answered_at = clock.now()
        step(finding, FindingState.ANSWERED, by)
    if finding.state == FindingState.ANSWERED and started:
        step(finding, FindingState.FIXING, by, why="The first fix is in place.")


def _said(finding: Finding) -> list[Cause]:
    """What the present round says about either side, with the fixes."""
    return list(finding.causes.filter(round=finding.round).prefetch_related("fixes"))


def _cause_facts(cause: Cause) -> CauseFacts:
    return CauseFacts(cause.side, cause.found, bool(cause.fixes.all()))


def _closed(finding: Finding) -> list[str]:
    closed = finding.answered_at is not None and finding.engagement.passed_day >= finding.review_day
    return closed_reasons(finding.review_day, closed=closed)


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


def _add(cause: Cause, fix: FixDraft, by: Seat) -> Fix:
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


def _prove(finding: Finding, by: Seat, proof: Proof) -> list[FindingEvidence]:
    """Keep the pieces of a proof, with their line in the trail."""
    if not proof.pieces:
        raise Refused("Say what shows it, link it, or attach a file.")
    check_words(proof.text)
    engagement = finding.engagement
    if proof.file is not None:
        check_upload(engagement, proof.file)
    rows = [FindingEvidence(finding=finding, **piece) for piece in pieces_of(engagement, by, proof)]
    for row in rows:
        row.save(force_insert=True)
    trail.record(
        by=by,
        action="finding.evidence_brought",
        subject=str(finding),
        engagement_id=engagement.pk,
        after={"evidence": [str(row) for row in rows]},
    )
    return rows
