"""The four questions of day 90 as the data answer them, and the forward plan as it stands."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from common import clock
from common.wording import target_text, value_text
from engagements.models import CampaignBrief, Engagement
from engagements.selectors import brief_in_force
from kpis.effect import Counted, Moved, effect
from kpis.effect import EffectFacts as Facts
from kpis.forward import Content, MetricStanding, forward_lacks, from_data, position_of
from kpis.funnel import Funnel, Rate, Verdict
from kpis.models import CloserFeedback, Finding, FindingState, ForwardPlan
from kpis.rules import period_of
from kpis.selectors.findings import baseline, findings, said
from kpis.selectors.numbers import calendar_of, funnel, metrics_of
from kpis.selectors.optimisation import agreed_sides


def steady_funnel(engagement: Engagement, brief: CampaignBrief | None = None) -> Funnel:
    """The funnel of days 61 to 90, as far as they have come."""
    first, last = period_of(90, calendar_of(engagement))
    return funnel(engagement, first, last, brief)


def standing_of_metrics(
    engagement: Engagement, brief: CampaignBrief | None = None
) -> tuple[MetricStanding, ...]:
    """Questions 1 and 2: each target, and for what is below whether its cause is known and its fix works."""
    brief = brief or brief_in_force(engagement)
    numbers, frozen = steady_funnel(engagement, brief), baseline(engagement)
    known = {one.metric_key: one for one in findings(engagement) if one.metric_key}
    told = []
    for rate in numbers.stages:
        before = frozen.funnel.stage(rate.key) if frozen else None
        told.append(_standing(rate, known.get(rate.key), before, numbers.days))
    return tuple(told)


def _standing(rate: Rate, finding: Finding | None, before: Rate | None, days: int) -> MetricStanding:
    judged = rate.verdict in (Verdict.MET, Verdict.MISSED)
    target = None if rate.target is None else float(rate.target)
    one = MetricStanding(
        key=rate.key,
        label=rate.label,
        value=value_text(rate.value, rate.unit),
        target=target_text(rate.target, rate.direction, unit=rate.unit),
        position=position_of(rate.value, target, rate.direction, judged=judged),
    )
    if rate.verdict is not Verdict.MISSED:
        return one
    causes = [cause.text for cause in said(finding) if cause.found] if finding else []
    return replace(
        one,
        position="below",
        cause_known=bool(finding and finding.answered_at and causes),
        cause="; ".join(causes),
        fix=_fix(rate, finding, before, days),
    )


def _fix(rate: Rate, finding: Finding | None, before: Rate | None, days: int) -> str:
    """works, not, unknown or none: by the newest effect check, else by the baseline against days 61 to 90."""
    if finding is None or not any(cause.fixes.all() for cause in said(finding)):
        return "none"
    if finding.state == FindingState.VERIFIED:
        return "works"
    if before is None or not before.denominator or rate.target is None or rate.unit != "percent":
        return "unknown"
    found = effect(
        Facts(
            Counted(before.numerator or 0, before.denominator),
            Counted(rate.numerator or 0, rate.denominator or 0),
            float(rate.target),
            rate.direction,
            rate.minimum,
            days,
        )
    )
    return {Moved.MOVED: "works", Moved.NOT_MOVED: "not", Moved.TOO_LITTLE: "unknown"}[found.verdict]


@dataclass(frozen=True, slots=True)
class Forward:
    """The forward plan as it stands. `plan` is None before it is begun; `lacks` names what keeps it from agreement."""

    plan: ForwardPlan | None
    content: Content
    standing: tuple[MetricStanding, ...]
    agreed_by: frozenset[str]
    lacks: tuple[str, ...]

    @property
    def outdated(self) -> bool:
        """Whether the figures in the plan are not those of now; an agreed plan keeps its own."""
        if self.plan is None or self.plan.agreed_at is not None:
            return False
        return self.content.standing != self.standing


def forward(
    engagement: Engagement,
    brief: CampaignBrief | None = None,
    standing_of: Callable[[], tuple[MetricStanding, ...]] | None = None,
) -> Forward:
    """The plan with what it lacks; before it is begun an empty one. `brief`, the one in force, saves reading it.

    `standing_of` says how the metrics stand, where a page has kept that.
    """
    brief = brief or brief_in_force(engagement)
    plan = ForwardPlan.objects.filter(engagement=engagement).prefetch_related("agreements").first()
    content = from_data(plan.content) if plan else Content()
    agreed = plan is not None and plan.agreed_at is not None
    ask = standing_of or (lambda: standing_of_metrics(engagement, brief))
    standing = content.standing if agreed else ask()
    return Forward(
        plan=plan,
        content=content,
        standing=standing,
        agreed_by=agreed_sides(plan) if plan else frozenset(),
        lacks=() if agreed else tuple(lacks(brief, content)),
    )


def lacks(brief: CampaignBrief | None, content: Content) -> list[str]:
    """What is missing before both sides can agree."""
    metrics = {m.key: m.label for m in metrics_of(brief) if m.target is not None}
    by_label = replace(
        content, targets={label: content.targets.get(key, "") for key, label in metrics.items()}
    )
    return forward_lacks(by_label, list(metrics.values()))


def closer_feedback(engagement: Engagement) -> list[CloserFeedback]:
    """What the closers said, newest first."""
    return list(CloserFeedback.objects.filter(engagement=engagement).order_by("-at", "-pk"))


def day_today(engagement: Engagement) -> int:
    """The engagement's day that it is now."""
    return calendar_of(engagement).day_of(clock.today(engagement.zone))
