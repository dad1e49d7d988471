"""Charts as specs: few marks, nothing invented where there is no data, the same in browser and PDF."""

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from common.brand import contrast
from kpis.charts.bars import Change, RateBar, before_after, counts_by_group, moments, rate_bars
from kpis.charts.base import (
    BAND,
    FILL,
    GRID,
    HAIR,
    HATCH,
    INK,
    MAX_ROWS,
    MUTED,
    PAPER,
    TARGET,
    Spec,
    Width,
)
from kpis.charts.heat import HourCell, heat_map
from kpis.charts.trend import DayPoint, daily_trend

BARS = [
    RateBar("Contact rate", 0.124, "12.4% (310 of 2,500)", 0.112, 0.137, 0.12, "met"),
    RateBar("Show rate", 0.5, "50.0% (9 of 18): too few", 0.29, 0.71, 0.6, "too-few"),
    RateBar("Close rate", None, "no data", verdict="no-data"),
]
POINTS = [DayPoint(day, None if day % 7 == 0 else 0.1 + day / 1000) for day in range(11, 91)]


def values(layer: Spec) -> list[dict[str, object]]:
    return list(layer["data"]["values"])


def test_a_rate_without_data_has_no_bar_and_says_so() -> None:
    spec = rate_bars(BARS, title="Funnel")
    bar = spec["layer"][0]
    assert bar["transform"] == [{"filter": "datum.value != null"}]
    assert values(spec)[2]["value"] is None
    assert values(spec)[2]["note"] == "no data"


def test_met_missed_and_too_few_differ_in_lightness() -> None:
    fills = {FILL[verdict] for verdict in ("met", "missed", "too-few")}
    assert len(fills) == 3
    assert FILL["missed"] == "transparent"


def test_no_more_than_twelve_bars() -> None:
    spec = rate_bars(BARS * 10, title="Sources")
    assert len(values(spec)) == MAX_ROWS


def test_a_trend_leaves_gaps_marks_calibration_and_stays_small() -> None:
    spec = daily_trend(POINTS, title="Trend", target=0.12)
    band, hatching, phases, _, *target, line, alone = spec["layer"]
    assert values(band) == [{"from": 10.5, "to": 30.5}]
    assert all(10.5 <= mark["from"] <= mark["to"] <= 30.5 for mark in values(hatching))  # type: ignore[operator]
    assert 5 < len(values(hatching)) <= 24
    assert [phase["name"] for phase in values(phases)] == ["Calibration", "Optimisation", "Steady state"]
    assert line["mark"]["invalid"] == "break-paths-show-domains"
    assert len(target) == 2
    drawn = (
        sum(len(values(layer)) for layer in (hatching, phases, phases, alone, *target)) + len(POINTS) // 7 + 1
    )
    assert drawn <= 100


def test_judged_days_of_a_trend_stand_within_their_limits() -> None:
    points = [
        DayPoint(day, 0.15, centre=0.15 if day > 42 else None, low=0.1 if day > 42 else None, high=0.35)
        for day in range(31, 61)
    ]
    layers = daily_trend(points, title="Trend")["layer"]
    band = next(layer for layer in layers if layer["mark"]["type"] == "area")
    assert [value["day"] for value in values(band)] == list(range(43, 61))
    assert band["encoding"]["y"]["scale"]["domain"] == [0, 0.4], "the limits fit on the axis"
    plain = daily_trend([DayPoint(day, 0.15) for day in range(31, 61)], title="Trend")["layer"]
    assert not [layer for layer in plain if layer["mark"]["type"] == "area"]


def test_a_day_between_gaps_is_a_dot() -> None:
    points = [
        DayPoint(day, value) for day, value in ((11, None), (12, 0.1), (13, None), (14, 0.2), (15, 0.2))
    ]
    alone = daily_trend(points, title="Trend")["layer"][-1]
    assert [value["day"] for value in values(alone)] == [12]


def test_after_day_30_nothing_is_hatched() -> None:
    spec = daily_trend([point for point in POINTS if point.day > 30], title="Trend")
    assert values(spec["layer"][0]) == values(spec["layer"][1]) == []


@pytest.mark.parametrize("points", [[], [DayPoint(12, 0.1)]])
def test_a_trend_of_nothing_or_of_one_day_is_still_a_chart(points: list[DayPoint]) -> None:
    assert daily_trend(points, title="Trend")["layer"]


def test_before_and_after_stand_in_two_rows_each() -> None:
    spec = before_after([Change("Show rate", 0.5, None, 0.4, 0.6)], title="Moved")
    assert [(row["row"], row["note"]) for row in values(spec)] == [
        ("Show rate, baseline", "50.0%"),
        ("Show rate, now", "no data"),
    ]


def test_states_without_a_count_are_left_out() -> None:
    spec = counts_by_group([("CRM", 4, 0, 1)], title="Checks")
    assert [(row["state"], row["n"]) for row in values(spec)] == [("passed", 4), ("open", 1)]


@pytest.mark.parametrize("highest", [0.0, 0.034, 0.124, 0.5, 0.99, 1.0])
def test_the_axis_ends_above_the_highest_value(highest: float) -> None:
    spec = rate_bars([RateBar("A", highest, "")], title="A")
    top = spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1]
    assert highest <= top <= 1.0


def test_a_spec_is_plain_json_with_a_description() -> None:
    for spec in (rate_bars(BARS, title="Said"), daily_trend(POINTS, title="Said")):
        assert json.loads(json.dumps(spec)) == spec
        assert spec["description"] == "Said"
        assert spec["$schema"].endswith("/v6.json")


def test_on_a_page_a_row_has_its_words_above_its_bar_and_a_height_known_beforehand() -> None:
    spec = rate_bars(BARS, title="Funnel", width="container")
    assert spec["autosize"] == {"type": "fit", "contains": "padding"}
    assert spec["height"] == 3 * 46 + 30
    assert spec["encoding"]["y"]["axis"] is None
    words = [layer["encoding"]["text"]["field"] for layer in spec["layer"] if layer["mark"]["type"] == "text"]
    assert words == ["label", "note"]


def test_each_value_is_told_in_words_with_all_that_judges_it() -> None:
    assert [row["said"] for row in values(rate_bars(BARS, title="Funnel"))] == [
        "Contact rate: 12.4% (310 of 2,500); 95% interval 11.2–13.7%; target 12%",
        "Show rate: 50.0% (9 of 18): too few; 95% interval 29.0–71.0%; target 60%",
        "Close rate: no data",
    ]


def test_the_weakest_is_named_beside_its_bar() -> None:
    weak = RateBar("Show rate", 0.5, "50.0% (9 of 18)", weakest=True)
    assert values(rate_bars([weak], title="Funnel"))[0]["label"] == "Show rate · weakest"


def test_days_are_labelled_by_date_at_round_steps() -> None:
    points = [DayPoint(day, 0.1, date(2026, 3, 12) + timedelta(day - 11)) for day in range(11, 91)]
    axis = daily_trend(points, title="Trend")["layer"][-2]["encoding"]["x"]["axis"]
    assert axis["values"] == [11, 21, 31, 41, 51, 61, 71, 81]
    assert json.loads(axis["labelExpr"].removesuffix("[datum.value]"))["21"] == ["22 Mar", "day 21"]
    undated = daily_trend([DayPoint(11, 0.1)], title="Trend")["layer"][-2]["encoding"]["x"]["axis"]
    assert "labelExpr" not in undated


def test_a_day_with_few_cases_is_an_open_dot_on_a_page() -> None:
    points = [DayPoint(11, 0.1, few=True), DayPoint(12, 0.2)]
    dots = daily_trend(points, title="Trend", width="container")["layer"][-1]
    assert [one["fill"] for one in values(dots)] == [PAPER, FILL["met"]]


def test_a_page_s_trend_of_a_hundred_days_has_no_dot_for_each() -> None:
    points = [DayPoint(day, 0.1) for day in range(1, 101)]
    assert values(daily_trend(points, title="Trend", width="container")["layer"][-1]) == []


def test_hours_stand_in_their_order_whichever_comes_first() -> None:
    cells = [HourCell("Mon", "19:00", 0.1), HourCell("Tue", "08:00", None)]
    spec = heat_map(cells, ["Mon", "Tue"], title="Hours", width="container")
    assert spec["encoding"]["y"]["sort"] == ["08:00", "19:00"]
    assert [(one["note"], one["said"]) for one in values(spec)] == [
        ("10%", "Mon 19:00: 10.0%"),
        ("few", "Tue 08:00: no data"),
    ]


@pytest.mark.parametrize("width", [460, "container"])
def test_before_a_fix_is_open_and_each_look_after_it_filled(width: Width) -> None:
    rows = [
        RateBar("Before", 0.459, "45.9% (62 of 135)"),
        RateBar("1 Apr to 9 Apr", 0.62, "62.0% (62 of 100)"),
    ]
    spec = moments(rows, title="Moved", target=0.7, width=width)
    assert [row["fill"] for row in values(spec)] == [PAPER, FILL["met"]]
    assert values(spec)[1]["said"] == "1 Apr to 9 Apr: 62.0% (62 of 100); target 70%"


def test_every_ink_of_paper_is_known_to_the_page() -> None:
    script = Path("static/js/charts.js").read_text()
    named = {INK, MUTED, HAIR, GRID, HATCH, BAND, PAPER, TARGET, *FILL.values()} - {"transparent"}
    assert all(f'"{ink}": ' in script for ink in named)
    assert len(named) == script.count('  "#')


@pytest.mark.parametrize(("theme", "grounds"), [(0, ("#ffffff", "#f5f6f8")), (1, ("#262626", "#232a34"))])
@pytest.mark.parametrize("ink", ["ink", "muted", "target"])
def test_what_tells_a_value_stands_out_from_its_ground_in_both_themes(
    ink: str, theme: int, grounds: tuple[str, str]
) -> None:
    css = Path("static/css/kpis.css").read_text()
    found = re.search(rf"--tg-chart-{ink}: light-dark\((#\w+), (#\w+)\)", css)
    assert found
    assert all(contrast(found.groups()[theme], ground) >= 3 for ground in grounds)


@pytest.mark.parametrize("ink", [INK, MUTED, TARGET, FILL["met"]])
def test_what_tells_a_value_stands_out_on_paper(ink: str) -> None:
    assert min(contrast(ink, PAPER), contrast(ink, BAND)) >= 3
