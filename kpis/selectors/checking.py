"""Proof that the daily facts equal the rows: a second count that shares nothing with the first."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum

from engagements.models import Engagement
from engagements.stages import Stage
from kpis.models import CallRecord, DailyFact, Import, LeadSource
from kpis.selectors.numbers import FACT_COLUMNS

Key = tuple[date, int | None]
Counts = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A daily fact that says something else than the rows; None is a stage or a fact that is not there."""

    day: date
    source: str
    column: str
    stored: int | None
    counted: int | None


@dataclass(frozen=True, slots=True)
class FactCheck:
    """What a comparison came to: how many facts, how many dials in the rows, and where the two differ."""

    facts: int
    dials: int
    mismatches: tuple[Mismatch, ...]


def check_facts(engagement: Engagement) -> FactCheck:
    """Count every call row of an engagement again and compare with its daily facts. Four queries."""
    facts = DailyFact.objects.filter(engagement=engagement)
    stored: dict[Key, Counts] = {
        (day, source): tuple(counts)
        for day, source, *counts in facts.values_list("day", "source_id", *FACT_COLUMNS)
    }
    counted = _counted(engagement)
    names = dict(LeadSource.objects.filter(engagement=engagement).values_list("pk", "name"))
    nothing: Counts = (None,) * len(FACT_COLUMNS)
    mismatches = [
        Mismatch(day, names.get(source, "") if source else "", column, before, now)
        for day, source in sorted(stored.keys() | counted.keys(), key=lambda key: (key[0], key[1] or 0))
        for column, before, now in zip(
            FACT_COLUMNS,
            stored.get((day, source), nothing),
            counted.get((day, source), nothing),
            strict=True,
        )
        if before != now
    ]
    dials = sum(counts[Stage.DIAL] or 0 for counts in counted.values())
    return FactCheck(len(stored), dials, tuple(mismatches))


def _counted(engagement: Engagement) -> dict[Key, Counts]:
    """The facts as the rows say them: per import first, then put together where every import knows the stage."""
    told = {
        pk: frozenset(measures) | {Stage.DIAL.key}
        for pk, measures in Import.objects.filter(engagement=engagement).values_list("pk", "measures")
    }
    reached = {
        f"reached_{stage.value}": Count("pk", filter=Q(depth__gte=stage))
        for stage in Stage
        if stage.before is not None
    }
    groups = (
        CallRecord.objects.filter(engagement=engagement)
        .order_by()
        .values_list("day", "source_id", "batch_id")
        .annotate(dialled=Sum("dials"), **reached)
    )
    facts: dict[Key, Counts] = {}
    for day, source, batch, *values in groups:
        known = [
            value if stage.key in told[batch] else None for stage, value in zip(Stage, values, strict=True)
        ]
        before = facts.get((day, source))
        facts[day, source] = tuple(known) if before is None else tuple(map(_plus, before, known))
    return facts


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
