"""A rate by engagement day, with phases, calibration days and target."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.wording import percent_text, share_text
from kpis.charts.base import BAND, FILL, HAIR, HATCH, INK, MUTED, PAPER, TARGET, Spec, Width, head, headroom

CALIBRATION = (11, 30)
PHASES = ((1, 10, "Setup"), (11, 30, "Calibration"), (31, 60, "Optimisation"), (61, 90, "Steady state"))
DOTTED = 45  # so many days have room for a dot each
MOST_LABELS = 8
STEPS = (1, 2, 5, 7, 10, 14, 20, 28, 50)


@dataclass(frozen=True, slots=True)
class DayPoint:
    """A day's rate; None where there are no rows. `said` is all that is to be told of it, `few` less than is judged.

    `centre`, `low` and `high` are the usual level and the control limits of a day that is judged by those before it.
    """

    day: int
    value: float | None
    on: date | None = None
    said: str = ""
    few: bool = False
    centre: float | None = None
    low: float | None = None
    high: float | None = None


def daily_trend(
    points: Sequence[DayPoint],
    *,
    title: str,
    target: float | None = None,
    width: Width = 560,
    height: int = 190,
) -> Spec:
    """A rate by engagement day with its target line, phase bands and the calibration days hatched.

    Days that are judged stand within their control limits. Days without data leave a gap in the line. Where there is
    room, each day is a dot, open where it holds few cases.
    """
    first, last = ends([point.day for point in points])
    top = headroom([target, *(number for point in points for number in (point.value, point.high))])
    x, y = day_scale(first, last), {"type": "quantitative", "scale": {"domain": [0, top]}}
    shown_x = {**x, "field": "day", "axis": day_axis({point.day: point.on for point in points})}
    shown_y = {**y, "field": "value", "axis": {"title": None, "format": ".0%", "tickCount": 4}}
    told = [
        {
            "day": point.day,
            "value": point.value,
            "said": point.said or f"day {point.day}: {percent_text(point.value)}",
            "fill": PAPER if point.few else FILL["met"],
        }
        for point in points
    ]
    line = {
        "data": {"values": told},
        "mark": {
            "type": "line",
            "color": FILL["met"],
            "strokeWidth": 1.8,
            "invalid": "break-paths-show-domains",
        },
        "encoding": {"x": shown_x, "y": shown_y},
    }
    dotted = width == "container" and len(points) <= DOTTED
    alone = {point.day for point in _alone(points)}
    dots = {
        "data": {
            "values": [one for one in told if one["value"] is not None and (dotted or one["day"] in alone)]
        },
        "mark": {
            "type": "point",
            "size": 26 if dotted else 14,
            "opacity": 1,
            "filled": True,
            "stroke": FILL["met"],
            "strokeWidth": 1.4,
        },
        "encoding": {"x": shown_x, "y": shown_y, "fill": {"field": "fill", "type": "nominal", "scale": None}},
    }
    aspect = (width if isinstance(width, int) else 560) / height
    layers = [
        *calibration(first, last, top, x, y, aspect),
        *phase_marks(first, last, x),
        *([] if target is None else target_line(target, last, x, y)),
        *limit_layers([(point.day, point.centre, point.low, point.high) for point in points], x, y),
        line,
        dots,
    ]
    return {
        **head(title, width, height, read="x", room=ROOM, right=8),
        "layer": layers,
    }


ROOM = 60  # for the names above and two lines of labels below, on a page


def ends(days: Sequence[int]) -> tuple[int, int]:
    """First and last day of an axis; a single day gets a neighbour, no days the calibration days."""
    return (min(days), max(max(days), min(days) + 1)) if days else CALIBRATION


def day_scale(first: int, last: int) -> Spec:
    """An axis on which each day fills the half days around it."""
    return {"type": "quantitative", "scale": {"domain": [first - 0.5, last + 0.5], "nice": False}}


def day_axis(days: dict[int, date | None]) -> Spec:
    """Labels "12 Mar" above "day 14" at round steps; without dates the day alone. Where it is narrow some fall out."""
    if not days:
        return {"title": "Engagement day", "grid": False, "tickCount": 9, "format": "d"}
    first, last = min(days), max(days)
    step = next((step for step in STEPS if (last - first) / step < MOST_LABELS), STEPS[-1])
    known = sorted(days)
    ticks = (
        [day for day in known if (day - first) % step == 0]
        if len(known) == last - first + 1
        else known[:: max(1, len(known) // MOST_LABELS)]
    )
    axis: Spec = {
        "title": "Engagement day",
        "grid": False,
        "values": ticks,
        "format": "d",
        "labelOverlap": "greedy",
        "labelSeparation": 6,
    }
    if any(days[day] is None for day in ticks):
        return axis
    named = {str(day): [f"{on.day} {on:%b}", f"day {day}"] for day in ticks if (on := days[day])}
    return {**axis, "title": None, "labelExpr": f"{json.dumps(named)}[datum.value]", "labelLineHeight": 14}


def _alone(points: Sequence[DayPoint]) -> list[DayPoint]:
    """Days with data between days without: no line leads to them, so they need a dot."""
    known = {point.day for point in points if point.value is not None}
    return [point for point in points if point.day in known and not known & {point.day - 1, point.day + 1}]


def calibration(first: int, last: int, top: float, x: Spec, y: Spec, aspect: float) -> list[Spec]:
    """The calibration days as a pale band with diagonal lines, at the same slant whatever the period."""
    start, end = max(CALIBRATION[0], first) - 0.5, min(CALIBRATION[1], last) + 0.5
    band = [{"from": start, "to": end}] if start < end else []
    return [
        {
            "data": {"values": band},
            "mark": {"type": "rect", "color": BAND},
            "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
        },
        {
            "data": {"values": _hatch(start, end, top, (last - first + 1) / aspect / 2)},
            "mark": {"type": "rule", "color": HATCH, "strokeWidth": 0.7, "clip": True},
            "encoding": {
                "x": {**x, "field": "from"},
                "x2": {"field": "to"},
                "y": {**y, "field": "low"},
                "y2": {"field": "high"},
            },
        },
    ]


def _hatch(start: float, end: float, top: float, run: float) -> list[Spec]:
    """At most about twenty lines from bottom to top, each `run` days wide, cut at both ends."""
    gap = max((end - start + run) / 20, run / 8)
    lines, begin = [], start - run
    while gap > 0 and begin + gap < end and start < end:
        begin += gap
        left, right = max(begin, start), min(begin + run, end)
        low, high = (left - begin) / run * top, (right - begin) / run * top
        lines.append(
            {"from": round(left, 3), "to": round(right, 3), "low": round(low, 5), "high": round(high, 5)}
        )
    return lines


def phase_marks(first: int, last: int, x: Spec) -> list[Spec]:
    """A hairline where each phase starts, and its name above where the phase is wide enough for it."""
    phases = [
        {"from": max(start, first) - 0.5, "to": min(end, last) + 0.5, "name": name}
        for start, end, name in PHASES
        if start <= last and end >= first
    ]
    return [
        {
            "data": {"values": phases},
            "mark": {"type": "rule", "color": HAIR, "strokeWidth": 1},
            "encoding": {"x": {**x, "field": "from"}},
        },
        {
            "data": {"values": phases},
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "bottom",
                "dx": 2,
                "dy": -4,
                "color": MUTED,
                "fontSize": 10,
            },
            "encoding": {
                "x": {**x, "field": "from"},
                "y": {"value": 0},
                "text": {"field": "name", "type": "nominal"},
                "opacity": {
                    "condition": {
                        "test": "scale('x', datum.to) - scale('x', datum.from) > 5.5 * length(datum.name)",
                        "value": 1,
                    },
                    "value": 0,
                },
            },
        },
    ]


def limit_layers(
    days: Sequence[tuple[int, float | None, float | None, float | None]], x: Spec, y: Spec
) -> list[Spec]:
    """Control limits as a pale band with dashed edges, the usual level as a line; none where no day is judged.

    `days` are (day, centre, low, high).
    """
    judged = [
        {"day": day, "centre": centre, "low": low, "high": high}
        for day, centre, low, high in days
        if low is not None
    ]
    if not judged:
        return []
    limits: Spec = {"data": {"values": judged}}
    at = {**x, "field": "day"}
    edge = {"type": "line", "interpolate": "step", "color": MUTED, "strokeWidth": 1, "strokeDash": [4, 3]}
    level = {"type": "line", "interpolate": "step", "color": MUTED, "strokeWidth": 1.2}
    band = {"type": "area", "interpolate": "step", "color": FILL["no-target"], "opacity": 0.25}
    lines = (("low", edge), ("high", edge), ("centre", level))
    return [
        {
            **limits,
            "mark": band,
            "encoding": {"x": at, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        *({**limits, "mark": mark, "encoding": {"x": at, "y": {**y, "field": name}}} for name, mark in lines),
    ]


def target_line(target: float, last: int, x: Spec, y: Spec) -> list[Spec]:
    """A dashed line at the target, named in the right margin where no data can cross it."""
    values = [{"target": target, "day": last + 0.5, "name": ["target", share_text(target)]}]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "color": TARGET, "strokeWidth": 1.6, "strokeDash": [6, 4]},
            "encoding": {"y": {**y, "field": "target"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6, "dy": -6, "color": INK},
            "encoding": {
                "x": {**x, "field": "day"},
                "y": {**y, "field": "target"},
                "text": {"field": "name", "type": "nominal"},
            },
        },
    ]
