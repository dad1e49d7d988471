"""Groups by their size within funnel limits."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.wording import percent_text
from kpis.charts.base import FILL, INK, MUTED, TARGET, Spec, Width, head, headroom


@dataclass(frozen=True, slots=True)
class FunnelDot:
    """A group by how many it was counted from; `named` where its name stands beside it."""

    label: str
    n: int
    value: float
    named: bool = False
    pale: bool = False
    said: str = ""


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
    top = headroom([*(dot.value for dot in dots), centre])
    widest = max([dot.n for dot in dots] + [line[0] for line in lines], default=1)
    x = {"type": "quantitative", "scale": {"domain": [0, widest * 1.08]}}
    y = {"type": "quantitative", "scale": {"domain": [0, top]}}
    layers = [*_edges(lines, top, x, y), _centre(centre, y), *_dots(dots, counted, widest, x, y)]
    return {**head(title, width, height, read="x", room=46, right=20), "layer": layers}


def _edges(
    lines: Sequence[tuple[int, float, float, float, float]], top: float, x: Spec, y: Spec
) -> list[Spec]:
    """The four limits as lines over the sizes, cut at the end of the axis."""
    values = [
        {"n": n, "a": min(a, top), "b": min(b, top), "c": min(c, top), "d": min(d, top)}
        for n, a, b, c, d in lines
    ]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "line", "color": MUTED, "strokeWidth": 1.2, "strokeDash": dash},
            "encoding": {"x": {**x, "field": "n"}, "y": {**y, "field": name}},
        }
        for name, dash in (("a", [1, 3]), ("b", [1, 3]), ("c", [5, 4]), ("d", [5, 4]))
    ]


def _centre(centre: float, y: Spec) -> Spec:
    return {
        "data": {"values": [{"centre": centre}]},
        "mark": {"type": "rule", "color": MUTED, "strokeWidth": 1.2},
        "encoding": {"y": {**y, "field": "centre"}},
    }


def _dots(dots: Sequence[FunnelDot], counted: str, widest: int, x: Spec, y: Spec) -> list[Spec]:
    """The groups as dots, those that are named with their name beside them."""
    values = [
        {
            "label": d.label if d.named else "",
            "n": d.n,
            "value": d.value,
            "fill": _dot_fill(d),
            "said": d.said or f"{d.label}: {percent_text(d.value)} of {d.n:,}",
            "left": d.n > widest / 2,
        }
        for d in dots
    ]
    at = {
        "x": {
            **x,
            "field": "n",
            "axis": {
                "title": counted,
                "grid": False,
                "tickCount": {"expr": "width < 300 ? 3 : 5"},
                "format": ",d",
            },
        },
        "y": {**y, "field": "value", "axis": {"title": None, "format": ".0%", "tickCount": 4}},
    }
    point = {"type": "point", "filled": True, "size": 60, "opacity": 1, "stroke": INK, "strokeWidth": 0.8}
    return [
        {
            "data": {"values": values},
            "mark": point,
            "encoding": {
                **at,
                "fill": {"field": "fill", "type": "nominal", "scale": None},
                "shape": {"condition": {"test": "datum.label", "value": "square"}, "value": "circle"},
            },
        },
        *(
            {
                "data": {"values": [one for one in values if one["label"] and one["left"] == left]},
                "mark": {
                    "type": "text",
                    "align": "right" if left else "left",
                    "dx": -9 if left else 9,
                    "color": INK,
                },
                "encoding": {**at, "text": {"field": "label", "type": "nominal"}},
            }
            for left in (True, False)
        ),
    ]


def _dot_fill(dot: FunnelDot) -> str:
    return TARGET if dot.named else FILL["too-few"] if dot.pale else FILL["met"]
