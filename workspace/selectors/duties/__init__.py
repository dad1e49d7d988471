"""Everything that waits in engagements, whoever it waits for: computed from facts, never for one person."""

from collections.abc import Mapping, Sequence

from kpis.models import Baseline
from milestones.selectors.standing import Standing

from .before_gate import before_gate
from .beside import BRIEF, beside
from .duty import SOON, Duty

__all__ = ["BRIEF", "SOON", "Duty", "duties_of"]


def duties_of(
    standings: Sequence[Standing], waiting: Mapping[int, Mapping[str, int]]
) -> dict[int, list[Duty]]:
    """The duties in each engagement, by its id, in a number of queries that does not grow.

    `waiting` counts by side what stands open before the next gate.
    """
    by_id = {standing.engagement.pk: standing for standing in standings}
    frozen = set(Baseline.objects.filter(engagement__in=list(by_id)).values_list("engagement_id", flat=True))
    found = {
        pk: list(before_gate(standing, open_items=sum(waiting[pk].values()), frozen=pk in frozen))
        for pk, standing in by_id.items()
    }
    for pk, duty in beside(by_id):
        found[pk].append(duty)
    return found
