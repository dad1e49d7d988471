"""The head that every page inside an engagement shows."""

from typing import Any

from django.http import HttpRequest


def engagement_head(request: HttpRequest) -> dict[str, Any]:
    """`head`: where the engagement stands, or None outside of one."""
    return {"head": None}
