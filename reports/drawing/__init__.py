"""The charts' specs drawn for paper: the part of Vega-Lite that `kpis.charts` writes, as a small SVG.

Browser and PDF have one source, the spec; the browser draws it with Vega, paper with this. Vega's own SVG of a chart is
three to ten times as large, takes a JavaScript engine of 64 MB to make, and half a report's time to set.
`tests/reports/test_drawing.py` holds every kind of chart to what Vega makes of it. What is not drawn here is refused.
"""

import re
from collections.abc import Iterator, Sequence

from kpis.charts.base import Spec
from reports.drawing.axes import draw_across, draw_grid, draw_upright
from reports.drawing.canvas import Canvas, Look, Measure, Type
from reports.drawing.marks import Layer, Row, Scale, draw_layer
from reports.drawing.scales import Bands, Linear, nice

_KNOWN = re.compile(r"^datum\.(\w+) != null$")


def draw(spec: Spec, measure: Measure) -> str:
    """The SVG of a spec with a width in pixels. `measure` tells how wide a text is set.

    ValueError says what this does not know how to draw.
    """
    canvas = Canvas(measure)
    config = spec["config"]
    layers = [_parts(spec, layer) for layer in spec.get("layer", [spec])]
    width = float(spec["width"]) if isinstance(spec["width"], int | float) else 0.0
    if not width:
        raise ValueError(f"paper is so many pixels wide, not {spec['width']}")
    rows, columns = _names(layers, "y"), _names(layers, "x")
    height = _height(spec["height"], len(rows))
    x = _scale(layers, "x", columns, 0, width)
    y = _scale(layers, "y", rows, height, 0)
    canvas.box(0, 0, width, height, Look())
    _draw_axes(canvas, layers, x, y, width, height, config["axis"])
    for mark, encoding, values in layers:
        draw_layer(canvas, Layer(mark, encoding, values, x, y, width, height, config["text"]))
    _draw_legend(canvas, layers, config["axis"])
    return canvas.svg(**spec["padding"])


type Parts = tuple[Spec, Spec, list[Row]]


def _parts(spec: Spec, layer: Spec) -> Parts:
    """Mark, encoding and rows of a layer, with what the whole spec says of all."""
    data: Spec = layer.get("data") or spec.get("data") or {}
    if "values" not in data:
        raise ValueError("a chart on paper brings its own values")
    values = data["values"]
    for step in layer.get("transform", ()):
        found = _KNOWN.match(step.get("filter", ""))
        if not found:
            raise ValueError(f"a change of data that paper cannot make: {step}")
        values = _with(values, found[1])
    mark = layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}
    shared = spec.get("encoding", {}) if layer is not spec else {}
    return mark, {**shared, **layer["encoding"]}, values


def _with(rows: Sequence[Row], field: str) -> list[Row]:
    return [row for row in rows if row[field] is not None]


def _told(layers: Sequence[Parts], channel: str) -> Iterator[tuple[Spec, Spec, list[Row]]]:
    """The layers that place their rows by a field of this channel: mark, what is said of the channel, rows."""
    for mark, encoding, values in layers:
        if "field" in encoding.get(channel, {}):
            yield mark, encoding[channel], values


def _names(layers: Sequence[Parts], channel: str) -> tuple[str, ...]:
    """The names of a channel of names, in their order; none where it is one of numbers."""
    names: dict[str, None] = {}
    for _, told, values in _told(layers, channel):
        if told.get("type") != "nominal":
            return ()
        if domain := told.get("scale", {}).get("domain"):
            return tuple(domain)
        names.update(dict.fromkeys(row[told["field"]] for row in values))
        if told.get("sort"):
            names = {name: None for name in told["sort"] if name in names}
    return tuple(names)


def _height(told: float | Spec, rows: int) -> float:
    return float(told["step"]) * rows if isinstance(told, dict) else float(told)


def _scale(
    layers: Sequence[Parts], channel: str, names: tuple[str, ...], start: float, end: float
) -> Scale | None:
    """The scale of a channel; None where no layer uses it."""
    if names:
        bars = any(mark["type"] == "bar" for mark, _, _ in _told(layers, channel))
        return Bands(names, abs(end - start) / len(names), bars)
    for _, told, values in _told(layers, channel):
        if domain := told.get("scale", {}).get("domain"):
            return Linear(float(domain[0]), float(domain[1]), start, end)
        low, high = nice(0, _longest(layers, told["field"], values))
        return Linear(low, high, start, end)
    return None


def _longest(layers: Sequence[Parts], field: str, values: Sequence[Row]) -> float:
    """The end of the longest of stacked bars."""
    name = layers[0][1]["y"]["field"]
    sums: dict[str, float] = {}
    for row in values:
        sums[row[name]] = sums.get(row[name], 0.0) + row[field]
    return max(sums.values(), default=1.0)


def _axis(layers: Sequence[Parts], channel: str) -> Spec | None:
    """What the spec says of an axis; None where there is none."""
    for _, told, _ in _told(layers, channel):
        if "axis" in told:
            axis: Spec | None = told["axis"]
            return axis
    return None


def _draw_axes(
    canvas: Canvas,
    layers: Sequence[Parts],
    x: Scale | None,
    y: Scale | None,
    width: float,
    height: float,
    look: Spec,
) -> None:
    below, left = _axis(layers, "x"), _axis(layers, "y")
    if below is not None and isinstance(x, Linear) and below.get("grid", True):
        draw_grid(canvas, below, x, across=True, other=height, look=look)
    if left is not None and isinstance(y, Linear) and left.get("grid", True):
        draw_grid(canvas, left, y, across=False, other=width, look=look)
    if below is not None and x is not None:
        at = 0.5 if below.get("orient") == "top" else height + 0.5
        draw_across(canvas, below, x, at=at, look=look)
    if left is not None and y is not None:
        draw_upright(canvas, left, y, look=look)


def _draw_legend(canvas: Canvas, layers: Sequence[Parts], look: Spec) -> None:
    """A row of boxes with their names above the chart, where a fill has a legend."""
    for mark, encoding, _ in layers:
        told = encoding.get("fill", {})
        if not told.get("legend"):
            continue
        left, top = 0.0, canvas.top - 31
        for name, colour in zip(told["scale"]["domain"], told["scale"]["range"], strict=True):
            canvas.box(left + 1, top + 1, 10, 10, Look(colour, mark["stroke"], 1))
            canvas.write(left + 16, top + 10, [name], Type(size=10, colour=look["labelColor"]))
            left += 26 + canvas.measure(name, 10, False)
