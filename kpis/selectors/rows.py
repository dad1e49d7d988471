"""The call rows behind one figure, a page at a time."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from engagements.models import Engagement
from engagements.stages import Stage
from kpis.funnel import FACT_COLUMNS
from kpis.models import CallRecord, DailyFact

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """Which number is opened: the calls of some dates that reached a stage, of one source or of all (None)."""

    first: date
    last: date
    stage: Stage = Stage.DIAL
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page starts: after this row."""

    day: date
    pk: int


@dataclass(frozen=True, slots=True)
class RowsPage:
    """At most PAGE_SIZE rows in the order of day and row; `value` is the figure itself, None where unknown."""

    value: int | None
    rows: list[CallRecord]
    following: Place | None


def rows_page(engagement: Engagement, figure: Figure, after: Place | None = None) -> RowsPage:
    """The rows that make up a figure of the daily facts, and the figure. Two queries, whatever the size.

    Days and sources whose files cannot tell the stage are in neither.
    """
    column = FACT_COLUMNS[figure.stage]
    facts = DailyFact.objects.filter(
        _of_source(figure), engagement=engagement, day__range=(figure.first, figure.last)
    )
    counts = list(facts.values_list("day", "source_id", column))
    known = [count for _, _, count in counts if count is not None]
    if not known:
        return RowsPage(None, [], None)
    rows = _rows(engagement, figure)
    unknown: dict[int | None, list[date]] = {}
    for day, source_id, count in counts:
        if count is None:
            unknown.setdefault(source_id, []).append(day)
    for source_id, days in unknown.items():
        rows = rows.exclude(
            Q(day__in=days, source__isnull=True)
            if source_id is None
            else Q(day__in=days, source_id=source_id, source__isnull=False)
        )
    if after is not None:
        rows = rows.filter(Q(day__gt=after.day) | Q(day=after.day, pk__gt=after.pk))
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    following = Place(shown[-1].day, shown[-1].pk) if len(found) > PAGE_SIZE else None
    return RowsPage(sum(known), shown, following)


def _of_source(figure: Figure) -> Q:
    if figure.source is None:
        return Q()
    return Q(source__name=figure.source) if figure.source else Q(source__isnull=True)


def _rows(engagement: Engagement, figure: Figure) -> QuerySet[CallRecord]:
    return (
        CallRecord.objects.filter(
            _of_source(figure),
            engagement=engagement,
            day__range=(figure.first, figure.last),
            depth__gte=figure.stage,
        )
        .select_related("batch", "source", "agent", "disposition")
        .order_by("day", "pk")
    )
