"""Where an engagement is looked at, and from which side."""

from functools import lru_cache
from uuid import UUID

from django.urls import reverse

from accounts.roles import Side
from accounts.seat import Seat
from engagements.models import Engagement


def side_of(seat: Seat, engagement: Engagement) -> Side:
    """The side of an engagement on which a seat's organisation stands."""
    return Side.CLIENT if engagement.client_id == seat.organisation.pk else Side.OPERATOR


def overview_of(engagement: Engagement) -> str:
    """The address of an engagement's first page."""
    return _overview(engagement.public_id)


# Long lists name the same engagements again and again.
@lru_cache(maxsize=4096)
def _overview(public_id: UUID) -> str:
    return reverse("workspace:overview", args=[public_id])
