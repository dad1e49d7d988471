"""Charts for paper: each kind as Vega draws the same spec, small, and never from elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from xml.etree import ElementTree

import pymupdf
import pytest
import vl_convert
from fontTools.ttLib import TTFont

from kpis.charts.bars import (
    Change,
    RateBar,
    before_after,
    counts_by_group,
    moments,
    rate_bars,
    split_bars,
)
from kpis.charts.base import Spec
from kpis.charts.control import LimitPoint, control_chart
from kpis.charts.heat import HourCell, heat_map
from kpis.charts.trend import DayPoint, daily_trend
from reports.pdf import inter_file
from reports.svg import chart_svg, text_width

VEGA_LITE = "6.4"  # as in package.json: the browser draws with the same
SVG = "{http://www.w3.org/2000/svg}"
FIRST = date(2026, 3, 12)
BARS = [
    RateBar("Nothing yet", None, "no data", target=0.3, verdict="no-data"),
    RateBar("Contact rate", 0.12, "12.0% (12 of 100)", 0.08, 0.17, 0.12, "met"),
    RateBar("Show rate", 0.35, "35.0% (14 of 40)", 0.2, 0.5, 0.65, "missed", weakest=True),
    RateBar("A rate with a name that is far too long to stand beside its bar", 0.1, "10%", verdict="too-few"),
]
MOVED = [
    Change("Contact rate", 0.12, 0.15, 0.1, 0.14, 0.13, 0.18, 0.14, "12%", "15%"),
    Change("Show rate", None, 0.55, after_low=0.4, after_high=0.6, target=0.65),
]


def wave(day: int) -> float | None:
    return None if day % 7 == 0 else 0.1 + (day * 37 % 100) / 1000


def points(first: int, last: int, *, dated: bool) -> list[DayPoint]:
    days = range(first, last + 1)
    return [DayPoint(day, wave(day), FIRST + timedelta(day - 11) if dated else None) for day in days]


def limited(first: int, last: int) -> list[LimitPoint]:
    return [
        LimitPoint(
            day, wave(day), *((0.15, 0.1, 0.2) if day > 35 else ()), flag="day 50" if day == 50 else "",
            on=FIRST + timedelta(day - 11),
        )
        for day in range(first, last + 1)
    ]  # fmt: skip


def hours() -> list[HourCell]:
    return [
        HourCell(name, f"{hour:02}:00", wave(hour * 5 + number))
        for hour in range(9, 18)
        for number, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri"))
    ]


SPECS: dict[str, Spec] = {
    "rates": rate_bars(BARS, title="t"),
    "rates of sources": rate_bars(BARS[1:], title="t", step=28),
    "before and after": before_after(MOVED, title="t"),
    "looks after a fix": moments(BARS, title="t", target=0.3),
    "checks by area": counts_by_group(
        [("CRM", 3, 1, 2), ("Dialer", 5, 0, 0), ("Script", 0, 2, 1)], title="t"
    ),
    "what cost more": split_bars(
        [("Volume", 12.3, "+12.30"), ("Rate", -4.2, "-4.20")], title="t", unit="USD"
    ),
    "trend": daily_trend(points(11, 90, dated=False), title="t", target=0.12),
    "trend with dates": daily_trend(points(11, 30, dated=True), title="t", target=0.12),
    "trend of one day": daily_trend(points(12, 12, dated=True), title="t"),
    "trend of no day": daily_trend([], title="t", target=0.1),
    "trend within limits": daily_trend(
        [
            replace(point, centre=0.15, low=0.1, high=0.2) if point.day > 42 else point
            for point in points(31, 90, dated=True)
        ],
        title="t",
        target=0.12,
    ),
    "control chart": control_chart(limited(11, 90), title="t", target=0.12),
    "control chart without limits": control_chart(limited(11, 20), title="t"),
    "heat map": heat_map(hours(), ("Mon", "Tue", "Wed", "Thu", "Fri"), title="t"),
    "heat map of nothing known": heat_map([HourCell("Mon", "09:00", None)], ("Mon",), title="t"),
}


@pytest.fixture(scope="module", autouse=True)
def inter_for_vega(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Vega measures texts in Inter, too."""
    folder = tmp_path_factory.mktemp("fonts")
    for weight in (400, 700):
        font = TTFont(inter_file("latin", weight))
        font.flavor = None
        font.save(folder / f"inter-{weight}.ttf")
    vl_convert.register_font_directory(str(folder))


@cache
def by_vega(kind: str) -> str:
    return str(vl_convert.vegalite_to_svg(SPECS[kind], vl_version=VEGA_LITE, allowed_base_urls=[]))


@pytest.mark.parametrize("kind", SPECS)
def test_words_stand_where_vega_sets_them(kind: str) -> None:
    ours, theirs = sorted(words(chart_svg(SPECS[kind]))), sorted(words(by_vega(kind)))
    assert [word for word, *_ in ours] == [word for word, *_ in theirs]
    for (word, x, y, anchor), (_, their_x, their_y, their_anchor) in zip(ours, theirs, strict=True):
        assert anchor == their_anchor, word
        assert (x, y) == (pytest.approx(their_x, abs=3.5), pytest.approx(their_y, abs=1.5)), word


@pytest.mark.parametrize("kind", SPECS)
def test_marks_look_as_vega_draws_them(kind: str) -> None:
    ours, theirs = (pixels(svg) for svg in (chart_svg(SPECS[kind]), by_vega(kind)))
    apart = sum(abs(one - other) > STRANGE for one, other in zip(ours, theirs, strict=True))
    assert apart < MOST_APART * len(ours)
    assert len(set(ours)) > 2 or "nothing" in kind, "nothing is drawn"


@pytest.mark.parametrize("kind", SPECS)
def test_paper_is_as_large_as_vega_makes_it(kind: str) -> None:
    ours, theirs = (parsed(svg).attrib for svg in (chart_svg(SPECS[kind]), by_vega(kind)))
    for side in ("width", "height"):
        # A name that is cut takes up to a letter less here than there, by how that letter is measured.
        assert float(ours[side]) == pytest.approx(float(theirs[side]), abs=8)


def test_a_drawing_is_much_smaller_than_vegas() -> None:
    for kind in SPECS:
        assert len(chart_svg(SPECS[kind])) < 0.45 * len(by_vega(kind)), kind
        assert chart_svg(SPECS[kind]).count("<path") < 60, kind


def test_what_a_name_says_is_no_markup() -> None:
    spec = rate_bars([RateBar("<b>& sons</b>", 0.1, "10%")], title="t")
    assert "&lt;b&gt;&amp; sons&lt;/b&gt;" in chart_svg(spec)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"data": {"url": "http://127.0.0.1:9/data.json"}}, "own values"),
        ({"width": "container"}, "pixels wide"),
        ({"layer": [{"mark": {"type": "arc"}, "encoding": {}}]}, "no arc"),
        ({"layer": [{"transform": [{"calculate": "1"}], "mark": "bar", "encoding": {}}]}, "change of data"),
    ],
)
def test_what_paper_cannot_draw_is_refused(change: Spec, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        chart_svg({**SPECS["rates"], **change})


def test_texts_are_as_wide_as_their_letters() -> None:
    assert text_width("ll", 11, False) == pytest.approx(2 * text_width("l", 11, False))
    assert text_width("rate", 11, True) > text_width("rate", 11, False)
    assert text_width("\u4e2d", 10, False) > 0


STRANGE, MOST_APART = 110, 0.004  # of 255 steps of light; of all places
NUMBER = re.compile(r"-?[\d.]+")


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  both drawers are ours


def origin(root: ElementTree.Element) -> tuple[float, float]:
    """Where the plot's upper left corner stands in a drawing: ours is at 0, Vega's in the first group's shift."""
    group = root.find(f"{SVG}g")
    shift = "0,0" if group is None else group.attrib["transform"]
    x, y = (float(number) for number in NUMBER.findall(shift))
    return x, y


def pixels(svg: str) -> bytes:
    """A drawing without its words, in grey, its plot always at the same place."""
    root = parsed(svg)
    x, y = origin(root)
    root.attrib.update(width="800", height="400", viewBox=f"{x - 200} {y - 40} 800 400")
    for parent in list(root.iter()):
        for text in parent.findall(f"{SVG}text"):
            parent.remove(text)
    ElementTree.register_namespace("", SVG[1:-1])
    page = pymupdf.open("svg", ElementTree.tostring(root))[0]
    return bytes(page.get_pixmap(colorspace=pymupdf.csGRAY).samples)


def words(svg: str) -> Iterator[tuple[str, float, float, str]]:
    """Each line of text with its place, seen from the plot's corner, and its anchor."""
    root = parsed(svg)
    x, y = origin(root)
    yield from _words(root, -x, -y)


def _words(node: ElementTree.Element, x: float, y: float) -> Iterator[tuple[str, float, float, str]]:
    if shift := node.attrib.get("transform"):
        right, down, *_ = (float(number) for number in NUMBER.findall(shift))
        x, y = x + right, y + down
    if node.tag == f"{SVG}text":
        if node.attrib.get("opacity") == "0":
            return
        x, y = x + float(node.attrib.get("x", 0)), y + float(node.attrib.get("y", 0))
        for number, line in enumerate(node.findall(f"{SVG}tspan") or [node]):
            y += float(line.attrib.get("dy", 0)) if number else 0
            yield line.text or "", x, y, node.attrib.get("text-anchor", "start")
    for child in node:
        yield from _words(child, x, y)
