"""The head that every page inside an engagement shows, and the zone of the times on the pages outside of one."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from workspace.selectors.head import head_of, zone_of


def engagement_head(request: HttpRequest) -> dict[str, Any]:
    """`head`: where the engagement stands, or None outside of one. A part without a head does not read it.

    `own_zone`, outside of one: the zone of all engagements that the person sees, where they are in one.
    """
    engagement = getattr(request, "engagement", None)
    if engagement is None:
        return {"head": None, "own_zone": SimpleLazyObject(lambda: zone_of(getattr(request, "seat", None)))}
    # A page that has read where the engagement stands leaves it in the request, so that it is read once.
    return {"head": SimpleLazyObject(lambda: head_of(engagement, getattr(request, "standing", None)))}
