"""A rate by hour and weekday."""

from collections.abc import Sequence
from dataclasses import dataclass

from common.wording import percent_text
from kpis.charts.base import FILL, HAIR, INK, Spec, Width, head


@dataclass(frozen=True, slots=True)
class HourCell:
    """One hour of one weekday; `value` is None where there are too few to say, `said` all that is to be told."""

    weekday: str
    hour: str
    value: float | None
    said: str = ""


def heat_map(
    cells: Sequence[HourCell], weekdays: Sequence[str], *, title: str, width: Width = 480, step: int = 26
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
            "said": cell.said or f"{cell.weekday} {cell.hour}: {percent_text(cell.value)}",
        }
        for cell in cells
    ]
    hours = sorted({cell.hour for cell in cells})
    height: int | Spec = len(hours) * step if width == "container" else {"step": step}
    x = {
        "field": "weekday",
        "type": "nominal",
        "sort": list(weekdays),
        "axis": {"title": None, "orient": "top", "labelAngle": 0, "ticks": False, "domain": False},
    }
    y = {
        "field": "hour",
        "type": "nominal",
        "sort": hours,
        "axis": {"title": None, "ticks": False, "domain": False},
    }
    shade = {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [low, max(high, low + 0.001)], "range": [0.06, 0.5]},
        "legend": None,
    }
    return {
        **head(title, width, height, room=26),
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
