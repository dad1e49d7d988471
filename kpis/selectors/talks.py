"""How long calls of a period were spoken: read from counts of seconds, never from the calls."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from engagements.models import Engagement
from kpis.models import AgentTalk, DailyFact, SourceTalk
from kpis.selectors.breakdowns import WHO, within
from kpis.talks import quantile


@dataclass(frozen=True, slots=True)
class Spoken:
    """Calls whose talk time is known: `timed` in all, `spoken` above 0 seconds, and of these the median and the 90th
    percentile in seconds, None where there are none."""

    timed: int
    spoken: int
    median: float | None
    ninetieth: float | None


def _spoken(counts: Iterable[tuple[int, int]]) -> Spoken:
    told = list(counts)
    above = [(seconds, calls) for seconds, calls in told if seconds > 0]
    return Spoken(
        sum(calls for _, calls in told),
        sum(calls for _, calls in above),
        quantile(above, 0.5),
        quantile(above, 0.9),
    )


def _grouped(rows: Iterable[tuple[Hashable, int, int]]) -> dict[Hashable, Spoken]:
    found: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for group, seconds, calls in rows:
        found[group].append((seconds, calls))
    return {group: _spoken(counts) for group, counts in found.items()}


def talk_times(engagement: Engagement, first: date, last: date) -> Spoken:
    """All calls of these dates, exact to the second. One query."""
    rows = SourceTalk.objects.filter(within(engagement, first, last)).order_by()
    return _spoken(rows.values_list("seconds").annotate(n=Sum("calls")))


def by_source(engagement: Engagement, first: date, last: date, no_source: str) -> Mapping[Hashable, Spoken]:
    """By the name of the lead source, exact to the second. One query."""
    rows = SourceTalk.objects.filter(within(engagement, first, last)).order_by()
    told = rows.values_list("source__name", "seconds").annotate(n=Sum("calls"))
    return _grouped((name or no_source, seconds, calls) for name, seconds, calls in told)


def by_agent(engagement: Engagement, first: date, last: date) -> Mapping[Hashable, Spoken]:
    """By the public id of the person, each talk time rounded up as `kpis.talks.step` does. One query."""
    rows = AgentTalk.objects.filter(within(engagement, first, last), agent__isnull=False).order_by()
    told = rows.values_list(WHO, "seconds").annotate(n=Sum("calls"))
    return _grouped((str(who), seconds, calls) for who, seconds, calls in told)


def timed_by_day(engagement: Engagement, first: date, last: date) -> dict[date, int]:
    """How many calls of each date have a talk time, by the daily sums. One query."""
    rows = DailyFact.objects.filter(within(engagement, first, last)).order_by()
    return dict(rows.values_list("day").annotate(n=Sum("talked")))


def by_day(engagement: Engagement, first: date, last: date) -> Mapping[Hashable, Spoken]:
    """By date, exact to the second. One query."""
    rows = SourceTalk.objects.filter(within(engagement, first, last)).order_by()
    return _grouped(rows.values_list("day", "seconds").annotate(n=Sum("calls")))
