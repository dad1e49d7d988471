"""Everything that waits in engagements, whoever it waits for: computed from facts, never for one person."""

from collections.abc import Mapping, Sequence

from milestones.selectors.standing import Standing
from milestones.selectors.waits import Waiting

from .before_gate import before_gate
from .beside import BRIEF, beside
from .duty import SOON, Duty, order, stands_on
from .items import with_items

__all__ = ["BRIEF", "SOON", "Duty", "duties_of", "order", "stands_on"]


def duties_of(standings: Sequence[Standing], waiting: Mapping[int, Waiting]) -> dict[int, list[Duty]]:
    """The duties in each engagement, by its id, in a number of queries that does not grow.

    `waiting` is all that waits in it; every item of it is in one of the duties.
    """
    by_id = {standing.engagement.pk: standing for standing in standings}
    found = {pk: list(before_gate(standing, waiting[pk])) for pk, standing in by_id.items()}
    for pk, duty in beside(by_id):
        found[pk].append(duty)
    return {pk: list(with_items(by_id[pk], duties, waiting[pk])) for pk, duties in found.items()}
