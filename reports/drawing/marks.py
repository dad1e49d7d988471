"""Marks of a layer: bars, rules, ticks, points, words, lines, areas and cells."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from kpis.charts.base import Spec
from reports.drawing.canvas import Canvas, Look, Type, n
from reports.drawing.scales import Bands, Linear

type Row = dict[str, Any]
type Scale = Linear | Bands
_PALE = 0.7  # what Vega-Lite takes for ticks, points and areas that say nothing of it
_ROOM = re.compile(
    r"^scale\('x', datum\.(\w+)\) - scale\('x', datum\.(\w+)\) > ([\d.]+) \* length\(datum\.(\w+)\)$"
)
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer with its rows, and what all layers share."""

    mark: Spec
    encoding: Spec
    rows: Sequence[Row]
    x: Scale | None
    y: Scale | None
    width: float
    height: float
    text: Spec  # the spec's words on text

    def place(self, channel: str, row: Row) -> float | None:
        """Where a row stands: at its value, in the middle of its band, or at a place that the spec names."""
        told = self.encoding.get(channel)
        if told is None:
            return None
        if "value" in told:
            return float({"width": self.width, "height": self.height}.get(told["value"], told["value"]))
        scale: Any = self.x if channel[0] == "x" else self.y
        value = row[told["field"]]
        return None if value is None else float(scale.middle(value))

    def fill(self, row: Row) -> str:
        """What a row is filled with."""
        told = self.encoding.get("fill")
        if told is None:
            colour = self.mark.get("color", "none")
        elif isinstance(scale := told.get("scale"), dict):
            colour = scale["range"][scale["domain"].index(row[told["field"]])]
        else:
            colour = row[told["field"]]
        return "none" if colour == "transparent" else str(colour)


def draw_layer(canvas: Canvas, layer: Layer) -> None:
    """Draw all rows of a layer."""
    kind = layer.mark["type"]
    if kind not in _DRAWN:
        raise ValueError(f"paper draws no {kind}")
    _DRAWN[kind](canvas, layer)


def _line_look(mark: Spec) -> Look:
    dash = tuple(float(step) for step in mark.get("strokeDash", ()))
    return Look(
        stroke=mark["color"], width=mark.get("strokeWidth", 2), dash=dash, opacity=mark.get("opacity", 1)
    )


def _edge(mark: Spec) -> dict[str, Any]:
    return {"stroke": mark["stroke"], "width": mark.get("strokeWidth", 2)} if "stroke" in mark else {}


def _bars(canvas: Canvas, layer: Layer) -> None:
    """Bars from zero to the right, or one after the other where each row has several."""
    assert isinstance(layer.x, Linear)  # noqa: S101
    assert isinstance(layer.y, Bands)  # noqa: S101
    high = layer.mark["height"]["band"] * layer.y.width
    name, field = layer.encoding["y"]["field"], layer.encoding["x"]["field"]
    stacked = "order" in layer.encoding
    ends: dict[str, float] = {}
    for row in layer.rows:
        start = ends.get(row[name], 0.0)
        if stacked:
            ends[row[name]] = start + row[field]
        left, right = layer.x.at(start), layer.x.at(start + row[field])
        look = Look(layer.fill(row), **_edge(layer.mark))
        canvas.box(min(left, right), layer.y.middle(row[name]) - high / 2, abs(right - left), high, look)


def _cells(canvas: Canvas, layer: Layer) -> None:
    """Rectangles: from x to x2 over the whole height, or the band of a name on both axes."""
    shade = layer.encoding.get("fillOpacity")
    for row in layer.rows:
        opacity = 1.0
        if shade is not None:
            (low, high), (pale, dark) = shade["scale"]["domain"], shade["scale"]["range"]
            opacity = pale + (row[shade["field"]] - low) / (high - low) * (dark - pale)
        look = Look(layer.fill(row), fill_opacity=opacity, **_edge(layer.mark))
        left, right = layer.place("x", row), layer.place("x2", row)
        if isinstance(layer.x, Bands) and isinstance(layer.y, Bands):
            x, y = (
                layer.x.at(row[layer.encoding["x"]["field"]]),
                layer.y.at(row[layer.encoding["y"]["field"]]),
            )
            canvas.box(x, y, layer.x.width, layer.y.width, look)
        elif left is not None and right is not None:
            canvas.box(left, 0, right - left, layer.height, look)


def _rules(canvas: Canvas, layer: Layer) -> None:
    """Straight lines: where one axis is left open, over all of it."""
    look = _line_look(layer.mark)
    for row in layer.rows:
        x, x2, y, y2 = (layer.place(channel, row) for channel in ("x", "x2", "y", "y2"))
        if x is None:
            x, x2 = 0.0, layer.width
        if y is None:
            y, y2 = 0.0, layer.height
        canvas.line(x, y, x if x2 is None else x2, y if y2 is None else y2, look)


def _ticks(canvas: Canvas, layer: Layer) -> None:
    """Upright marks in their row."""
    wide, high = layer.mark["thickness"], layer.mark["size"]
    look = Look(layer.mark["color"], opacity=layer.mark.get("opacity", _PALE))
    for row in layer.rows:
        x, y = layer.place("x", row), layer.place("y", row)
        if x is not None and y is not None:
            canvas.box(x - wide / 2, y - high / 2, wide, high, look)


def _points(canvas: Canvas, layer: Layer) -> None:
    """Circles, or squares where the mark says so; their size is an area as Vega counts it."""
    reach = sqrt(layer.mark["size"]) / 2
    for row in layer.rows:
        x, y = layer.place("x", row), layer.place("y", row)
        if x is None or y is None:
            continue
        look = Look(layer.fill(row), opacity=layer.mark.get("opacity", _PALE), **_edge(layer.mark))
        if layer.mark.get("shape") == "square":
            canvas.box(x - reach, y - reach, 2 * reach, 2 * reach, look)
        else:
            canvas.circle(x, y, reach, look)


def _words(canvas: Canvas, layer: Layer) -> None:
    """Text beside its place."""
    mark = {**layer.text, **layer.mark}
    size = mark["fontSize"]
    kind = Type(
        _ANCHORS[mark.get("align", "center")], size, mark["color"], mark.get("fontWeight") == "bold", size + 2
    )
    down = {"top": 0.79, "middle": 0.3, "bottom": -0.21}[mark.get("baseline", "middle")]
    for row in layer.rows:
        x, y = layer.place("x", row), layer.place("y", row)
        said = row[layer.encoding["text"]["field"]]
        if x is not None and y is not None and said and _has_room(layer, row):
            lines = [said] if isinstance(said, str) else said
            canvas.write(x + mark.get("dx", 0), y + mark.get("dy", 0) + round(down * size), lines, kind)


def _has_room(layer: Layer, row: Row) -> bool:
    """Whether a name is narrower than what it names, where the spec asks that."""
    shown = layer.encoding.get("opacity")
    if shown is None:
        return True
    asked = _ROOM.match(shown["condition"]["test"])
    if not asked or not isinstance(layer.x, Linear):
        raise ValueError(f"a condition that paper cannot work out: {shown}")
    end, start, each, name = asked.groups()
    return layer.x.at(row[end]) - layer.x.at(row[start]) > float(each) * len(row[name])


def _lines(canvas: Canvas, layer: Layer) -> None:
    """A line through all rows from left to right, broken where a value is missing if the mark breaks there."""
    breaks = str(layer.mark.get("invalid", "")).startswith("break")
    for run in _runs(layer, "y", breaks):
        canvas.draw(_through(run, layer.mark), _line_look(layer.mark), *run)


def _areas(canvas: Canvas, layer: Layer) -> None:
    """What lies between two lines."""
    look = Look(layer.mark["color"], opacity=layer.mark.get("opacity", _PALE))
    lower, upper = _runs(layer, "y", False), _runs(layer, "y2", False)
    for low, high in zip(lower, upper, strict=True):
        back = _through(low[::-1], layer.mark).replace("M", "L", 1)
        canvas.draw(f"{_through(high, layer.mark)}{back}z", look, *low, *high)


def _runs(layer: Layer, channel: str, breaks: bool) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for row in layer.rows:
        x, y = layer.place("x", row), layer.place(channel, row)
        if x is not None and y is not None:
            runs[-1].append((x, y))
        elif breaks:
            runs.append([])
    return [run for run in runs if run]


def _through(points: Sequence[tuple[float, float]], mark: Spec) -> str:
    """A path through points; in steps, each point holds to the middle between two."""
    if mark.get("interpolate") != "step":
        return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points)
    (x, y), steps = points[0], [f"M{n(points[0][0])} {n(points[0][1])}"]
    for right, level in points[1:]:
        steps.append(f"H{n((x + right) / 2)}V{n(level)}")
        x, y = right, level
    return "".join([*steps, f"L{n(x)} {n(y)}"])


_DRAWN: dict[str, Callable[[Canvas, Layer], None]] = {
    "bar": _bars,
    "rect": _cells,
    "rule": _rules,
    "tick": _ticks,
    "point": _points,
    "text": _words,
    "line": _lines,
    "area": _areas,
}
