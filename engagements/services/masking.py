"""Whether the client sees the names of agents: the operator decides."""

from django.db import transaction

from accounts import trail
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused

from ..locking import hold
from ..models import Engagement
from .team import own_side


@transaction.atomic
def mask_agents(*, engagement: Engagement, by: Seat, masked: bool) -> Engagement:
    """Show the client numbers instead of the names of agents, or the names again. Twice is as once.

    Reports that are asked for from then on carry numbers for both sides; a file that the client has taken away
    or signed before stays theirs as it is.
    """
    by.require(Permission.MASK_AGENTS)
    if own_side(by) is not Side.OPERATOR:
        raise Refused("The operator decides whether the names of its agents are shown.")
    engagement = hold(engagement.pk)
    if masked == (engagement.agents_masked_at is not None):
        return engagement
    engagement.agents_masked_at = clock.now() if masked else None
    engagement.save(update_fields=["agents_masked_at"])
    trail.record(
        by=by,
        action="agents.masked" if masked else "agents.unmasked",
        subject="the client",
        engagement_id=engagement.pk,
        before={"agents": "names" if masked else "numbers"},
        after={"agents": "numbers" if masked else "names"},
    )
    return engagement
