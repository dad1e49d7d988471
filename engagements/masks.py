"""Which mask a reader looks through."""

from accounts.roles import Side
from accounts.seat import Seat

from .masking import OPEN, KnownAgent, Mask, masked
from .models import Engagement, Pseudonym


def masks(engagement: Engagement, side: Side | str | None) -> bool:
    """Whether somebody of this side sees numbers instead of names; None stands for a paper that both read."""
    return engagement.agents_masked_at is not None and side != Side.OPERATOR


def mask_for(engagement: Engagement, side: Side | str | None) -> Mask:
    """The mask for a reader of one side, or (None) for what both sides read. No query where nothing is masked."""
    return full_mask(engagement) if masks(engagement, side) else OPEN


def mask_of(engagement: Engagement, seat: Seat) -> Mask:
    """The mask for whoever sits here."""
    return mask_for(engagement, seat.side)


def full_mask(engagement: Engagement) -> Mask:
    """Every agent by number, whether or not the operator asked for it. One query."""
    rows = Pseudonym.objects.filter(engagement=engagement).select_related("agent")
    return masked(
        KnownAgent(
            pk=row.agent_id,
            number=row.number,
            names=(row.agent.name, row.agent.display_name),
            belongs_to=row.agent.belongs_to_id,
        )
        for row in rows.order_by("number")
    )
