"""Charts as specs: few marks, nothing invented where there is no data, the same in browser and PDF."""

import json

import pytest

from kpis.charts.bars import Change, RateBar, before_after, counts_by_group, rate_bars
from kpis.charts.base import FILL, MAX_ROWS, Spec
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
