"""Writes of days 31 to 60: the one plan, both sides' agreement, its verdict, and proposals to scale."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import trail
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash
from engagements.locking import hold
from engagements.models import Engagement
from kpis import selectors
from kpis.bottleneck import Bottleneck
from kpis.effect import Moved
from kpis.funnel import Rate
from kpis.models import (
    EffectCheck,
    Finding,
    OptimisationPlan,
    PlanAgreement,
    ScalingAnswer,
    ScalingProposal,
)
from kpis.optimisation import (
    AgreeFacts,
    DraftFacts,
    agree_blockers,
    answer_gaps,
    checkpoint_blockers,
    draft_gaps,
    scaling_blockers,
    scaling_gaps,
)
from kpis.selectors import optimisation as reads
from kpis.services.effects import keep, told
from kpis.services.findings import reopened

PLAN_CONSENT = (
    "I agree to this plan against the bottleneck for my side: its cause, its fixes and what it promises."
)


@transaction.atomic
def propose_plan(
    *, engagement: Engagement, by: Seat, finding: Finding, expected: Decimal, reason: str = ""
) -> OptimisationPlan:
    """Propose the one plan, against the finding of the computed bottleneck or, with a reason, of another metric.

    A proposal that both sides have not agreed to yet is replaced by a newer one. Raises Refused with all that is
    missing.
    """
    by.require(Permission.PLAN_NEXT)
    engagement = hold(engagement.pk)
    finding = selectors.findings(engagement).get(pk=finding.pk)
    frozen = selectors.baseline(engagement)
    before = frozen.funnel.stage(finding.metric_key) if frozen else None
    found = reads.computed(frozen, reads.baseline_prices(engagement, frozen)) if frozen else None
    present = reads.current_plan(engagement)
    reasons = draft_gaps(_draft(finding, present, found, before, expected=expected, reason=reason))
    if reasons or found is None or before is None:
        raise Refused(reasons or ["This metric has no figure in the baseline."])
    if present is not None:
        present.ended_at = clock.now()
        present.save(update_fields=["ended_at"])
    content = _content(finding, found, before, expected=expected, reason=reason)
    last = OptimisationPlan.objects.filter(engagement=engagement).last()
    plan = OptimisationPlan.objects.create(
        engagement=engagement,
        number=last.number + 1 if last else 1,
        finding=finding,
        metric_key=finding.metric_key,
        metric_label=finding.metric_label,
        computed_key=found.first.key if found.first else "",
        reason=reason.strip(),
        expected=expected,
        content=content,
        content_hash=content_hash(content),
        drafted_by=by.user,
        drafted_by_name=by.user.name,
        drafted_at=clock.now(),
    )
    trail.record(
        by=by,
        action="optimisation.proposed",
        subject=str(plan),
        engagement_id=engagement.pk,
        after={"expected": expected, "reason": plan.reason, "content_hash": plan.content_hash},
    )
    return plan


def _draft(
    finding: Finding,
    present: OptimisationPlan | None,
    found: Bottleneck | None,
    before: Rate | None,
    *,
    expected: Decimal,
    reason: str,
) -> DraftFacts:
    """A proposal as its rule wants it. Without a baseline there is neither `found` nor `before`."""
    first = found.first if found else None
    return DraftFacts(
        frozen=found is not None,
        agreed=present is not None and present.agreed_at is not None,
        chosen=finding.metric_key,
        computed=first.key if first else "",
        computed_label=first.label if first else "",
        reason=reason,
        answered=finding.answered_at is not None,
        before=before.value if before else None,
        expected=float(expected),
        direction=before.direction if before else "up",
    )


def _content(
    finding: Finding, found: Bottleneck, before: Rate, *, expected: Decimal, reason: str
) -> dict[str, Any]:
    """What both sides read and agree to."""
    return {
        "bottleneck": _ranking(found),
        "metric": finding.metric_label,
        "reason": reason.strip(),
        "expected": str(expected),
        "before": {"numerator": before.numerator or 0, "denominator": before.denominator or 0},
        "causes": reads.causes_told(finding),
    }


def _ranking(found: Bottleneck) -> dict[str, Any]:
    """The computed bottleneck as the plan keeps it."""
    return {
        "outcome": found.outcome,
        "draws": found.draws,
        "seed": found.seed,
        "too_little": list(found.too_little),
        "candidates": [
            {
                "key": one.key,
                "label": one.label,
                "value": round(one.value, 6),
                "target": one.target,
                "saving": round(one.saving, 6),
                "low": round(one.low, 6),
                "high": round(one.high, 6),
                "chance": one.chance,
            }
            for one in found.candidates
        ],
    }


@transaction.atomic
def agree_to_plan(*, plan: OptimisationPlan, by: Seat, seen: str) -> OptimisationPlan:
    """One side's agreement to the plan that its page showed; the second side's puts it into force.

    Raises Refused when the causes or fixes of its finding have changed since it was proposed: both sides agree to one
    content.
    """
    by.require(Permission.PLAN_NEXT)
    engagement = hold(plan.engagement_id)
    plan = OptimisationPlan.objects.get(pk=plan.pk)
    facts = AgreeFacts(
        what=f"plan {plan.number}",
        side=by.side or "",
        agreed=plan.agreed_at is not None,
        agreed_by=reads.agreed_sides(plan),
        seen=seen,
        current=plan.content_hash,
        ended=plan.ended_at is not None,
        restated=reads.restated(plan),
    )
    if reasons := agree_blockers(facts):
        raise Refused(reasons)
    PlanAgreement.objects.create(
        plan=plan, consent=PLAN_CONSENT, content_hash=plan.content_hash, **signature_of(engagement, by)
    )
    trail.record(
        by=by,
        action="optimisation.agreed",
        subject=str(plan),
        engagement_id=engagement.pk,
        after={"side": facts.side, "content_hash": plan.content_hash},
    )
    if facts.agreed_by | {facts.side} >= {side.value for side in Side}:
        plan.agreed_at = clock.now()
        plan.save(update_fields=["agreed_at"])
        trail.record(by=by, action="optimisation.in_force", subject=str(plan), engagement_id=engagement.pk)
    return plan


def signature_of(engagement: Engagement, by: Seat) -> dict[str, Any]:
    """Who agrees, for whom, when and from where."""
    return {
        "engagement": engagement,
        "side": by.side or "",
        "user": by.user,
        "name": by.written_name(Permission.PLAN_NEXT),
        "organisation_name": by.organisation.name,
        "address": by.address,
        "signed_at": clock.now(),
    }


@transaction.atomic
def record_verdict(*, plan: OptimisationPlan, by: Seat) -> EffectCheck:
    """Freeze whether the plan moved its metric, from the morning of day 45 on.

    Not moved ends the plan and reopens its finding: another cause and another plan are asked for. Too little data can
    be looked at again later.
    """
    by.require(Permission.PLAN_NEXT)
    engagement = hold(plan.engagement_id)
    plan = OptimisationPlan.objects.select_related("finding__brief").get(pk=plan.pk)
    reasons = checkpoint_blockers(reads.checkpoint_facts(engagement, plan))
    if plan.ended_at is not None:
        reasons = ["Another plan has taken the place of this one."]
    found = None if reasons else reads.plan_window(engagement, plan)
    if reasons or found is None:
        raise Refused(reasons)
    finding = plan.finding
    finding.engagement = engagement
    check = keep(found, finding, by, plan)
    if found.found.verdict is Moved.NOT_MOVED:
        plan.ended_at = clock.now()
        plan.save(update_fields=["ended_at"])
        if finding.answered_at is not None:
            reopened(finding, by, why=f"Day-45 checkpoint. {told(check)}")
    return check


@transaction.atomic
def propose_scaling(
    *,
    engagement: Engagement,
    by: Seat,
    agents: int | None,
    leads_a_day: int | None,
    campaign_type: str,
    why: str,
) -> ScalingProposal:
    """Propose to scale, from day 50 on and only while every target is met. Raises Refused with what stands against."""
    by.require(Permission.PLAN_NEXT)
    engagement = hold(engagement.pk)
    reasons = scaling_blockers(reads.scaling_facts(engagement))
    reasons += scaling_gaps(agents=agents, leads=leads_a_day, campaign_type=campaign_type, why=why)
    if reasons:
        raise Refused(reasons)
    numbers = reads.since_optimisation(engagement)
    proposal = ScalingProposal.objects.create(
        engagement=engagement,
        side=by.side or "",
        agents=agents or None,
        leads_a_day=leads_a_day or None,
        campaign_type=campaign_type.strip(),
        why=why.strip(),
        figures=[
            {"label": rate.label, "numerator": rate.numerator, "denominator": rate.denominator}
            for rate in (numbers.stages if numbers else ())
            if rate.target is not None
        ],
        proposed_by=by.user,
        proposed_by_name=by.user.name,
        proposed_at=clock.now(),
    )
    trail.record(
        by=by,
        action="scaling.proposed",
        subject=str(proposal),
        engagement_id=engagement.pk,
        after={"why": proposal.why},
    )
    return proposal


@transaction.atomic
def answer_scaling(*, proposal: ScalingProposal, by: Seat, accepted: bool, why: str = "") -> ScalingProposal:
    """The other side's answer. Accepting needs every target held at that moment too; declining needs a reason."""
    by.require(Permission.PLAN_NEXT)
    engagement = hold(proposal.engagement_id)
    proposal = ScalingProposal.objects.get(pk=proposal.pk)
    reasons = answer_gaps(accepted=accepted, why=why)
    if proposal.answer:
        reasons = [f"This proposal was {proposal.get_answer_display().lower()} already."]
    elif by.side == proposal.side:
        reasons = ["The other side answers a proposal."]
    elif accepted:
        facts = reads.scaling_facts(engagement)
        reasons += [r for r in scaling_blockers(facts) if "waits for its answer" not in r]
    if reasons:
        raise Refused(reasons)
    proposal.answer = ScalingAnswer.ACCEPTED if accepted else ScalingAnswer.DECLINED
    proposal.answer_reason = why.strip()
    proposal.answered_by, proposal.answered_by_name = by.user, by.user.name
    proposal.answered_at = clock.now()
    proposal.save(update_fields=["answer", "answer_reason", "answered_by", "answered_by_name", "answered_at"])
    trail.record(
        by=by,
        action=f"scaling.{proposal.answer}",
        subject=str(proposal),
        engagement_id=engagement.pk,
        after={"why": proposal.answer_reason},
    )
    return proposal
