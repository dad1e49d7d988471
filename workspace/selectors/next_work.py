"""My work in what comes next: plans and targets to be agreed, verdicts to be recorded, scaling to be answered."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.urls import reverse

from accounts.roles import Side
from accounts.seat import Seat
from engagements.models import Engagement
from kpis.models import ScalingProposal
from kpis.optimisation import CHECKPOINT_DAY
from milestones.rules.facts import ForwardFacts, PlanFacts
from milestones.selectors.agreements import forward_facts, plan_facts
from milestones.selectors.standing import Standing

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


def next_items(
    seat: Seat, by_id: Mapping[int, Standing]
) -> Iterator[tuple[str, str, str, date, Engagement, Standing]]:
    """What waits for the person who signs for a side in these engagements. At most eight queries."""
    days = {pk: s.next_gate.day for pk, s in by_id.items() if s.next_gate}
    plans = plan_facts([pk for pk, day in days.items() if day == 60])
    forwards = forward_facts([pk for pk, day in days.items() if day == 90])
    for pk, standing in by_id.items():
        side = Side.CLIENT if standing.engagement.client_id == seat.organisation.pk else Side.OPERATOR
        for verb, title, page, day in next_said(plans.get(pk), forwards.get(pk), side.value):
            url = reverse(page, args=[standing.engagement.public_id])
            yield verb, title, url, standing.calendar.due(day), standing.engagement, standing
    for proposal in ScalingProposal.objects.filter(engagement__in=list(by_id), answer=""):
        standing = by_id[proposal.engagement_id]
        side = Side.CLIENT if standing.engagement.client_id == seat.organisation.pk else Side.OPERATOR
        if proposal.side != side:
            url = reverse("kpis:optimisation", args=[standing.engagement.public_id])
            yield (
                "Answer",
                f"Proposal to scale: {proposal}",
                url,
                standing.today,
                standing.engagement,
                standing,
            )
