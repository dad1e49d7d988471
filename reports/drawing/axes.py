"""Axes: grid, ticks, line, labels and title where Vega puts them."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from kpis.charts.base import Spec
from reports.drawing.canvas import Canvas, Look, Type
from reports.drawing.scales import Bands, Linear, ticks, written

_TICK, _GAP, _TITLE_GAP = 5.0, 2.0, 4.0
_EVERY = 40  # pixels from tick to tick where the spec names no count
_NAMED = re.compile(r"^(\{.*\})\[datum\.value\]$", re.DOTALL)
type Label = tuple[float, list[str]]


def draw_grid(canvas: Canvas, axis: Spec, scale: Linear, *, across: bool, other: float, look: Spec) -> None:
    """The pale lines behind everything; `other` is how far they reach, `look` the spec's words on axes."""
    line = Look(stroke=look["gridColor"])
    for value in _values(axis, scale):
        at = round(scale.at(value)) + 0.5
        if across:
            canvas.line(at, 0.5, at, other + 0.5, line)
        else:
            canvas.line(0.5, at, other + 0.5, at, line)


def draw_across(canvas: Canvas, axis: Spec, scale: Linear | Bands, *, at: float, look: Spec) -> None:
    """The axis from left to right, its line at `at`; words stand below, or above where it is at the top."""
    above = axis.get("orient") == "top"
    tick = _TICK if axis.get("ticks", True) else 0.0
    out = -1 if above else 1
    labels = _labels(axis, scale)
    line = Look(stroke=look["tickColor"])
    for place, _ in labels if tick else ():
        canvas.line(round(place) + 0.5, at, round(place) + 0.5, at + out * tick, line)
    end = scale.end if isinstance(scale, Linear) else scale.step * len(scale.names)
    kind = Type("middle", look["labelFontSize"], look["labelColor"], line=axis.get("labelLineHeight", 13))
    base = -round(0.21 * kind.size) if above else round(0.79 * kind.size)
    y = at + out * (tick + _GAP) + base
    for place, words in _apart(canvas, axis, labels, kind.size):
        anchor = "middle"
        if isinstance(scale, Linear) and place < 1:
            anchor = "start"
        elif isinstance(scale, Linear) and end - place < 1:
            anchor = "end"
        canvas.write(place + 0.5, y, words, Type(anchor, kind.size, kind.colour, line=kind.line))
    if axis.get("domain", True):
        canvas.line(0.5, at, end + 0.5, at, Look(stroke=look["domainColor"]))
    if axis.get("title"):
        below = at + tick + _GAP + kind.size + _TITLE_GAP + round(0.79 * look["titleFontSize"])
        canvas.write(
            end / 2 + 0.5, below, [axis["title"]], Type("middle", look["titleFontSize"], look["titleColor"])
        )


def draw_upright(canvas: Canvas, axis: Spec, scale: Linear | Bands, *, look: Spec) -> None:
    """The axis at the left, its words to the left of it."""
    tick = _TICK if axis.get("ticks", True) else 0.0
    labels = _labels(axis, scale)
    line = Look(stroke=look["tickColor"])
    for place, _ in labels if tick else ():
        canvas.line(0.5, round(place) + 0.5, 0.5 - tick, round(place) + 0.5, line)
    kind = Type("end", look["labelFontSize"], look["labelColor"])
    for place, words in labels:
        short = [_cut(canvas, word, kind.size, look["labelLimit"]) for word in words]
        canvas.write(0.5 - tick - _GAP, place + 0.5 + round(0.3 * kind.size), short, kind)
    if axis.get("domain", True):
        end = scale.start if isinstance(scale, Linear) else scale.step * len(scale.names)
        canvas.line(0.5, 0.5, 0.5, end + 0.5, Look(stroke=look["domainColor"]))


def _values(axis: Spec, scale: Linear) -> list[float]:
    if "values" in axis:
        return [float(value) for value in axis["values"]]
    count = axis.get("tickCount", ceil(abs(scale.end - scale.start) / _EVERY))
    if least := axis.get("tickMinStep"):
        count = min(count, int((scale.high - scale.low) / least) or 1)
    return ticks(scale.low, scale.high, count)


def _labels(axis: Spec, scale: Linear | Bands) -> list[Label]:
    """Where labels stand, and their lines."""
    if isinstance(scale, Bands):
        return [(scale.middle(name), [name]) for name in scale.names]
    values = _values(axis, scale)
    if (said := axis.get("labelExpr")) is None:
        texts = [[text] for text in written(values, axis.get("format", ""))]
    else:
        found = _NAMED.match(said)
        if not found:
            raise ValueError(f"labels that paper cannot work out: {said}")
        named = json.loads(found[1])
        texts = [_lines(named.get(f"{value:g}", "")) for value in values]
    return [(scale.at(value), text) for value, text in zip(values, texts, strict=True)]


def _lines(said: str | list[str]) -> list[str]:
    return [said] if isinstance(said, str) else said


def _apart(canvas: Canvas, axis: Spec, labels: Sequence[Label], size: float) -> list[Label]:
    """The labels that find room beside each other: all, or by "greedy" each that does, or else each second one."""

    def half(label: Label) -> float:
        return max(canvas.measure(line, size, False) for line in label[1]) / 2

    def clear(one: Label, other: Label) -> bool:
        return bool(other[0] - half(other) >= one[0] + half(one) + axis.get("labelSeparation", 0))

    left = list(labels)
    if axis.get("labelOverlap") == "greedy":
        kept: list[Label] = []
        for label in left:
            if not kept or clear(kept[-1], label):
                kept.append(label)
        return kept
    while len(left) > 2 and not all(clear(a, b) for a, b in pairwise(left)):
        left = left[::2]
    return left


def _cut(canvas: Canvas, text: str, size: float, limit: float) -> str:
    """A text within a width, its end cut off where it is wider."""
    if canvas.measure(text, size, False) <= limit:
        return text
    kept = len(text)
    while kept and canvas.measure(f"{text[:kept]}…", size, False) > limit:
        kept -= 1
    return f"{text[:kept]}…"
