"""The head that every page inside an engagement shows."""

from typing import Any

from django.http import HttpRequest

from workspace.selectors.head import head_of


def engagement_head(request: HttpRequest) -> dict[str, Any]:
    """`head`: where the engagement stands, or None outside of one."""
    engagement = getattr(request, "engagement", None)
    return {"head": head_of(engagement) if engagement else None}
