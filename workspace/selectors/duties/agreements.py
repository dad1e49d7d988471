"""What comes next, told of facts: plans and targets to be agreed, verdicts to be recorded."""

from collections.abc import Iterator

from accounts.roles import Side
from kpis.optimisation import CHECKPOINT_DAY
from milestones.rules.facts import ForwardFacts, PlanFacts

PLAN_DAY = 31
FORWARD_DAY = 90
# verb, title, name of the page, day by which it is due
type Said = tuple[str, str, str, int]


def next_said(plan: PlanFacts | None, forward: ForwardFacts | None, side: str) -> Iterator[Said]:
    """What one side has to do about the plan and the forward plan: a verb, a title, a page and a day."""
    if plan is not None:
        yield from _plan_said(plan, side)
    if forward is not None and not forward.agreed:
        if not forward.begun and side == Side.OPERATOR:
            yield "Answer", "Four questions of day 90 and the next targets", "kpis:forward", FORWARD_DAY
        elif forward.begun and side not in forward.agreed_by:
            yield "Agree", "Targets for days 91 to 180", "kpis:forward", FORWARD_DAY


def _plan_said(plan: PlanFacts, side: str) -> Iterator[Said]:
    if plan.exists and not plan.agreed:
        if side not in plan.agreed_by:
            yield "Agree", "Plan against the bottleneck", "kpis:optimisation", PLAN_DAY
    elif side != Side.OPERATOR:
        return
    elif plan.exists and not plan.verdict and not plan.failed:
        yield "Judge", "Did the plan against the bottleneck move it?", "kpis:optimisation", CHECKPOINT_DAY
    elif plan.needed and not plan.exists:
        title = "New plan against the bottleneck" if plan.failed else "Plan against the bottleneck"
        yield "Propose", title, "kpis:optimisation", CHECKPOINT_DAY if plan.failed else PLAN_DAY
