"""Bars: rates with target and interval, before and after, counts by group, what each part added to a cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.wording import interval_text, percent_text, share_text
from kpis.charts.base import (
    BAR,
    FILL,
    INK,
    MAX_ROWS,
    PAPER,
    ROW,
    TARGET,
    Spec,
    Width,
    head,
    notes,
    rate_axis,
    row_axis,
    worded_rows,
)


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
    weakest: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One rate before and after, with intervals; the notes are what stands beside each, the counts with it."""

    label: str
    before: float | None
    after: float | None
    before_low: float | None = None
    before_high: float | None = None
    after_low: float | None = None
    after_high: float | None = None
    target: float | None = None
    before_note: str = ""
    after_note: str = ""
    before_when: str = "baseline"
    after_when: str = "now"


def rate_bars(rows: Sequence[RateBar], *, title: str, width: Width = 480, step: int = 32) -> Spec:
    """Horizontal bars with interval, target tick and the count behind each rate; used for funnel and lead sources.

    A missed rate is an outline, a met one is filled, too few a pale grey: so the picture holds without colour. The
    weakest is named. Only the first twelve rows are drawn; the table beside the chart has them all.
    """
    shown = rows[:MAX_ROWS]
    values = [
        {
            "label": f"{row.label} · weakest" if row.weakest else row.label,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "target": row.target,
            "note": row.note,
            "fill": FILL[row.verdict],
            "end": max(filter(None, (row.value, row.high, row.target)), default=0),
            "said": _said(row.label, row.note, row.low, row.high, row.target),
        }
        for row in shown
    ]
    x = rate_axis([number for row in shown for number in (row.value, row.high, row.target)])
    bars = {
        "transform": [{"filter": "datum.value != null"}],
        "mark": {"type": "bar", "height": {"band": 0.52}, "stroke": INK, "strokeWidth": 0.8},
        "encoding": {
            "x": {**x, "field": "value"},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
        },
    }
    if width == "container":
        return _worded(title, values, bars, [intervals(x), targets(x, 20)])
    return {
        **head(title, width, {"step": step}),
        "data": {"values": values},
        "encoding": {"y": row_axis("label", values)},
        "layer": [bars, intervals(x), targets(x, step * 0.82), notes(x, 8)],
    }


def _said(
    label: str, note: str, low: float | None = None, high: float | None = None, target: float | None = None
) -> str:
    """All of a row in words: "Web form: 62.7% (52 of 83); 95% interval 51.9–72.3%; target 70%"."""
    span = interval_text(low, high)
    parts = [
        note,
        f"95% interval {span}" if span else "",
        "" if target is None else f"target {share_text(target)}",
    ]
    return f"{label}: {'; '.join(filter(None, parts))}"


def _worded(
    title: str,
    values: Sequence[Spec],
    marks: Spec,
    others: Sequence[Spec],
    field: str = "label",
    room: int = 30,
) -> Spec:
    """Rows for a page: words above, mark below."""
    place = {**row_axis(field, values), "axis": None}
    below = [{**layer, "mark": {**layer["mark"], "yOffset": BAR}} for layer in (marks, *others)]
    if marks["mark"]["type"] == "bar":
        below[0]["mark"]["height"] = 14
    return {
        **head(title, "container", len(values) * ROW, read="y", room=room, right=16),
        "data": {"values": values},
        "encoding": {"y": place},
        "layer": [*below, *worded_rows(field)],
    }


def before_after(rows: Sequence[Change], *, title: str, width: Width = 460, step: int = 21) -> Spec:
    """For each rate the baseline (open circle) and now (filled), each with its interval, and the target tick."""
    shown = rows[:MAX_ROWS]
    dots = [
        {
            "row": f"{row.label}, {when}",
            "when": when,
            "fill": fill,
            "value": value,
            "low": low,
            "high": high,
            "target": row.target,
            "note": note or percent_text(value),
            "end": max(filter(None, (value, high, row.target)), default=0),
            "said": _said(f"{row.label}, {when}", note or percent_text(value), low, high, row.target),
        }
        for row in shown
        for when, value, low, high, note, fill in (
            (row.before_when, row.before, row.before_low, row.before_high, row.before_note, PAPER),
            (row.after_when, row.after, row.after_low, row.after_high, row.after_note, FILL["met"]),
        )
    ]
    x = rate_axis([n for r in shown for n in (r.before, r.before_high, r.after, r.after_high, r.target)])
    return _dots(dots, x, _circles(x), title=title, width=width, step=step)


def _circles(x: Spec) -> Spec:
    return {
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
            "fill": {"field": "fill", "type": "nominal", "scale": None},
        },
    }


def moments(
    rows: Sequence[RateBar], *, title: str, target: float | None, width: Width = 460, step: int = 26
) -> Spec:
    """One rate before a fix (open circle) and at the looks after it (filled), each with interval and count."""
    values = [
        {
            "row": row.label,
            "fill": FILL["met"] if place else PAPER,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "target": target,
            "note": row.note,
            "end": max(filter(None, (row.value, row.high, target)), default=0),
            "said": _said(row.label, row.note, row.low, row.high, target),
        }
        for place, row in enumerate(rows[:MAX_ROWS])
    ]
    x = rate_axis([number for row in rows for number in (row.value, row.high, target)])
    return _dots(values, x, _circles(x), title=title, width=width, step=step)


def _dots(values: Sequence[Spec], x: Spec, circles: Spec, *, title: str, width: Width, step: int) -> Spec:
    """Rows of circles with target and interval behind them."""
    if width == "container":
        spec = _worded(title, values, circles, [], "row")
        under = [{**one, "mark": {**one["mark"], "yOffset": BAR}} for one in (targets(x, 20), intervals(x))]
        return {**spec, "layer": [*under, *spec["layer"]]}
    return {
        **head(title, width, {"step": step}),
        "data": {"values": list(values)},
        "encoding": {"y": row_axis("row", values)},
        "layer": [targets(x, step), intervals(x), circles, notes(x, 10)],
    }


def intervals(x: Spec) -> Spec:
    """A thin line from low to high."""
    return {
        "transform": [{"filter": "datum.low != null"}],
        "mark": {"type": "rule", "strokeWidth": 1.4, "color": INK},
        "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
    }


def targets(x: Spec, size: float) -> Spec:
    """An upright mark at the target."""
    return {
        "transform": [{"filter": "datum.target != null"}],
        "mark": {"type": "tick", "thickness": 3, "size": size, "color": TARGET},
        "encoding": {"x": {**x, "field": "target"}},
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
        **head(title, width, {"step": step}),
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
            "said": f"{label}: {note}",
        }
        for label, change, note in parts[:MAX_ROWS]
    ]
    x = {
        "type": "quantitative",
        "scale": {"domain": [min(0, min(ends) * 1.05), max(max(ends), reach * 0.1) * 1.1]},
        "axis": {"title": unit, "tickCount": 4, "labelSeparation": 8},
    }
    bars = {
        "mark": {"type": "bar", "height": {"band": 0.55}, "stroke": INK, "strokeWidth": 0.8},
        "encoding": {
            "x": {**x, "field": "change"},
            "fill": {"field": "fill", "type": "nominal", "scale": None},
        },
    }
    if width == "container":
        return _worded(title, values, bars, [], room=46)
    return {
        **head(title, width, {"step": step}),
        "data": {"values": values},
        "encoding": {"y": row_axis("label", values)},
        "layer": [bars, notes(x, 8)],
    }
