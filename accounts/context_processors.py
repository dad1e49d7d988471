"""What every page's frame shows of the person."""

from typing import Any

from django.http import HttpRequest

from common.brand import sheet_name


def seat(request: HttpRequest) -> dict[str, Any]:
    """`seat`: who acts and for which organisation; `chairs`: where they may switch to; `chair`: where they sit now.

    `brand_sheet` names the style sheet of that organisation's colour, where it has chosen one.
    """
    seat = getattr(request, "seat", None)
    chairs = getattr(request, "chairs", [])
    chair = next((chair for chair in chairs if seat and chair.organisation_id == seat.organisation.pk), None)
    return {
        "seat": seat,
        "chairs": chairs,
        "chair": chair,
        "brand_sheet": sheet_name(chair.colour) if chair and chair.colour else "",
    }
