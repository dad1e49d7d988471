"""End-of-day totals as they count now, and who entered them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from common import clock
from engagements.models import BriefMetric, CampaignBrief, Engagement
from engagements.terms import CALL_METRICS
from kpis.funnel import DayTotal
from kpis.models import MetricTotal
from kpis.totals import OwnMetric


def own_metrics(brief: CampaignBrief | None) -> list[OwnMetric]:
    """The metrics of a brief that are counted by hand, in its order."""
    if brief is None:
        return []
    return [
        _own(metric)
        for metric in brief.metrics.all()
        if metric.key not in CALL_METRICS and not metric.numerator_measure
    ]


def _own(metric: BriefMetric) -> OwnMetric:
    return OwnMetric(metric.key, metric.label, metric.numerator, metric.denominator, metric.unit)


def newest_totals(chosen: Q) -> list[MetricTotal]:
    """The newest entry of each metric and day among the chosen ones, without what was taken back. One query."""
    rows = MetricTotal.objects.filter(chosen).order_by("engagement", "metric_key", "day", "-id")
    newest = rows.distinct("engagement", "metric_key", "day")
    return [row for row in newest if row.numerator is not None]


def day_total(row: MetricTotal, day: date | None = None) -> DayTotal:
    """An entry as the funnel counts it, on another day than its own where one is given."""
    return DayTotal(day or row.day, row.metric_key, row.numerator or 0, row.denominator)


@dataclass(frozen=True, slots=True)
class DayOfTotals:
    """One date with the newest entry of each metric, in the order of the brief; None where nobody entered one."""

    day: date
    number: int
    entries: tuple[MetricTotal | None, ...]
    restated: bool


def days_of_totals(engagement: Engagement, metrics: Collection[OwnMetric]) -> list[DayOfTotals]:
    """Every date with an entry, newest first. One query."""
    keys = [metric.key for metric in metrics]
    rows = MetricTotal.objects.filter(engagement=engagement, metric_key__in=keys).order_by("id")
    newest: dict[date, dict[str, MetricTotal]] = {}
    restated: set[date] = set()
    for row in rows:
        if row.metric_key in newest.setdefault(row.day, {}):
            restated.add(row.day)
        newest[row.day][row.metric_key] = row
    return [
        DayOfTotals(
            day, engagement.calendar.day_of(day), tuple(newest[day].get(key) for key in keys), day in restated
        )
        for day in sorted(newest, reverse=True)
    ]


def next_day(engagement: Engagement) -> date:
    """The date that the form begins with: the day after the last one entered, and never one that has not come."""
    last = (
        MetricTotal.objects.filter(engagement=engagement)
        .order_by("-day")
        .values_list("day", flat=True)
        .first()
    )
    today = clock.today(engagement.zone)
    start = date.fromordinal(last.toordinal() + 1) if last else engagement.launch_on
    return min(max(start, engagement.launch_on), today)


def latest_entries(engagement: Engagement) -> dict[tuple[str, date], MetricTotal]:
    """The newest entry of each (metric, day), also where it was taken back. One query."""
    rows = MetricTotal.objects.filter(engagement=engagement).order_by("metric_key", "day", "-id")
    return {(row.metric_key, row.day): row for row in rows.distinct("metric_key", "day")}
