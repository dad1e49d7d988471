"""What comes next, as a report freezes it: bottleneck, plans, checks, scaling, closers, the forward plan."""

from datetime import date
from typing import Any

from common.days import local_date
from engagements.models import Engagement
from kpis.forward import CHANGES, SUBJECTS
from kpis.models import EffectCheck, OptimisationPlan, ScalingProposal
from kpis.selectors import FrozenBaseline
from kpis.selectors import forward as forwards
from kpis.selectors import optimisation as reads
from reports.snapshots import (
    Bottleneck,
    Candidate,
    CauseLine,
    CheckFact,
    Count,
    FixLine,
    ForwardFact,
    Heard,
    Lesson,
    MetricAnswer,
    PlanFact,
    ScalingFact,
)


def bottleneck_of(engagement: Engagement, frozen: FrozenBaseline) -> Bottleneck | None:
    """What the figures name, and what both sides work on where that is something else; None where nothing is missed."""
    prices = reads.baseline_prices(engagement, frozen)
    found = reads.computed(frozen, prices)
    first, plan = found.first, reads.current_plan(engagement)
    if first is None and plan is None:
        return None
    return Bottleneck(
        code=plan.metric_key if plan else first.key if first else "",
        label=plan.metric_label if plan else first.label if first else "",
        reason=plan.reason if plan else "",
        computed=first.label if first else "",
        saving=first.saving if first else None,
        chance=first.chance if first else None,
        candidates=tuple(
            Candidate(c.label, c.value, c.target, c.saving, c.low, c.high, c.chance) for c in found.candidates
        ),
        too_little=found.too_little,
        cost=found.cost,
        currency=prices.currency if prices else "",
        outcome=found.outcome if prices else "",
    )


def plans_of(engagement: Engagement) -> tuple[PlanFact, ...]:
    """Every plan that stands or was agreed, oldest first; proposals that were replaced are left out."""
    made = [plan for plan in reads.plans(engagement) if plan.agreed_at or not plan.ended_at]
    return tuple(_plan(plan, engagement) for plan in made)


def _plan(plan: OptimisationPlan, engagement: Engagement) -> PlanFact:
    before = plan.content["before"]
    return PlanFact(
        number=plan.number,
        metric=plan.metric_label,
        expected=float(plan.expected),
        before=Count(before["numerator"], before["denominator"]),
        causes=tuple(_cause(cause) for cause in plan.content["causes"]),
        reason=plan.reason,
        agreed_on=local_date(plan.agreed_at, engagement.zone) if plan.agreed_at else None,
        agreed_by=tuple(f"{one.name} ({one.side})" for one in plan.agreements.all()),
        ended=plan.ended_at is not None,
        checks=tuple(_check(check, plan.metric_label) for check in plan.checks.all()),
    )


def _cause(cause: dict[str, Any]) -> CauseLine:
    fixes = tuple(
        FixLine(fix["action"], fix["owner"], date.fromisoformat(fix["due_on"])) for fix in cause["fixes"]
    )
    return CauseLine(cause["side"], cause["text"], cause["found"], fixes)


def _check(check: EffectCheck, metric: str) -> CheckFact:
    return CheckFact(
        metric=metric,
        before=Count(check.before_numerator, check.before_denominator),
        after=Count(check.after_numerator, check.after_denominator),
        first=check.first_day,
        last=check.last_day,
        expected=float(check.expected),
        verdict=check.verdict,
        by=check.by_name,
        at=check.at,
        points=check.points,
        low=check.low,
        high=check.high,
        needed=check.needed,
        needed_days=check.needed_days,
    )


def scaling_of(engagement: Engagement) -> tuple[ScalingFact, ...]:
    """Every proposal to scale."""
    return tuple(
        ScalingFact(
            what=str(one),
            why=one.why,
            side=one.side,
            by=one.proposed_by_name,
            on=local_date(one.proposed_at, engagement.zone),
            answer=one.answer,
            answered_by=one.answered_by_name,
            answer_reason=one.answer_reason,
        )
        for one in ScalingProposal.objects.filter(engagement=engagement)
    )


def closers_of(engagement: Engagement) -> tuple[Heard, ...]:
    """What the closers said, oldest first."""
    said = reversed(forwards.closer_feedback(engagement))
    return tuple(Heard(one.text, one.by_name, local_date(one.at, engagement.zone)) for one in said)


def forward_of(engagement: Engagement) -> tuple[ForwardFact, dict[str, float]]:
    """The four questions as they stand, and the next target by metric."""
    now = forwards.forward(engagement)
    plan, content = now.plan, now.content
    agreed = plan.agreed_at if plan else None
    current = [one for one in plan.agreements.all() if one.content_hash == plan.content_hash] if plan else []
    fact = ForwardFact(
        standing=tuple(
            MetricAnswer(one.label, one.value, one.target, one.position, one.cause, one.fix)
            for one in now.standing
        ),
        learned=tuple(
            Lesson(
                name, content.learned.get(subject, {}).get("client", ""),
                content.learned.get(subject, {}).get("operator", ""),
            )
            for subject, name in SUBJECTS.items()
            if plan is not None
        ),
        changes=tuple(
            (label, content.changes[kind]) for kind, label in CHANGES.items() if content.changes.get(kind)
        ),
        next_steps=content.next_steps,
        agreed_on=local_date(agreed, engagement.zone) if agreed else None,
        agreed_by=tuple(f"{one.name} ({one.side})" for one in current),
    )  # fmt: skip
    return fact, {key: float(value) for key, value in content.targets.items()}
