"""What the first weeks show: sources, hours, weekdays, agents and codes, each from one of the small sums by day."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from engagements.models import Engagement
from engagements.outcomes import Outcome
from engagements.selectors import brief_in_force
from kpis import patterns as pure
from kpis.funnel import Funnel
from kpis.models import AgentFact, HourFact, UseFact
from kpis.patterns import Count, Dispositions, Pattern, Use
from kpis.selectors.numbers import funnel

CONTACT, QUALIFICATION = "contact_rate", "qualification_rate"
UNNAMED = "No source named"
# All dialer codes of one person are that person, whether or not a reader sees names.
PERSON = Coalesce("agent__belongs_to__name", "agent__name")
# Under which name a person is shown: their own where it was written down, else the dialer's code.
SHOWN = Coalesce(
    NullIf("agent__belongs_to__display_name", Value("")),
    "agent__belongs_to__name",
    NullIf("agent__display_name", Value("")),
    "agent__name",
)


@dataclass(frozen=True, slots=True)
class Patterns:
    """All patterns of a period, with the funnel that they are part of."""

    funnel: Funnel
    sources: Pattern
    hours: Pattern
    weekdays: Pattern
    agents_contact: Pattern
    agents_qualified: Pattern
    dispositions: Dispositions

    @property
    def all(self) -> tuple[Pattern, ...]:
        return self.sources, self.hours, self.weekdays, self.agents_contact, self.agents_qualified

    @property
    def surprises(self) -> tuple[str, ...]:
        """What stands apart, in sentences; nothing where nothing does."""
        said = [one.sentence for one in self.all if one.apart]
        return (*said, *([self.dispositions.sentence] if self.dispositions.suspicions else []))


def patterns(
    engagement: Engagement, first: date, last: date, names: Mapping[str, str] | None = None
) -> Patterns:
    """The patterns of these dates. Four queries over the sums, two for the brief.

    `names` says under which name an agent is shown, where it is not their own.
    """
    brief = brief_in_force(engagement)
    numbers = funnel(engagement, first, last, brief)
    minimums = {rate.key: rate.minimum for rate in numbers.stages}
    least, least_qualified = minimums.get(CONTACT, 30), minimums.get(QUALIFICATION, 30)
    within = Q(engagement=engagement, day__range=(first, last))
    contact, qualified = _agents(within, names or {})
    return Patterns(
        funnel=numbers,
        sources=sources(numbers),
        hours=pure.pattern("hours", "contact rate", "hour", _hours(within), least),
        weekdays=pure.pattern("weekdays", "contact rate", "weekday", _weekdays(numbers), least),
        agents_contact=pure.pattern("agents-contact", "contact rate", "agent", contact, least),
        agents_qualified=pure.pattern(
            "agents-qualified", "qualification rate", "agent", qualified, least_qualified
        ),
        dispositions=pure.dispositions(uses(within, names or {}), least),
    )


def sources(numbers: Funnel) -> Pattern:
    """The contact rate by lead source, from a funnel that was read already."""
    groups, least = [], 30
    for source in numbers.by_source:
        rate = next((rate for rate in source.stages if rate.key == CONTACT), None)
        if rate and rate.numerator is not None and rate.denominator is not None:
            least = rate.minimum
            groups.append(Count(source.source or UNNAMED, rate.numerator, rate.denominator))
    return pure.pattern("sources", "contact rate", "lead source", groups, least)


def _hours(within: Q) -> list[Count]:
    told = HourFact.objects.filter(within, hour__isnull=False, contacts__isnull=False).order_by("hour")
    grouped = told.values_list("hour").annotate(reached=Sum("contacts"), dialled=Sum("dials"))
    return [
        Count(f"{hour:02d}:00–{(hour + 1) % 24:02d}:00", reached, dialled)
        for hour, reached, dialled in grouped
    ]


def _weekdays(numbers: Funnel) -> list[Count]:
    above: dict[int, int] = defaultdict(int)
    below: dict[int, int] = defaultdict(int)
    for day in numbers.by_day:
        rate = next((rate for rate in day.rates if rate.key == CONTACT), None)
        if rate and rate.numerator is not None and rate.denominator is not None:
            above[day.day.weekday()] += rate.numerator
            below[day.day.weekday()] += rate.denominator
    return [Count(pure.WEEKDAYS[day], above[day], below[day]) for day in sorted(below)]


def _agents(within: Q, names: Mapping[str, str]) -> tuple[list[Count], list[Count]]:
    """Contacts of dials and qualified of contacts, each over the days whose files can tell both."""
    contact, qualified = Q(contacts__isnull=False), Q(contacts__isnull=False, qualified__isnull=False)
    grouped = (
        AgentFact.objects.filter(within, agent__isnull=False)
        .order_by()
        .values(person=PERSON, shown=SHOWN)
        .annotate(
            dialled=Sum("dials", filter=contact),
            reached=Sum("contacts", filter=contact),
            asked=Sum("contacts", filter=qualified),
            passed=Sum("qualified", filter=qualified),
        )
    )
    rows = sorted(grouped, key=lambda row: _named(row, names))
    return (
        [Count(_named(r, names), r["reached"], r["dialled"]) for r in rows if r["dialled"]],
        [Count(_named(r, names), r["passed"], r["asked"]) for r in rows if r["asked"]],
    )


def uses(within: Q, names: Mapping[str, str]) -> list[Use]:
    """How often each person gave each code. One query."""
    grouped = (
        UseFact.objects.filter(within, agent__isnull=False)
        .order_by()
        .values("disposition__code", "disposition__outcome", person=PERSON, shown=SHOWN)
        .annotate(n=Sum("calls"))
    )
    found = [
        Use(
            agent=_named(row, names),
            code=row["disposition__code"],
            meaning=Outcome(row["disposition__outcome"]).label,
            stage=Outcome(row["disposition__outcome"]).stage,
            calls=row["n"],
        )
        for row in grouped
    ]
    return sorted(found, key=lambda use: (use.code, use.agent))


def _named(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return names.get(row["person"], row["shown"])
