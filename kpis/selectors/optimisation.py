"""The bottleneck, the plan against it, its checkpoint and scaling, read for pages, papers and gates."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from common import clock
from common.days import local_date
from common.hashing import content_hash
from engagements.kept import Parts
from engagements.models import CampaignBrief, Engagement
from engagements.selectors import brief_in_force
from engagements.terms import Unit
from kpis.bottleneck import Bottleneck, Candidate, bottleneck, stages_of
from kpis.effect import Counted
from kpis.funnel import Funnel, Verdict
from kpis.models import EffectCheck, Finding, ForwardPlan, OptimisationPlan, ScalingProposal
from kpis.optimisation import CHECKPOINT_DAY, SCALING_DAY, CheckpointFacts, ScalingFacts
from kpis.prices import Prices
from kpis.selectors.effects import Window, window
from kpis.selectors.findings import FrozenBaseline, baseline, findings, said
from kpis.selectors.numbers import calendar_of, funnel
from kpis.selectors.prices import as_prices, prices_on

OPTIMISATION_FIRST = 31
SCALING_WINDOW = 30


def computed(frozen: FrozenBaseline, prices: Prices | None = None) -> Bottleneck:
    """The bottleneck of the frozen baseline: the same each time, for its seed is the baseline's own hash.

    Without prices the cost of an outcome is counted in dials.
    """
    paid = prices.by_rate() if prices else None
    return bottleneck(stages_of(frozen.funnel.stages), seed=int(frozen.content_hash[:8], 16), prices=paid)


def shown(engagement: Engagement, frozen: FrozenBaseline, prices: Prices | None = None) -> Bottleneck:
    """The same for a page: its draws are made once after each line of the trail."""
    parts = Parts(engagement, clock.today(engagement.zone))
    told = parts.of("bottleneck", make=lambda: asdict(computed(frozen, prices)))
    candidates = tuple(Candidate(**one) for one in told["candidates"])
    return Bottleneck(**{**told, "candidates": candidates, "too_little": tuple(told["too_little"])})


def baseline_prices(engagement: Engagement, frozen: FrozenBaseline) -> Prices | None:
    """The prices that held on the last day of the baseline. One query."""
    row = prices_on(engagement, frozen.funnel.last)
    return as_prices(row) if row else None


def plans(engagement: Engagement) -> list[OptimisationPlan]:
    """Every plan so far, oldest first, with agreements and checks. Three queries."""
    found = OptimisationPlan.objects.filter(engagement=engagement).select_related("finding__brief")
    return list(found.prefetch_related("agreements", "checks"))


def current_plan(engagement: Engagement) -> OptimisationPlan | None:
    """The plan that stands, agreed or not yet."""
    return next((plan for plan in reversed(plans(engagement)) if plan.ended_at is None), None)


def causes_told(finding: Finding) -> list[dict[str, Any]]:
    """The causes of a finding with their fixes, as a plan keeps them and both sides read them."""
    return [
        {
            "side": cause.side,
            "text": cause.text,
            "found": cause.found,
            "fixes": [
                {"action": fix.action, "owner": fix.owner.name, "due_on": fix.due_on.isoformat()}
                for fix in cause.fixes.all()
            ],
        }
        for cause in said(finding)
    ]


def restated(plan: OptimisationPlan) -> bool:
    """Whether the finding says something else now than the plan that waits for its agreements. Six queries."""
    if plan.agreed_at is not None or plan.ended_at is not None:
        return False
    finding = findings(plan.engagement).get(pk=plan.finding_id)
    return content_hash(causes_told(finding)) != content_hash(plan.content["causes"])


def agreed_sides(plan: OptimisationPlan | ForwardPlan) -> frozenset[str]:
    """The sides that have agreed to the plan as it stands."""
    return frozenset(one.side for one in plan.agreements.all() if one.content_hash == plan.content_hash)


def verdict_of(plan: OptimisationPlan) -> EffectCheck | None:
    """The newest verdict on a plan."""
    return next(iter(sorted(plan.checks.all(), key=lambda check: check.at, reverse=True)), None)


def told_effects(engagement: Engagement, found: Iterable[int]) -> dict[int, EffectCheck | OptimisationPlan]:
    """What is known of whether a fix works, by finding: the newest verdict, else the agreed plan that waits for one.

    `found` are ids of findings. Two queries, none without findings.
    """
    wanted = list(found)
    if not wanted:
        return {}
    agreed = OptimisationPlan.objects.filter(
        engagement=engagement, finding__in=wanted, agreed_at__isnull=False, ended_at=None
    )
    checks = EffectCheck.objects.filter(engagement=engagement, finding__in=wanted).order_by("at")
    plans: dict[int, EffectCheck | OptimisationPlan] = {plan.finding_id: plan for plan in agreed}
    return plans | {check.finding_id: check for check in checks}


def plan_window(engagement: Engagement, plan: OptimisationPlan) -> Window | None:
    """The frozen baseline against the days since the plan began; None before there is such a day.

    A plan begins on the day after its first fix was done, at the earliest on day 31; with no fix done, on day 31 or,
    for a later plan, on the day after both sides agreed to it.
    """
    calendar, today = calendar_of(engagement), clock.today(engagement.zone)
    fixes = plan.finding.fixes.filter(cause__round=plan.finding.round, done_on__isnull=False)
    done = [on for on in fixes.values_list("done_on", flat=True) if on]
    first = calendar.date_of(OPTIMISATION_FIRST)
    if plan.number > 1 and plan.agreed_at is not None and not done:
        done = [local_date(plan.agreed_at, engagement.zone)]
    first = max(first, min(done) + timedelta(days=1)) if done else first
    before = plan.content["before"]
    if first > today or not before["denominator"]:
        return None
    return window(
        engagement,
        plan.metric_key,
        Counted(before["numerator"], before["denominator"]),
        first=first,
        last=today,
        expected=float(plan.expected),
        brief=plan.finding.brief,
    )


def checkpoint_facts(engagement: Engagement, plan: OptimisationPlan | None) -> CheckpointFacts:
    """What a verdict on this plan depends on."""
    newest = verdict_of(plan) if plan else None
    agreed = plan is not None and plan.agreed_at is not None
    return CheckpointFacts(
        due=calendar_of(engagement).date_of(CHECKPOINT_DAY),
        today=clock.today(engagement.zone),
        agreed=agreed,
        verdict=newest.verdict if newest else "",
        has_window=plan is not None and agreed and plan_window(engagement, plan) is not None,
    )


def since_optimisation(engagement: Engagement, brief: CampaignBrief | None = None) -> Funnel | None:
    """The funnel of the last thirty days, none of them before day 31 (on day 60: of days 31 to 60); None before that.

    What was held until day 60 says nothing of a target that is missed since.
    """
    calendar, today = calendar_of(engagement), clock.today(engagement.zone)
    first: date = max(calendar.date_of(OPTIMISATION_FIRST), today - timedelta(days=SCALING_WINDOW - 1))
    return funnel(engagement, first, today, brief) if first <= today else None


def scaling_facts(engagement: Engagement) -> ScalingFacts:
    """What stands against scaling: each target of the brief, judged over the last thirty days from day 31 on."""
    numbers = since_optimisation(engagement, brief_in_force(engagement))
    aimed = [rate for rate in numbers.stages if rate.target is not None] if numbers else []
    waiting = ScalingProposal.objects.filter(engagement=engagement, answer="").exists()
    days = [one.day for one in numbers.by_day if one.has_data] if numbers else []
    return ScalingFacts(
        due=calendar_of(engagement).date_of(SCALING_DAY),
        today=clock.today(engagement.zone),
        missed=tuple(rate.label for rate in aimed if rate.verdict is Verdict.MISSED),
        unjudged=tuple(rate.label for rate in aimed if rate.verdict in (Verdict.TOO_FEW, Verdict.NO_DATA)),
        targets=len(aimed),
        waiting=waiting,
        judged=(min(days), max(days)) if days else None,
    )


@dataclass(frozen=True, slots=True)
class PlanNeeds:
    """What days 31 to 60 still ask for. `needed`: the baseline misses a target, so there has to be a plan."""

    needed: bool
    plan: OptimisationPlan | None
    agreed_by: frozenset[str]
    verdict: str
    replaced: bool


def plan_needs(engagement: Engagement, frozen: FrozenBaseline | None = None) -> PlanNeeds:
    """Where the one plan stands. Four queries, three where the baseline is given."""
    frozen = frozen or baseline(engagement)
    made = plans(engagement)
    plan = next((one for one in reversed(made) if one.ended_at is None), None)
    newest = verdict_of(plan) if plan else None
    return PlanNeeds(
        needed=frozen is not None
        and any(rate.direction == "up" and rate.unit == "percent" for rate in frozen.funnel.missed),
        plan=plan,
        agreed_by=agreed_sides(plan) if plan else frozenset(),
        verdict=newest.verdict if newest else "",
        replaced=any(one.ended_at and one.agreed_at for one in made),
    )


def plan_findings(engagement: Engagement) -> list[Finding]:
    """The findings that a plan can be made against: about a share, with a figure of the baseline or later."""
    return [
        one
        for one in findings(engagement)
        if one.metric_key and one.target is not None and one.unit == Unit.PERCENT
    ]
