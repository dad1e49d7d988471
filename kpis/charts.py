"""Charts as data: figures in, one Vega-Lite spec out. The browser and the PDF draw the same spec.

The palette reads in black and white: what differs in meaning differs in lightness or in line, never in hue alone.
No chart holds more than about a hundred marks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from common.wording import share_text

Spec = dict[str, Any]
Width = int | Literal["container"]  # "container" fills the place that a page gives

INK = "#1f2937"
MUTED = "#6b7280"
HAIR = "#d1d5db"
GRID = "#e5e7eb"
TARGET = "#b45309"
FILL = {
    "met": "#3f6ea5",
    "missed": "transparent",
    "too-few": "#e5e7eb",
    "no-target": "#9db8d6",
    "no-data": "transparent",
}
CALIBRATION = (11, 30)
PHASES = ((11, 30, "Calibration"), (31, 60, "Optimisation"), (61, 90, "Steady state"))
MAX_ROWS = 12


@dataclass(frozen=True, slots=True)
class RateBar:
    """One rate, 0 to 1, with what is written beside it. `verdict` is a key of FILL."""

    label: str
    value: float | None
    note: str
    low: float | None = None
    high: float | None = None
    target: float | None = None
    verdict: str = "no-target"


@dataclass(frozen=True, slots=True)
class DayPoint:
    """A day's rate; None where there are no rows."""

    day: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """One rate before and after, with intervals."""

    label: str
    before: float | None
    after: float | None
    before_low: float | None = None
    before_high: float | None = None
    after_low: float | None = None
    after_high: float | None = None
    target: float | None = None


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


def rate_bars(rows: Sequence[RateBar], *, title: str, width: Width = 480, step: int = 32) -> Spec:
    """Horizontal bars with interval, target tick and the count behind each rate; used for funnel and lead sources.

    A missed rate is an outline, a met one is filled, too few a pale grey: so the picture holds without colour. Only
    the first twelve rows are drawn; the table beside the chart has them all.
    """
    shown = rows[:MAX_ROWS]
    values = [
        {
            "label": row.label,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "target": row.target,
            "note": row.note,
            "fill": FILL[row.verdict],
            "end": max(filter(None, (row.value, row.high, row.target)), default=0),
        }
        for row in shown
    ]
    x = _rate_axis([number for row in shown for number in (row.value, row.high, row.target)])
    bars = {
        "transform": [{"filter": "datum.value != null"}],
        "mark": {"type": "bar", "height": {"band": 0.52}, "stroke": INK, "strokeWidth": 0.8},
        "encoding": {
            "x": {**x, "field": "value"},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
        },
    }
    return {
        **_head(title, width, {"step": step}),
        "data": {"values": values},
        "encoding": {"y": _row_axis("label")},
        "layer": [bars, _intervals(x), _targets(x, step * 0.82), _notes(x, 8)],
    }


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
    top = _headroom([*(point.value for point in points), target])
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
        _hatching(first, last, top, x, y, aspect),
        *_phase_marks(first, last, x),
        line,
        dots,
        *([] if target is None else _target_line(target, last, x, y)),
    ]
    return {**_head(title, width, height), "layer": layers}


def _alone(points: Sequence[DayPoint]) -> list[DayPoint]:
    """Days with data between days without: no line leads to them, so they need a dot."""
    known = {point.day for point in points if point.value is not None}
    return [point for point in points if point.day in known and not known & {point.day - 1, point.day + 1}]


def _hatching(first: int, last: int, top: float, x: Spec, y: Spec, aspect: float) -> Spec:
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


def _phase_marks(first: int, last: int, x: Spec) -> list[Spec]:
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


def before_after(rows: Sequence[Change], *, title: str, width: Width = 460, step: int = 21) -> Spec:
    """For each rate the baseline (open circle) and now (filled), each with its interval, and the target tick."""
    shown = rows[:MAX_ROWS]
    dots = [
        {
            "row": f"{row.label}, {when}",
            "when": when,
            "value": value,
            "low": low,
            "high": high,
            "target": row.target,
            "note": "no data" if value is None else f"{value:.1%}",
            "end": max(filter(None, (value, high, row.target)), default=0),
        }
        for row in shown
        for when, value, low, high in (
            ("baseline", row.before, row.before_low, row.before_high),
            ("now", row.after, row.after_low, row.after_high),
        )
    ]
    x = _rate_axis([n for r in shown for n in (r.before, r.before_high, r.after, r.after_high, r.target)])
    fill = {"domain": ["baseline", "now"], "range": ["#ffffff", FILL["met"]]}
    circles = {
        "transform": [{"filter": "datum.value != null"}],
        "mark": {
            "type": "point",
            "filled": True,
            "size": 70,
            "opacity": 1,
            "stroke": INK,
            "strokeWidth": 1.4,
        },
        "encoding": {
            "x": {**x, "field": "value"},
            "fill": {"field": "when", "type": "nominal", "scale": fill, "legend": None},
        },
    }
    return {
        **_head(title, width, {"step": step}),
        "data": {"values": dots},
        "encoding": {"y": _row_axis("row")},
        "layer": [_targets(x, step), _intervals(x), circles, _notes(x, 10)],
    }


def _rate_axis(numbers: Sequence[float | None]) -> Spec:
    """A percent axis from 0 to a little above the highest of these numbers."""
    axis = {"format": ".0%", "title": None, "tickCount": 5}
    return {"type": "quantitative", "scale": {"domain": [0, _headroom(numbers)]}, "axis": axis}


def _row_axis(field: str) -> Spec:
    """One row per value of a field, in the order in which they come."""
    return {
        "field": field,
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "ticks": False, "domain": False},
    }


def _intervals(x: Spec) -> Spec:
    """A thin line from low to high."""
    return {
        "transform": [{"filter": "datum.low != null"}],
        "mark": {"type": "rule", "strokeWidth": 1.4, "color": INK},
        "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }


def _targets(x: Spec, size: float) -> Spec:
    """An upright mark at the target."""
    return {
        "transform": [{"filter": "datum.target != null"}],
        "mark": {"type": "tick", "thickness": 3, "size": size, "color": TARGET},
        "encoding": {"x": {**x, "field": "target"}},
    }


def _notes(x: Spec, distance: int) -> Spec:
    """The figure in words, behind everything else in the row."""
    return {
        "mark": {"type": "text", "align": "left", "dx": distance},
        "encoding": {"x": {**x, "field": "end"}, "text": {"field": "note", "type": "nominal"}},
    }


def counts_by_group(
    rows: Sequence[tuple[str, int, int, int]], *, title: str, width: Width = 480, step: int = 26
) -> Spec:
    """Stacked counts (label, done, failed, open): readiness checks by area, say."""
    values = [
        {"label": label, "state": state, "n": n, "order": order}
        for label, *numbers in rows[:MAX_ROWS]
        for order, (state, n) in enumerate(zip(("passed", "failed", "open"), numbers, strict=True))
        if n
    ]
    fill = {"domain": ["passed", "failed", "open"], "range": [FILL["met"], INK, "#ffffff"]}
    return {
        **_head(title, width, {"step": step}),
        "data": {"values": values},
        "mark": {"type": "bar", "stroke": INK, "strokeWidth": 0.8, "height": {"band": 0.6}},
        "encoding": {
            "y": {"field": "label", "type": "nominal", "sort": None, "axis": {"title": None, "ticks": False}},
            "x": {
                "field": "n",
                "type": "quantitative",
                "axis": {"title": "checks", "tickMinStep": 1, "format": "d"},
            },
            "fill": {
                "field": "state",
                "type": "nominal",
                "scale": fill,
                "legend": {"title": None, "orient": "top"},
            },
            "order": {"field": "order", "type": "ordinal"},
        },
    }


def _head(title: str, width: Width, height: int | Spec) -> Spec:
    """What every spec opens with; `title` becomes the accessible description, the heading stands in the page."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": title,
        "width": width,
        "height": height,
        "padding": {"left": 4, "right": 12, "top": 4, "bottom": 4},
        "config": config(),
    }


def _headroom(values: Sequence[float | None]) -> float:
    """The end of a rate axis: a little above the highest value, in steps that read well, never above 100%."""
    highest = max((value for value in values if value is not None), default=0.0)
    return next((step for step in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if highest * 1.08 <= step), 1.0)


@dataclass(frozen=True, slots=True)
class LimitPoint:
    """A day's rate with its control limits; `flag` is "" or what stands beside a flagged day."""

    day: int
    value: float | None
    centre: float | None = None
    low: float | None = None
    high: float | None = None
    flag: str = ""


def control_chart(points: Sequence[LimitPoint], *, title: str, width: Width = 640, height: int = 240) -> Spec:
    """A rate by engagement day within its control limits, flagged days as filled squares with their day beside them.

    The limits are a pale band with dashed edges, the centre a line; phases and calibration days as in the trend.
    """
    days = [point.day for point in points]
    first, last = (min(days), max(max(days), min(days) + 1)) if days else CALIBRATION
    top = _headroom([number for point in points for number in (point.value, point.high)])
    x = {"type": "quantitative", "scale": {"domain": [first, last], "nice": False}}
    y = {"type": "quantitative", "scale": {"domain": [0, top]}}
    shown_x = {
        **x,
        "field": "day",
        "axis": {"title": "Engagement day", "grid": False, "tickCount": 9, "format": "d"},
    }
    shown_y = {**y, "field": "value", "axis": {"title": None, "format": ".0%", "tickCount": 4}}
    told = [{"day": p.day, "value": p.value, "flag": p.flag} for p in points if p.value is not None]
    judged = [
        {"day": p.day, "centre": p.centre, "low": p.low, "high": p.high} for p in points if p.low is not None
    ]
    edge = {"type": "line", "interpolate": "step", "color": MUTED, "strokeWidth": 1, "strokeDash": [4, 3]}
    limits = {"data": {"values": judged}}
    aspect = (width if isinstance(width, int) else 560) / height
    layers = [
        _hatching(first, last, top, x, y, aspect),
        *_phase_marks(first, last, x),
        {
            **limits,
            "mark": {"type": "area", "interpolate": "step", "color": FILL["no-target"], "opacity": 0.25},
            "encoding": {"x": {**x, "field": "day"}, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        *(
            {**limits, "mark": edge, "encoding": {"x": {**x, "field": "day"}, "y": {**y, "field": name}}}
            for name in ("low", "high")
        ),
        {
            **limits,
            "mark": {"type": "line", "interpolate": "step", "color": MUTED, "strokeWidth": 1.2},
            "encoding": {"x": {**x, "field": "day"}, "y": {**y, "field": "centre"}},
        },
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
    return {**_head(title, width, height), "layer": layers}


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


@dataclass(frozen=True, slots=True)
class FunnelDot:
    """A group by how many it was counted from; `named` where its name stands beside it."""

    label: str
    n: int
    value: float
    named: bool = False
    pale: bool = False


def funnel_limits(
    dots: Sequence[FunnelDot],
    lines: Sequence[tuple[int, float, float, float, float]],
    *,
    title: str,
    counted: str,
    centre: float,
    width: Width = 480,
    height: int = 220,
) -> Spec:
    """A funnel plot: each group by its size, the common rate, and the inner (dotted) and outer (dashed) limits.

    `lines` are (n, inner low, inner high, outer low, outer high); `counted` is what the sizes count.
    """
    top = _headroom([*(dot.value for dot in dots), centre])
    widest = max([dot.n for dot in dots] + [line[0] for line in lines], default=1)
    x = {"type": "quantitative", "scale": {"domain": [0, widest * 1.08]}}
    y = {"type": "quantitative", "scale": {"domain": [0, top]}}
    values = [
        {"n": n, "a": min(a, top), "b": min(b, top), "c": min(c, top), "d": min(d, top)}
        for n, a, b, c, d in lines
    ]
    dot_values = [
        {"label": d.label if d.named else "", "n": d.n, "value": d.value, "fill": _dot_fill(d)} for d in dots
    ]
    edges = [("a", [1, 3]), ("b", [1, 3]), ("c", [5, 4]), ("d", [5, 4])]
    shown_x = {**x, "field": "n", "axis": {"title": counted, "grid": False, "tickCount": 5, "format": ",d"}}
    shown_y = {**y, "field": "value", "axis": {"title": None, "format": ".0%", "tickCount": 4}}
    layers = [
        *(
            {
                "data": {"values": values},
                "mark": {"type": "line", "color": MUTED, "strokeWidth": 1.2, "strokeDash": dash},
                "encoding": {"x": {**x, "field": "n"}, "y": {**y, "field": name}},
            }
            for name, dash in edges
        ),
        {
            "data": {"values": [{"centre": centre}]},
            "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1.2},
            "encoding": {"y": {**y, "field": "centre"}},
        },
        {
            "data": {"values": dot_values},
            "mark": {
                "type": "point",
                "filled": True,
                "size": 60,
                "opacity": 1,
                "stroke": INK,
                "strokeWidth": 0.8,
            },
            "encoding": {
                "x": shown_x,
                "y": shown_y,
                "fill": {"field": "fill", "type": "nominal", "scale": None},
            },
        },
        {
            "data": {"values": dot_values},
            "mark": {"type": "text", "align": "right", "dx": -9, "color": INK},
            "encoding": {"x": shown_x, "y": shown_y, "text": {"field": "label", "type": "nominal"}},
        },
    ]
    return {**_head(title, width, height), "layer": layers}


def _dot_fill(dot: FunnelDot) -> str:
    return TARGET if dot.named else FILL["too-few"] if dot.pale else FILL["met"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday; `value` is None where there are too few to say."""

    weekday: str
    hour: str
    value: float | None


def heat_map(
    cells: Sequence[Cell], weekdays: Sequence[str], *, title: str, width: Width = 480, step: int = 26
) -> Spec:
    """A rate by hour (down) and weekday (across): the darker the higher, its figure in each cell."""
    known = [cell.value for cell in cells if cell.value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    values = [
        {
            "weekday": cell.weekday,
            "hour": cell.hour,
            "value": cell.value,
            "note": "few" if cell.value is None else f"{cell.value * 100:.0f}%",
        }
        for cell in cells
    ]
    x = {
        "field": "weekday",
        "type": "nominal",
        "sort": list(weekdays),
        "axis": {"title": None, "orient": "top", "labelAngle": 0, "ticks": False, "domain": False},
    }
    y = {
        "field": "hour",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "ticks": False, "domain": False},
    }
    shade = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [low, max(high, low + 0.001)], "range": [0.08, 0.62]},
        "legend": None,
    }
    return {
        **_head(title, width, {"step": step}),
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "transform": [{"filter": "datum.value != null"}],
                "mark": {"type": "rect", "color": FILL["met"], "stroke": HAIR, "strokeWidth": 0.5},
                "encoding": {"fillOpacity": shade},
            },
            {
                "mark": {"type": "text", "color": INK},
                "encoding": {"text": {"field": "note", "type": "nominal"}},
            },
        ],
    }


def split_bars(
    parts: Sequence[tuple[str, float, str]],
    *,
    title: str,
    unit: str | None = None,
    width: Width = 480,
    step: int = 30,
) -> Spec:
    """What each part added to a cost (filled) or took from it (outline), with the figure beside it."""
    ends = [change for _, change, _ in parts] or [0.0]
    reach = max(max(ends), -min(ends), 1e-9) * 1.05
    values = [
        {
            "label": label,
            "change": change,
            "note": note,
            "end": max(change, 0),
            "fill": FILL["met"] if change > 0 else "transparent",
        }
        for label, change, note in parts[:MAX_ROWS]
    ]
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(0, min(ends) * 1.05), max(max(ends), reach * 0.1) * 1.1]},
        "axis": {"title": unit, "tickCount": 4, "labelSeparation": 8},
    }
    return {
        **_head(title, width, {"step": step}),
        "data": {"values": values},
        "encoding": {"y": _row_axis("label")},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.55}, "stroke": INK, "strokeWidth": 0.8},
                "encoding": {
                    "x": {**x, "field": "change"},
                    "fill": {"field": "fill", "type": "nominal", "scale": None},
                },
            },
            _notes(x, 8),
        ],
    }
