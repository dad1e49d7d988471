"""End-of-day totals: what one may be, how a file reads, and what an average over days may say."""

from datetime import date
from decimal import Decimal

import pytest
from scipy import stats

from common.days import Calendar
from kpis.bottleneck import stages_of
from kpis.funnel import DayTotal, Metric, Verdict
from kpis.funnel_build import build
from kpis.funnel_json import from_json, to_json
from kpis.numbers_page import elsewhere, verdict_sentences
from kpis.totals import OwnMetric, Total, mean_interval, read_totals, t_quantile, total_gaps

CALENDAR = Calendar.contracted(date(2026, 3, 2))
LAUNCH, TODAY = date(2026, 3, 12), date(2026, 3, 31)
IN_TIME = OwnMetric("in_time", "Turnaround in time", "Closed in time", "Cases closed", "percent")
HOURS = OwnMetric("average", "Average turnaround", "Hours to closing", "Cases closed", "hours")
BACKLOG = OwnMetric("backlog", "Backlog", "Open cases", "", "count")
METRICS = (IN_TIME, HOURS, BACKLOG)


def gaps(metric: OwnMetric, above: int, below: int = 1, day: date = LAUNCH) -> list[str]:
    return total_gaps(Total(metric.key, day, above, below), metric, launched_on=LAUNCH, today=TODAY)


def test_a_total_that_can_be() -> None:
    assert gaps(IN_TIME, 90, 100) == gaps(HOURS, 2140, 100) == gaps(BACKLOG, 0) == gaps(IN_TIME, 0, 0) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (gaps(IN_TIME, 101, 100), "“Turnaround in time”: 101 of 100 is more than all of them."),
        (gaps(HOURS, 40, 0), "“Average turnaround”: 40 cannot come from no cases closed."),
        (gaps(BACKLOG, 10**13), "“Backlog”: write whole numbers from 0 on."),
        (gaps(BACKLOG, 1, day=date(2026, 3, 11)), "Wed 11 Mar lies before the launch of Thu 12 Mar."),
        (gaps(BACKLOG, 1, day=date(2026, 4, 1)), "Wed 1 Apr has not come yet."),
    ],
)
def test_a_total_that_cannot_be(found: list[str], said: str) -> None:
    assert found == [said]


def test_a_file_is_read_by_the_names_of_its_columns() -> None:
    text = '\ufeffMetric;Day;Denominator;Numerator\nTurnaround in time;2026-03-12;"1,200";90\n'
    text += "backlog;2026-03-12;;14\n\n"
    assert read_totals(text, METRICS) == (
        [Total("in_time", LAUNCH, 90, 1200), Total("backlog", LAUNCH, 14, 1)],
        [],
    )


def test_a_wrong_file_names_its_lines() -> None:
    text = "day,metric,numerator,denominator\n12.3.2026,backlog,1,\n2026-03-12,speed,1,2\n2026-03-12,average,1.5,2\n"
    text += "2026-03-13,backlog,1,\n2026-03-13,Backlog,2,\n"
    assert read_totals(text, METRICS)[1] == [
        "Line 2: “12.3.2026” is no day: write it as 2026-03-12.",
        "Line 3: “speed” is no metric of the brief that is counted by hand.",
        "Line 4: write whole numbers, without a sign and without decimals.",
        "Line 6: this metric and day stand in the file twice.",
    ]
    assert read_totals("a,b\n", METRICS)[1] == [
        "The first line names the columns: day, metric, numerator, denominator."
    ]
    assert read_totals("day,metric,numerator\n", METRICS)[1] == ["The file holds no totals."]


@pytest.mark.parametrize("degrees", [3, 5, 13, 29, 200])
def test_the_quantile_is_that_of_scipy(degrees: int) -> None:
    assert t_quantile(0.975, degrees) == pytest.approx(stats.t.ppf(0.975, degrees), rel=0.005)


def test_an_average_has_the_interval_of_a_ratio_over_days() -> None:
    same = [(20, 1)] * 4 + [(30, 1)] * 4  # with one case a day it is the interval of a mean
    low, high = mean_interval(same) or (0, 0)
    mean, error = 25, stats.sem([above for above, _ in same])
    assert (low, high) == pytest.approx(stats.t.interval(0.95, 7, mean, error), rel=0.005)
    assert mean_interval(same[:3]) is None
    assert mean_interval([(0, 0)] * 9) is None


def metric(own: OwnMetric, target: str, direction: str, minimum: int = 1) -> Metric:
    return Metric(
        own.key,
        own.label,
        own.numerator,
        own.denominator,
        Decimal(target),
        direction,
        minimum,
        own.unit,
        "Desk",
    )


def test_totals_are_judged_like_any_metric_and_never_make_a_bottleneck() -> None:
    days = [CALENDAR.date_of(day) for day in range(11, 31)]
    own = [DayTotal(day, "in_time", 80, 100) for day in days]
    own += [DayTotal(day, "average", 2000 + 100 * (number % 2), 100) for number, day in enumerate(days)]
    own += [DayTotal(day, "backlog", 14, 1) for day in days]
    funnel = build(
        [],
        [metric(IN_TIME, "0.9", "up", 100), metric(HOURS, "24", "down", 100), metric(BACKLOG, "10", "down")],
        first=days[0], last=days[-1], calendar=CALENDAR, brief_version=1, totals=own,
    )  # fmt: skip
    in_time, average, backlog = funnel.stages
    assert (in_time.verdict, in_time.value) == (Verdict.MISSED, 0.8)
    assert (average.verdict, average.value) == (Verdict.MET, 20.5)
    assert average.low is not None
    assert average.low < 20.5
    assert (backlog.verdict, backlog.numerator, backlog.denominator) == (Verdict.MISSED, 280, 20)
    assert funnel.days_with_data == 20
    assert not funnel.from_calls
    assert stages_of(funnel.stages) == []
    assert from_json(to_json(funnel)) == funnel
    figures = {row.head: row.cells[2].text for row in elsewhere(funnel)}
    assert figures["Average turnaround"] == "20.5 hours (41,000 over 2,000)"
    assert figures["Backlog"] == "14 (280 over 20)"
    assert verdict_sentences(funnel)[0].startswith("Backlog is above target: 14 (280 over 20")


def test_a_day_without_totals_is_no_data_and_not_zero() -> None:
    day = CALENDAR.date_of(12)
    funnel = build(
        [], [metric(BACKLOG, "10", "down")], first=day, last=day, calendar=CALENDAR, brief_version=1
    )
    assert (funnel.stages[0].verdict, funnel.days_with_data) == (Verdict.NO_DATA, 0)
