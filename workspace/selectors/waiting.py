"""What waits in many engagements, in a number of queries that does not grow."""

from collections.abc import Mapping, Sequence

from django.db.models import Q

from common.days import CALIBRATION_LAST_DAY, LAST_DAY, OPTIMISATION_LAST_DAY, SETUP_DAYS
from engagements.masking import OPEN
from engagements.masks import masks_for
from kpis.funnel import Funnel, Rate
from kpis.models import ScalingProposal
from kpis.rules import period_of
from kpis.selectors.findings import baselines, findings_of
from kpis.selectors.window_days import open_days, unjudged_days
from milestones.models import Gate
from milestones.rules.gates import gate_conditions
from milestones.selectors.agreements import forward_facts, plan_facts
from milestones.selectors.gates import asks_for_windows, facts_of
from milestones.selectors.reviews import open_actions_of
from milestones.selectors.standing import Standing
from milestones.selectors.waits import Waiting, waiting_of


def waiting_in(standings: Sequence[Standing], reviewed: Mapping[int, Funnel]) -> dict[int, Waiting]:
    """All that waits in each engagement, by its id. `reviewed` is the funnel of each whose review day has come (see
    `review_facts`).
    """
    _read(standings, reviewed)
    return {standing.engagement.pk: _waiting(standing) for standing in standings}


def late_count(standing: Standing) -> int:
    """Open milestones whose day has gone by."""
    return sum(standing.milestone_state(item) == "late" for item in standing.milestones)


def review_facts(standings: Sequence[Standing]) -> Q | None:
    """Which daily facts the reviews of days 60 and 90 judge now; None where no such day has come.

    Day 30 is not among them: freezing the baseline opens its findings.
    """
    chosen = Q()
    for standing in standings:
        gate = standing.next_gate
        if gate and gate.day > CALIBRATION_LAST_DAY and gate.needs_report:
            first, last = period_of(gate.day, standing.calendar)
            if standing.today >= last:
                chosen |= Q(engagement=standing.engagement.pk, day__range=(first, last))
    return chosen or None


def _waiting(standing: Standing) -> Waiting:
    gate = standing.next_gate
    if gate is None:
        return waiting_of(standing, ())
    # Whether a report on the table tells the facts of now hangs on its figures: there are few such gates at a time.
    return waiting_of(standing, gate_conditions(facts_of(standing, gate, figures=not gate.needs_report)))


def _read(standings: Sequence[Standing], reviewed: Mapping[int, Funnel]) -> None:
    """What the standings would each ask for alone, read for all of them."""
    by_id = {standing.engagement.pk: standing for standing in standings}
    gates = {pk: standing.next_gate for pk, standing in by_id.items()}
    live = [pk for pk, gate in gates.items() if gate is None or gate.day > SETUP_DAYS]
    frozen = baselines([by_id[pk].engagement for pk in live])
    masks = masks_for([standing.engagement for standing in standings], {})
    plans = plan_facts([pk for pk, gate in gates.items() if gate and gate.day == OPTIMISATION_LAST_DAY])
    forwards = forward_facts([pk for pk, gate in gates.items() if gate and gate.day == LAST_DAY])
    dialling = {pk: each for pk, each in by_id.items() if each.today >= each.calendar.launch}
    outside = open_days([each.engagement for each in dialling.values()])
    unjudged = unjudged_days(
        [
            each.engagement
            for pk, each in dialling.items()
            if (gate := gates[pk]) and asks_for_windows(each, gate)
        ]
    )
    for pk, standing in by_id.items():
        gate = gates[pk]
        # These attributes are cached properties: setting them saves the query that each would make.
        standing.findings, standing.actions, standing.scaling = [], [], []
        standing.mask = masks.get(pk, OPEN)
        standing.baseline = frozen.get(pk)
        standing.outside_days, standing.unjudged_days = outside.get(pk, []), unjudged.get(pk, [])
        if pk in plans:
            standing.against = plans[pk]
        if pk in forwards:
            standing.forward = forwards[pk]
        if gate and gate.needs_report:
            standing.judge(gate, _rates(standing, gate, reviewed.get(pk)))
    for finding in findings_of(live):
        by_id[finding.engagement_id].findings.append(finding)
    for action in open_actions_of(by_id):
        by_id[action.engagement_id].actions.append(action)
    for proposal in ScalingProposal.objects.filter(engagement__in=live, answer=""):
        by_id[proposal.engagement_id].scaling.append(proposal)


def _rates(standing: Standing, gate: Gate, reviewed: Funnel | None) -> list[Rate]:
    """What this gate judges: at day 30 the frozen baseline, later the days of its phase once they are over."""
    if gate.day == CALIBRATION_LAST_DAY:
        numbers = standing.baseline.funnel if standing.baseline else None
    else:
        numbers = reviewed
    return [rate for rate in numbers.stages if rate.target is not None] if numbers else []
