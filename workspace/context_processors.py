"""The head that every page inside an engagement shows."""

from typing import Any

from django.http import HttpRequest

from workspace.selectors.head import head_of


def engagement_head(request: HttpRequest) -> dict[str, Any]:
    """`head`: where the engagement stands, or None outside of one."""
    engagement = getattr(request, "engagement", None)
    # A page that has read where the engagement stands leaves it here, so that it is read once.
    return {"head": head_of(engagement, getattr(request, "standing", None)) if engagement else None}
