"""A rate by engagement day within its control limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.wording import percent_text
from kpis.charts.base import FILL, INK, TARGET, Spec, Width, head, headroom
from kpis.charts.trend import (
    ROOM,
    calibration,
    day_axis,
    day_scale,
    ends,
    limit_layers,
    phase_marks,
    target_line,
)


@dataclass(frozen=True, slots=True)
class LimitPoint:
    """A day's rate with its control limits; `flag` is "" or what stands beside a flagged day, `said` all of it."""

    day: int
    value: float | None
    centre: float | None = None
    low: float | None = None
    high: float | None = None
    flag: str = ""
    on: date | None = None
    said: str = ""


def control_chart(
    points: Sequence[LimitPoint],
    *,
    title: str,
    target: float | None = None,
    width: Width = 640,
    height: int = 240,
) -> Spec:
    """A rate by engagement day within its control limits, flagged days as filled squares with their day beside them.

    The limits are a pale band with dashed edges, the centre a line; phases, calibration and target as in the trend.
    """
    first, last = ends([point.day for point in points])
    top = headroom([target, *(number for point in points for number in (point.value, point.high))])
    x = day_scale(first, last)
    y = {"type": "quantitative", "scale": {"domain": [0, top]}}
    shown_x = {**x, "field": "day", "axis": day_axis({point.day: point.on for point in points})}
    shown_y = {**y, "field": "value", "axis": {"title": None, "format": ".0%", "tickCount": 4}}
    told = [
        {
            "day": p.day,
            "value": p.value,
            "flag": p.flag,
            "said": p.said or f"day {p.day}: {percent_text(p.value)}",
        }
        for p in points
        if p.value is not None
    ]
    aspect = (width if isinstance(width, int) else 560) / height
    layers = [
        *calibration(first, last, top, x, y, aspect),
        *phase_marks(first, last, x),
        *([] if target is None else target_line(target, last, x, y)),
        *limit_layers([(p.day, p.centre, p.low, p.high) for p in points], x, y),
        {
            "data": {"values": told},
            "mark": {"type": "line", "color": FILL["met"], "strokeWidth": 1.2, "opacity": 0.7},
            "encoding": {"x": shown_x, "y": shown_y},
        },
        {
            "data": {"values": [one for one in told if not one["flag"]]},
            "mark": {"type": "point", "size": 22, "filled": True, "color": FILL["met"], "opacity": 1},
            "encoding": {"x": shown_x, "y": shown_y},
        },
        *_flags([one for one in told if one["flag"]], x, y),
    ]
    return {**head(title, width, height, read="x", room=ROOM, right=8), "layer": layers}


def _flags(values: Sequence[Spec], x: Spec, y: Spec) -> list[Spec]:
    """The flagged days as squares, each with its word."""
    places = {"x": {**x, "field": "day"}, "y": {**y, "field": "value"}}
    square = {"type": "point", "shape": "square", "size": 80, "filled": True, "color": TARGET, "opacity": 1}
    words = {"type": "text", "dy": -12, "color": INK, "fontWeight": "bold"}
    return [
        {"data": {"values": values}, "mark": square, "encoding": places},
        {
            "data": {"values": values},
            "mark": words,
            "encoding": {**places, "text": {"field": "flag", "type": "nominal"}},
        },
    ]
