"""A rate by engagement day, with phases, calibration days and target."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.wording import share_text
from kpis.charts.base import FILL, GRID, HAIR, INK, MUTED, TARGET, Spec, Width, head, headroom

CALIBRATION = (11, 30)
PHASES = ((11, 30, "Calibration"), (31, 60, "Optimisation"), (61, 90, "Steady state"))


@dataclass(frozen=True, slots=True)
class DayPoint:
    """A day's rate; None where there are no rows."""

    day: int
    value: float | None


def daily_trend(
    points: Sequence[DayPoint],
    *,
    title: str,
    target: float | None = None,
    width: Width = 560,
    height: int = 190,
) -> Spec:
    """A rate by engagement day with its target line, phase bands and the calibration days hatched.

    Days without data leave a gap in the line.
    """
    days = [point.day for point in points]
    first, last = (min(days), max(max(days), min(days) + 1)) if days else CALIBRATION
    top = headroom([*(point.value for point in points), target])
    x = {"type": "quantitative", "scale": {"domain": [first, last], "nice": False}}
    y = {"type": "quantitative", "scale": {"domain": [0, top]}}
    shown_x = {
        **x,
        "field": "day",
        "axis": {"title": "Engagement day", "grid": False, "tickCount": 9, "format": "d"},
    }
    shown_y = {**y, "field": "value", "axis": {"title": None, "format": ".0%", "tickCount": 4}}
    line = {
        "data": {"values": [{"day": point.day, "value": point.value} for point in points]},
        "mark": {
            "type": "line",
            "color": FILL["met"],
            "strokeWidth": 1.8,
            "invalid": "break-paths-show-domains",
        },
        "encoding": {"x": shown_x, "y": shown_y},
    }
    dots = {
        "data": {"values": [{"day": point.day, "value": point.value} for point in _alone(points)]},
        "mark": {"type": "point", "size": 14, "filled": True, "color": FILL["met"], "opacity": 1},
        "encoding": {"x": shown_x, "y": shown_y},
    }
    aspect = (width if isinstance(width, int) else 560) / height
    layers = [
        hatching(first, last, top, x, y, aspect),
        *phase_marks(first, last, x),
        line,
        dots,
        *([] if target is None else _target_line(target, last, x, y)),
    ]
    return {**head(title, width, height), "layer": layers}


def _alone(points: Sequence[DayPoint]) -> list[DayPoint]:
    """Days with data between days without: no line leads to them, so they need a dot."""
    known = {point.day for point in points if point.value is not None}
    return [point for point in points if point.day in known and not known & {point.day - 1, point.day + 1}]


def hatching(first: int, last: int, top: float, x: Spec, y: Spec, aspect: float) -> Spec:
    """Diagonal lines over the calibration days, at most about twenty, at the same slant whatever the period."""
    start, end = max(CALIBRATION[0], first), min(CALIBRATION[1] + 1, last)
    run = (last - first) / aspect / 2  # days that a line at this slant needs from bottom to top
    gap = max((end - start) / 16, (last - first) / 50)
    lines = []
    begin = start - run
    while gap > 0 and begin < end:
        left, right = max(begin, start), min(begin + run, end)
        if right > left:
            low, high = (left - begin) / run * top, (right - begin) / run * top
            lines.append(
                {"from": round(left, 3), "to": round(right, 3), "low": round(low, 5), "high": round(high, 5)}
            )
        begin += gap
    return {
        "data": {"values": lines},
        "mark": {"type": "rule", "color": GRID, "strokeWidth": 1, "clip": True},
        "encoding": {
            "x": {**x, "field": "from"},
            "x2": {"field": "to"},
            "y": {**y, "field": "low"},
            "y2": {"field": "high"},
        },
    }


def phase_marks(first: int, last: int, x: Spec) -> list[Spec]:
    """A hairline where each phase starts, and its name above the plot."""
    phases = [
        {"from": max(start, first), "name": name, "middle": (max(start, first) + min(end + 1, last)) / 2}
        for start, end, name in PHASES
        if start < last and end >= first
    ]
    return [
        {
            "data": {"values": phases},
            "mark": {"type": "rule", "color": HAIR, "strokeWidth": 1},
            "encoding": {"x": {**x, "field": "from"}},
        },
        {
            "data": {"values": phases},
            "mark": {"type": "text", "baseline": "bottom", "dy": -4, "color": MUTED, "fontSize": 10},
            "encoding": {
                "x": {**x, "field": "middle"},
                "y": {"value": 0},
                "text": {"field": "name", "type": "nominal"},
            },
        },
    ]


def _target_line(target: float, last: int, x: Spec, y: Spec) -> list[Spec]:
    """A dashed line at the target, named in the right margin where no data can cross it."""
    values = [{"target": target, "day": last, "name": f"target {share_text(target)}"}]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "color": TARGET, "strokeWidth": 1.6, "strokeDash": [6, 4]},
            "encoding": {"y": {**y, "field": "target"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "color": INK},
            "encoding": {
                "x": {**x, "field": "day"},
                "y": {**y, "field": "target"},
                "text": {"field": "name", "type": "nominal"},
            },
        },
    ]
