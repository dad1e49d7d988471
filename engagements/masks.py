"""Which mask a reader looks through."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

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


def masks_for(engagements: Iterable[Engagement], sides: Mapping[int, Side | str]) -> dict[int, Mask]:
    """The masks for somebody who has a side in each of many engagements, by the engagement's id. One query at most."""
    numbered = [each.pk for each in engagements if masks(each, sides.get(each.pk))]
    rows: dict[int, list[Pseudonym]] = {pk: [] for pk in numbered}
    if numbered:
        for row in _pseudonyms().filter(engagement__in=numbered):
            rows[row.engagement_id].append(row)
    return {pk: _mask(own) for pk, own in rows.items()}


def full_mask(engagement: Engagement) -> Mask:
    """Every agent by number, whether or not the operator asked for it. One query."""
    return _mask(_pseudonyms().filter(engagement=engagement))


def _pseudonyms() -> QuerySet[Pseudonym]:
    return Pseudonym.objects.select_related("agent").order_by("number")


def _mask(rows: Iterable[Pseudonym]) -> Mask:
    return masked(
        KnownAgent(
            pk=row.agent_id,
            number=row.number,
            names=(row.agent.name, row.agent.display_name),
            belongs_to=row.agent.belongs_to_id,
        )
        for row in rows
    )
