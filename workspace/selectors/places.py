"""Where an engagement is looked at."""

from functools import lru_cache
from uuid import UUID

from django.urls import reverse

from engagements.models import Engagement


def overview_of(engagement: Engagement) -> str:
    """The address of an engagement's first page."""
    return _overview(engagement.public_id)


# Long lists name the same engagements again and again.
@lru_cache(maxsize=4096)
def _overview(public_id: UUID) -> str:
    return reverse("workspace:overview", args=[public_id])
