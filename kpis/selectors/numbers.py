"""The numbers of a period, read from the daily facts: never from the call rows, and in the same few queries always."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from common.days import Calendar
from common.together import Worded
from engagements.models import CampaignBrief, Engagement
from engagements.selectors import brief_in_force
from engagements.terms import STANDARD_METRICS
from engagements.terms.measures import CALLS, named
from kpis.funnel import FACT_COLUMNS, DayCounts, DayTotal, Funnel, Metric, Side
from kpis.funnel_build import build
from kpis.models import DailyFact, Import, MetricTotal, Restatement
from kpis.selectors.measures import day_sums
from kpis.selectors.totals import day_total, newest_totals


def calendar_of(engagement: Engagement) -> Calendar:
    """The engagement's days as its kickoff and its launch stand now."""
    return engagement.calendar


def metrics_of(brief: CampaignBrief | None) -> tuple[Metric, ...]:
    """The metric contracts of a brief; without one the five standard rates, with no targets."""
    if brief is None:
        return tuple(
            Metric(m.key, m.label, m.numerator, m.denominator, None, m.direction, m.minimum_sample)
            for m in STANDARD_METRICS
        )
    return tuple(
        Metric(
            m.key,
            m.label,
            m.numerator,
            m.denominator,
            m.target,
            m.direction,
            m.minimum_sample,
            m.unit,
            CALLS if m.numerator_measure else m.source_system,
            m.dispute_rule,
            _side(m.numerator_measure, m.numerator_which),
            _side(m.denominator_measure, m.denominator_which),
        )
        for m in brief.metrics.all()
    )


def _side(measure: str, which: str) -> Side | None:
    return Side(measure, named(measure, which)) if measure else None


def _facts(engagement: int, first: date, last: date) -> QuerySet[DailyFact, tuple[Any, ...]]:
    facts = DailyFact.objects.filter(engagement=engagement, day__range=(first, last)).order_by("day")
    return facts.values_list("day", "source__name", *FACT_COLUMNS)


_FACTS = Worded(_facts, engagement=2**62, first=date(1, 1, 1), last=date(1, 1, 2))


def day_counts(engagement: Engagement, first: date, last: date) -> list[DayCounts]:
    """The daily facts of a period by day and source. One query."""
    return [
        DayCounts(day, source or "", tuple(counts))
        for day, source, *counts in _FACTS.rows(engagement=engagement.pk, first=first, last=last)
    ]


def funnel(engagement: Engagement, first: date, last: date, brief: CampaignBrief | None = None) -> Funnel:
    """The funnel of these dates in all, by lead source and by day, judged by `brief`, else by the one in force.

    One query for the facts, one for totals where the brief has a metric that calls do not tell, two at most where one
    counts the calls, two more when the brief has to be fetched.
    """
    brief = brief or brief_in_force(engagement)
    metrics = metrics_of(brief)
    return build(
        day_counts(engagement, first, last),
        metrics,
        first=first,
        last=last,
        calendar=calendar_of(engagement),
        brief_version=brief.version if brief else None,
        totals=_totals(engagement, metrics, first, last),
    )


def _totals(engagement: Engagement, metrics: Sequence[Metric], first: date, last: date) -> list[DayTotal]:
    """The totals of a period of those metrics that are no stages: as entered, or made of the sums of the calls.

    One query where any is entered, two at most where any counts the calls.
    """
    days = Q(engagement=engagement, day__range=(first, last))
    counted = day_sums(days, {engagement.pk: metrics}).get(engagement.pk, [])
    keys = [metric.key for metric in metrics if not metric.from_calls and not metric.measured]
    if not keys:
        return counted
    return [day_total(row) for row in newest_totals(days & Q(metric_key__in=keys))] + counted


def span_of_data(engagement: Engagement) -> tuple[date, date] | None:
    """First and last date that has facts, or totals where calls tell nothing; None without any. Two queries at most."""
    for facts in (DailyFact, MetricTotal):
        span = facts.objects.filter(engagement=engagement).aggregate(first=Min("day"), last=Max("day"))
        if span["first"]:
            return span["first"], span["last"]
    return None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a period has calls: dials, days with facts of so many days, and the last date with facts."""

    dials: int | None
    days: int
    of: int
    last: date | None


def coverage(engagement: Engagement, first: date, last: date) -> Coverage:
    """How much of these dates has calls. One query."""
    facts = DailyFact.objects.filter(engagement=engagement, day__range=(first, last))
    found = facts.aggregate(dials=Sum("dials"), days=Count("day", distinct=True), last=Max("day"))
    return Coverage(found["dials"], found["days"], (last - first).days + 1, found["last"])


def restatements(engagement: Engagement, first: date, last: date) -> QuerySet[Restatement]:
    """What changed in figures of these days that had been shown, the newest change first. One query."""
    return Restatement.objects.filter(engagement=engagement, day__range=(first, last)).order_by("-at", "-day")


def imports_behind(engagement: Engagement, first: date, last: date) -> QuerySet[Import]:
    """The finished imports with rows in these dates, newest first, with who made them. One query."""
    return (
        Import.objects.filter(
            engagement=engagement, finished_at__isnull=False, first_day__lte=last, last_day__gte=first
        )
        .select_related("created_by")
        .order_by("-finished_at")
    )
