"""What every page's frame shows of the person."""

from typing import Any

from django.http import HttpRequest


def seat(request: HttpRequest) -> dict[str, Any]:
    """`seat`: who acts and for which organisation; `chairs`: where they may switch to."""
    return {"seat": getattr(request, "seat", None), "chairs": getattr(request, "chairs", [])}
