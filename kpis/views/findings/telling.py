"""How a finding is told, on the list as on its page."""

from datetime import date
from typing import Any

from common.days import local_date
from common.wording import digits_beside, joined, target_text
from engagements.terms import Unit
from kpis import selectors
from kpis.funnel import wilson
from kpis.models import EffectCheck, Finding, FindingState, OptimisationPlan
from kpis.telling.effect import checked_text

# How the states of a finding show: shape and tone of the badge.
LOOKS = {
    FindingState.OPEN: "open",
    FindingState.ANSWERED: "planned",
    FindingState.FIXING: "running",
    FindingState.VERIFIED: "passed",
    FindingState.REOPENED: "blocked",
}


def effect_told(known: EffectCheck | OptimisationPlan | None, zone: str) -> tuple[str, bool]:
    """What is known of whether a fix works, and whether it stands under Optimisation; empty where nothing is."""
    if known is None:
        return "", False
    if isinstance(known, OptimisationPlan):
        return "no verdict on the plan is recorded yet", True
    return checked_text(known.verdict, known.points, local_date(known.at, zone)), known.plan_id is not None


def told_of(finding: Finding, today: date) -> dict[str, Any]:
    """The figure of a finding and its target, its state, and what is still missing."""
    done = selectors.all_done(finding)
    told: dict[str, Any] = {
        "finding": finding,
        "look": "waiting" if done else LOOKS[FindingState(finding.state)],
        "state_word": "Fix done, not verified" if done else finding.get_state_display(),
        "all_done": done,
        "lacks": joined(selectors.lacks(finding)),
        "said": selectors.said(finding),
        "late": any(
            fix.done_on is None and fix.due_on < today
            for cause in selectors.said(finding)
            for fix in cause.fixes.all()
        ),
    }
    if finding.numerator is None or not finding.denominator or finding.target is None:
        return told
    low, high = None, None
    if finding.unit == Unit.PERCENT:
        low, high = wilson(finding.numerator, finding.denominator)
    metric = next((one for one in finding.brief.metrics.all() if one.key == finding.metric_key), None)
    direction = metric.direction if metric else "up"
    digits = digits_beside(finding.numerator / finding.denominator, finding.target, direction)
    goal = target_text(finding.target, direction, digits=digits if digits > 1 else 0, unit=finding.unit)
    return told | {"low": low, "high": high, "goal": goal, "digits": digits}
