"""The charts' specs as SVG for the PDF."""

import base64
from functools import cache

from fontTools.ttLib import TTFont

from kpis.charts.base import Spec
from reports.drawing import draw
from reports.pdf import inter_file


def chart_svg(spec: Spec) -> str:
    """The drawing of a spec; the same spec gives the same drawing."""
    return draw(spec, text_width)


def chart_data_uri(spec: Spec) -> str:
    """The drawing as a data: address, for an <img> in a document that may fetch nothing."""
    return "data:image/svg+xml;base64," + base64.b64encode(chart_svg(spec).encode()).decode()


def text_width(text: str, size: float, bold: bool) -> float:
    """How wide a text is set in Inter; a letter that Inter's Latin cut lacks counts as an average one."""
    widths, usual = _widths(700 if bold else 400)
    return sum(widths.get(letter, usual) for letter in text) * size


@cache
def _widths(weight: int) -> tuple[dict[str, float], float]:
    """The width of each letter of the Latin cut, and of an average one, at size 1."""
    with TTFont(inter_file("latin", weight)) as font:
        em, wide = font["head"].unitsPerEm, font["hmtx"]
        widths = {chr(code): wide[name][0] / em for code, name in font.getBestCmap().items()}
    return widths, widths["n"]
