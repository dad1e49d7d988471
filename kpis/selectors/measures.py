"""Metrics of one's own that count the calls: from the sums of each day, never from the calls."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from engagements.terms.measures import NAMED, STAGES, Measure, outcome_of
from kpis.funnel import FACT_COLUMNS, DayTotal, Metric, Side
from kpis.models import CodeFact, DailyFact

COLUMNS = (*FACT_COLUMNS, "calls", "talk_s", "talked", "wrap_s", "wrapped")
SUM_OF = {Measure.TALK: ("talk_s", "talked"), Measure.WRAP: ("wrap_s", "wrapped")}
# (engagement, day, what further keeps calls apart)
Cell = tuple[int, date, Hashable]


@dataclass(slots=True)
class Sums:
    """The calls of one cell: its columns, and how often each code and each meaning was given."""

    columns: Mapping[str, int | None]
    codes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    meanings: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def of(self, side: Side) -> int | None:
        """One side of a metric; None where the calls of this cell do not tell it."""
        measure = Measure(side.measure)
        if measure is Measure.CODES:
            return sum(self.codes[code] for code in {name.casefold() for name in side.which})
        if measure is Measure.MEANINGS:
            return sum(self.meanings[one.value] for one in {outcome_of(name) for name in side.which} if one)
        if measure in STAGES:
            return self.columns[FACT_COLUMNS[STAGES[measure]]]
        if measure is Measure.CALLS:
            return self.columns["calls"]
        seconds, known = SUM_OF.get(measure, (None, "talked" if measure is Measure.TIMED else "wrapped"))
        return self.columns[seconds or known] if self.columns[known] else None


def cells(
    facts: QuerySet[Any], uses: QuerySet[Any], apart: str, metrics: Iterable[Metric]
) -> dict[Cell, Sums]:
    """The sums of these facts, with the codes of `uses` that these metrics name. Two queries, one where none does."""
    rows = facts.order_by().values_list("engagement_id", "day", apart, *COLUMNS)
    found = {tuple(row[:3]): Sums(dict(zip(COLUMNS, row[3:], strict=True))) for row in rows}
    sides = [side for one in metrics for side in (one.above, one.below) if side and side.measure in NAMED]
    if sides:
        named = {name.casefold() for side in sides if side.measure == Measure.CODES for name in side.which}
        meant = {
            one for side in sides if side.measure == Measure.MEANINGS for one in map(outcome_of, side.which)
        }
        wanted = uses.annotate(code=Lower("disposition__code")).filter(
            Q(code__in=named) | Q(disposition__outcome__in=[one.value for one in meant if one])
        )
        told = wanted.order_by().values_list(
            "engagement_id", "day", apart, "code", "disposition__outcome", "calls"
        )
        for engagement, day, what, code, outcome, calls in told:
            if sums := found.get((engagement, day, what)):
                sums.codes[code] += calls
                sums.meanings[outcome] += calls
    return found


def names_codes(metric: Metric) -> bool:
    """Whether it counts calls by code or meaning."""
    return any(side.measure in NAMED for side in (metric.above, metric.below) if side is not None)


def day_sums(chosen: Q, metrics: Mapping[int, Sequence[Metric]]) -> dict[int, list[DayTotal]]:
    """Each metric that counts the calls by day, by engagement; `metrics` are those of each, `chosen` the days.

    A day and lead source counts where its files tell both sides, as it does in the funnel. Two queries at most, none
    without such a metric.
    """
    own = {pk: [one for one in told if one.measured] for pk, told in metrics.items()}
    every = [one for told in own.values() for one in told]
    if not every:
        return {}
    days = chosen & Q(engagement__in=[pk for pk, told in own.items() if told])
    totals: dict[int, dict[tuple[date, str], tuple[int, int]]] = defaultdict(dict)
    summed = cells(DailyFact.objects.filter(days), CodeFact.objects.filter(days), "source_id", every)
    for (engagement, day, _), sums in summed.items():
        for metric in own[engagement]:
            if (told := pair(metric, sums)) is not None:
                above, below = totals[engagement].get((day, metric.key), (0, 0))
                # A figure of the day itself is of one day, however many sources it has.
                totals[engagement][day, metric.key] = (
                    above + told[0],
                    below + told[1] if metric.below else 1,
                )
    return {
        engagement: [DayTotal(day, key, *sides) for (day, key), sides in sorted(found.items())]
        for engagement, found in totals.items()
    }


def pair(metric: Metric, sums: Sums) -> tuple[int, int] | None:
    """Both sides of a metric over a cell, 1 below a figure of the day; None where the calls do not tell it."""
    above = sums.of(metric.above) if metric.above else None
    below = sums.of(metric.below) if metric.below else 1
    return None if above is None or below is None else (above, below)
