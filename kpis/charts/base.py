"""What all charts have in common: colours, font, axes and the head of a spec."""

from collections.abc import Sequence
from typing import Any, Literal

Spec = dict[str, Any]
Width = int | Literal["container"]  # "container" fills the place that a page gives
Read = Literal["x", "y", "xy"]
# Paper's inks. A page puts the theme's colours in their place (static/js/charts.js), so no two meanings share a value.
INK = "#1f2937"
MUTED = "#6b7280"
HAIR = "#d1d5db"
GRID = "#e5e7eb"
HATCH = "#c4c9d1"
BAND = "#f3f4f6"
PAPER = "#ffffff"
TARGET = "#b45309"
FILL = {
    "met": "#3f6ea5",
    "missed": "transparent",
    "too-few": "#e6e8ec",
    "no-target": "#9db8d6",
    "no-data": "transparent",
}
MAX_ROWS = 12
ROW = 46  # height of a row on a page: its words above, its bar below
WORDS = -11  # where the words of such a row stand, from its middle
BAR = 9  # and its bar


def config() -> Spec:
    """The look that all charts share."""
    axis = {
        "labelColor": INK,
        "titleColor": MUTED,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    }
    return {
        "font": "Inter",
        "background": "transparent",
        "view": {"stroke": None},
        "axis": {**axis, "domainColor": HAIR, "tickColor": HAIR, "gridColor": GRID, "labelLimit": 190},
        "text": {"font": "Inter", "fontSize": 11, "color": INK},
    }


def rate_axis(numbers: Sequence[float | None]) -> Spec:
    """A percent axis from 0 to a little above the highest of these numbers."""
    axis = {"format": ".0%", "title": None, "tickCount": 5}
    return {"type": "quantitative", "scale": {"domain": [0, headroom(numbers)]}, "axis": axis}


def row_axis(field: str, values: Sequence[Spec]) -> Spec:
    """One row per value of a field, in the order in which they come, those without data where they belong, too."""
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(dict.fromkeys(value[field] for value in values))},
        "axis": {"title": None, "ticks": False, "domain": False},
    }


def notes(x: Spec, distance: int) -> Spec:
    """The figure in words, behind everything else in the row."""
    return {
        "mark": {"type": "text", "align": "left", "dx": distance},
        "encoding": {"x": {**x, "field": "end"}, "text": {"field": "note", "type": "nominal"}},
    }


def worded_rows(field: str) -> list[Spec]:
    """On a page: what each row is at its left, its figure at its right, both above the bar: so both fit a phone."""
    word = {"type": "text", "dy": WORDS, "baseline": "middle", "fontSize": 12}
    return [
        {
            "mark": {**word, "align": "left", "limit": {"expr": "max(width - 140, 90)"}},
            "encoding": {"x": {"value": 0}, "text": {"field": field, "type": "nominal"}},
        },
        {
            "mark": {**word, "align": "right"},
            "encoding": {"x": {"value": "width"}, "text": {"field": "note", "type": "nominal"}},
        },
    ]


def head(
    title: str, width: Width, height: int | Spec, *, room: int = 30, right: int = 12, read: Read = "xy"
) -> Spec:
    """What every spec opens with; `title` becomes the accessible description, the heading stands in the page.

    `read` says along which axis a reader goes from value to value. On a page the whole drawing is `height` and `room`
    for its axes, known before it is drawn: nothing jumps.
    """
    on_page = width == "container"
    fit = {"autosize": {"type": "fit", "contains": "padding"}} if on_page else {}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": title,
        "width": width,
        "height": height + room if on_page and isinstance(height, int) else height,
        "padding": {"left": 4, "right": right, "top": 4, "bottom": 4},
        **fit,
        "usermeta": {"read": read},
        "config": config(),
    }


def headroom(values: Sequence[float | None]) -> float:
    """The end of a rate axis: a little above the highest value, in steps that read well, never above 100%."""
    highest = max((value for value in values if value is not None), default=0.0)
    return next((step for step in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if highest * 1.08 <= step), 1.0)
