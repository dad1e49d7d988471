"""Where the plan against the bottleneck and the forward plan stand, for one engagement or for many."""

from collections.abc import Collection

from kpis.models import Finding, ForwardPlan, OptimisationPlan
from kpis.selectors.optimisation import agreed_sides, verdict_of
from milestones.rules.facts import ForwardFacts, PlanFacts


def plan_facts(engagements: Collection[int]) -> dict[int, PlanFacts]:
    """The plan of each of these engagements, by id. Four queries, none without an engagement."""
    if not engagements:
        return {}
    missed = Finding.objects.filter(engagement__in=engagements, review_day=30, observation="")
    needed = set(missed.values_list("engagement_id", flat=True))
    plans: dict[int, list[OptimisationPlan]] = {}
    made = OptimisationPlan.objects.filter(engagement__in=engagements).defer("content")
    for plan in made.prefetch_related("agreements", "checks"):
        plans.setdefault(plan.engagement_id, []).append(plan)
    return {pk: _plan(plans.get(pk, []), needed=pk in needed) for pk in engagements}


def _plan(made: list[OptimisationPlan], *, needed: bool) -> PlanFacts:
    failed = any(plan.ended_at and plan.agreed_at for plan in made)
    plan = next((one for one in made if one.ended_at is None), None)
    if plan is None:
        return PlanFacts(needed=needed or failed, failed=failed)
    newest = verdict_of(plan)
    return PlanFacts(
        needed=needed,
        exists=True,
        agreed=plan.agreed_at is not None,
        agreed_by=agreed_sides(plan),
        verdict=newest.verdict if newest else "",
        failed=failed,
    )


def forward_facts(engagements: Collection[int]) -> dict[int, ForwardFacts]:
    """The forward plan of each of these engagements, by id. Two queries, none without an engagement."""
    if not engagements:
        return {}
    plans = ForwardPlan.objects.filter(engagement__in=engagements).defer("content")
    found = {
        plan.engagement_id: ForwardFacts(True, plan.agreed_at is not None, agreed_sides(plan))
        for plan in plans.prefetch_related("agreements")
    }
    return {pk: found.get(pk, ForwardFacts()) for pk in engagements}
