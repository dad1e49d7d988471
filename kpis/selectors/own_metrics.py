"""Metrics of one's own that count the calls, by lead source, agent and hour and of any segment."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from engagements.models import Engagement
from kpis.funnel import Metric
from kpis.models import AgentFact, CodeFact, DailyFact, HourFact, UseFact
from kpis.selectors.breakdowns import within
from kpis.selectors.measures import Cell, Sums, cells, names_codes, pair
from kpis.selectors.patterns import PERSON, SHOWN
from kpis.selectors.signals import hour_text


@dataclass(frozen=True, slots=True)
class OwnGroup:
    """The metrics of one's own over one group of calls, by key: both sides, of those that it tells."""

    label: str
    figures: Mapping[str, tuple[int, int]]


def _together(
    found: Mapping[Cell, Sums], metrics: Sequence[Metric], named: Callable[[Any], str]
) -> list[OwnGroup]:
    groups: dict[str, dict[str, tuple[int, int]]] = {}
    days: dict[tuple[str, str], set[date]] = defaultdict(set)
    for (_, day, what), sums in found.items():
        group = groups.setdefault(named(what), {})
        for metric in metrics:
            if (told := pair(metric, sums)) is not None:
                above, below = group.get(metric.key, (0, 0))
                days[named(what), metric.key].add(day)
                number = len(days[named(what), metric.key])
                group[metric.key] = above + told[0], below + told[1] if metric.below else number
    return [OwnGroup(label, figures) for label, figures in sorted(groups.items())]


def by_source(
    engagement: Engagement, first: date, last: date, metrics: Sequence[Metric], no_source: str
) -> list[OwnGroup]:
    """Each lead source. Two queries at most, none without a metric that counts the calls."""
    own = [metric for metric in metrics if metric.measured]
    if not own:
        return []
    days = within(engagement, first, last)
    found = cells(DailyFact.objects.filter(days), CodeFact.objects.filter(days), "source__name", own)
    return _together(found, own, lambda name: name or no_source)


def by_agent(
    engagement: Engagement, first: date, last: date, metrics: Sequence[Metric], names: Mapping[str, str]
) -> list[OwnGroup]:
    """Each person who dialled, `names` says how they are shown. Two queries at most."""
    own = [metric for metric in metrics if metric.measured]
    if not own:
        return []
    days = within(engagement, first, last) & Q(agent__isnull=False)
    found = cells(AgentFact.objects.filter(days), UseFact.objects.filter(days), "agent_id", own)
    people = AgentFact.objects.filter(days).order_by().values_list("agent_id", PERSON, SHOWN).distinct()
    told = {agent: names.get(person, shown) for agent, person, shown in people}
    return _together(found, own, lambda agent: told[agent])


def by_hour(engagement: Engagement, first: date, last: date, metrics: Sequence[Metric]) -> list[OwnGroup]:
    """Each hour of the day, of metrics without codes: those are not summed by hour. One query at most."""
    own = [metric for metric in metrics if metric.measured and not names_codes(metric)]
    if not own:
        return []
    facts = HourFact.objects.filter(within(engagement, first, last), hour__isnull=False)
    return _together(cells(facts, CodeFact.objects.none(), "hour", own), own, hour_text)


def segment(
    engagement: Engagement, first: date, last: date, what: tuple[str, str], metrics: Sequence[Metric]
) -> Mapping[str, tuple[int, int]]:
    """The metrics over the calls of one kind and value, as `breakdowns.segment` has them; without what it cannot tell.

    Two queries at most, none without a metric that counts the calls.
    """
    own = [metric for metric in metrics if metric.measured]
    kind, value = what
    if kind == "hour":
        own = [metric for metric in own if not names_codes(metric)]
    if not own:
        return {}
    days = within(engagement, first, last)
    model: Any = DailyFact
    uses: Any = CodeFact
    apart = "source_id"
    match kind:
        case "source":
            days &= Q(source__name=value)
        case "agent":
            days &= Q(agent__public_id=value) | Q(agent__belongs_to__public_id=value)
            model, uses, apart = AgentFact, UseFact, "agent_id"
        case "weekday":
            days &= Q(day__iso_week_day=int(value))
        case "hour":
            days &= Q(hour=int(value))
            model, apart = HourFact, "hour"
    codes = uses.objects.none() if kind == "hour" else uses.objects.filter(days)
    told = _together(cells(model.objects.filter(days), codes, apart, own), own, lambda _: "")
    return told[0].figures if told else {}
