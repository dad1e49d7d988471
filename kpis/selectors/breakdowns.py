"""Rates by hour, weekday, agent, code, attempt and segment, and how long leads waited: one grouped query each."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from engagements.models import Engagement
from engagements.outcomes import Outcome
from kpis.effect import Counted
from kpis.funnel import FACT_COLUMNS, STAGE_OF_METRIC
from kpis.models import AgentFact, AttemptFact, CodeFact, DailyFact, HourFact, HourWait, SourceWait
from kpis.selectors.patterns import PERSON, SHOWN
from kpis.waits import BEFORE, UNTOLD, median

Tally = Mapping[str, Any]
WHO = Coalesce("agent__belongs_to__public_id", "agent__public_id")
FIVE_MINUTES = 300


@dataclass(frozen=True, slots=True)
class Group:
    """The dials of one group, each rate that its files can tell, by the key of its metric, and how long was spoken:
    `talk_s` seconds in the `talked` calls whose talk time is known.
    """

    label: str
    dials: int
    rates: Mapping[str, Counted]
    key: str = ""
    talk_s: int = 0
    talked: int = 0


@dataclass(frozen=True, slots=True)
class HourGroup:
    """One hour of one weekday (1 is Monday)."""

    weekday: int
    hour: int
    group: Group


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How often a code was given, what it means, and how long was spoken."""

    code: str
    meaning: str
    calls: int
    talk_s: int = 0
    talked: int = 0


def within(engagement: Engagement, first: date, last: date) -> Q:
    """What keeps the facts of these dates."""
    return Q(engagement=engagement, day__range=(first, last))


def _sums() -> dict[str, Any]:
    """Both sides of each rate, over the days whose files can tell both."""
    sums: dict[str, Any] = {"dialled": Sum("dials"), "spoken": Sum("talk_s"), "timed": Sum("talked")}
    for key, stage in STAGE_OF_METRIC.items():
        above, below = FACT_COLUMNS[stage], FACT_COLUMNS[stage - 1]
        told = Q(**{f"{above}__isnull": False, f"{below}__isnull": False})
        sums[f"{key}_n"], sums[f"{key}_of"] = Sum(above, filter=told), Sum(below, filter=told)
    return sums


def _group(label: str, row: Tally, key: str = "") -> Group:
    rates = {
        metric: Counted(row[f"{metric}_n"], row[f"{metric}_of"])
        for metric in STAGE_OF_METRIC
        if row[f"{metric}_of"]
    }
    return Group(label, row["dialled"] or 0, rates, key, row["spoken"] or 0, row["timed"] or 0)


def by_hour(engagement: Engagement, first: date, last: date) -> list[HourGroup]:
    """Each hour of each weekday that has calls with a time, in the engagement's zone. One query."""
    rows = (
        HourFact.objects.filter(within(engagement, first, last), hour__isnull=False)
        .order_by()
        .values("day__iso_week_day", "hour")
        .annotate(**_sums())
    )
    found = [HourGroup(row["day__iso_week_day"], row["hour"] or 0, _group("", row)) for row in rows]
    return sorted(found, key=lambda one: (one.hour, one.weekday))


def merged(label: str, groups: Sequence[Group], key: str = "") -> Group:
    """Several groups as one."""
    rates = {}
    for metric in STAGE_OF_METRIC:
        told = [group.rates[metric] for group in groups if metric in group.rates]
        if told:
            rates[metric] = Counted(sum(one.numerator for one in told), sum(one.denominator for one in told))
    spoken, timed = sum(group.talk_s for group in groups), sum(group.talked for group in groups)
    return Group(label, sum(group.dials for group in groups), rates, key, spoken, timed)


def by_source(engagement: Engagement, first: date, last: date, no_source: str) -> list[Group]:
    """Each lead source, most dials first. One query."""
    rows = (
        DailyFact.objects.filter(within(engagement, first, last))
        .order_by()
        .values("source__name")
        .annotate(**_sums())
    )
    found = [_group(row["source__name"] or no_source, row) for row in rows]
    return sorted(found, key=lambda one: (-one.dials, one.label))


def by_agent(
    engagement: Engagement, first: date, last: date, names: Mapping[str, str] | None = None
) -> list[Group]:
    """Each person who dialled, all codes of one person together; `names` says how they are shown. One query."""
    rows = (
        AgentFact.objects.filter(within(engagement, first, last), agent__isnull=False)
        .order_by()
        .values(person=PERSON, shown=SHOWN, who=WHO)
        .annotate(**_sums())
    )
    masked = names or {}
    found = [_group(masked.get(row["person"], row["shown"]), row, str(row["who"])) for row in rows]
    return sorted(found, key=lambda one: one.label)


def by_attempt(engagement: Engagement, first: date, last: date) -> list[Group]:
    """Each attempt that the files number: the first call to a lead, the second and so on. One query."""
    rows = (
        AttemptFact.objects.filter(within(engagement, first, last), attempt__gte=1)
        .order_by()
        .values("attempt")
        .annotate(**_sums())
        .order_by("attempt")
    )
    return [_group(f"Attempt {row['attempt']}", row, str(row["attempt"])) for row in rows]


def by_code(engagement: Engagement, first: date, last: date) -> list[CodeCount]:
    """Each disposition code, the most frequent first. One query."""
    rows = (
        CodeFact.objects.filter(within(engagement, first, last))
        .values("disposition__code", "disposition__outcome")
        .annotate(n=Sum("calls"), spoken=Sum("talk_s"), timed=Sum("talked"))
        .order_by("-n", "disposition__code")
    )
    return [
        CodeCount(
            row["disposition__code"],
            Outcome(row["disposition__outcome"]).label,
            row["n"],
            row["spoken"],
            row["timed"],
        )
        for row in rows
    ]


def segment(
    engagement: Engagement, first: date, last: date, segment: tuple[str, str], label: str
) -> Group | None:
    """The calls of these dates of one kind and value ("agent" and an id, say), as one group; None without any.

    Kinds are source, agent, weekday (1 is Monday) and hour; any other is everybody. One query.
    """
    kind, value = segment
    facts: QuerySet[Any] = DailyFact.objects.all()
    match kind:
        case "source":
            facts = facts.filter(source__name=value)
        case "agent":
            whose = Q(agent__public_id=value) | Q(agent__belongs_to__public_id=value)
            facts = AgentFact.objects.filter(whose)
        case "weekday":
            facts = facts.filter(day__iso_week_day=int(value))
        case "hour":
            facts = HourFact.objects.filter(hour=int(value))
    row = facts.filter(within(engagement, first, last)).order_by().aggregate(**_sums())
    return _group(label, row) if row["dialled"] else None


@dataclass(frozen=True, slots=True)
class Response:
    """How long leads waited for their first call: how many, the median in seconds (rounded up as in kpis.waits), and
    how many within five minutes."""

    label: str
    leads: int
    median: int
    within: int


@dataclass(frozen=True, slots=True)
class Responses:
    """All leads first called in a period, by source and by the hour in which they came in.

    `untold` leads have no time at which they came in, or their first attempt is in no file; `before` were called before
    they came in. Both are left out.
    """

    all: Response | None = None
    by_source: tuple[Response, ...] = ()
    by_hour: tuple[Response, ...] = ()
    untold: int = 0
    before: int = 0


def responses(engagement: Engagement, first: date, last: date, no_source: str) -> Responses:
    """How long leads waited that were called for the first time on these dates. Two queries."""
    by_source = _steps(SourceWait.objects.filter(within(engagement, first, last)), "source__name")
    by_hour = _steps(HourWait.objects.filter(within(engagement, first, last)), "hour")
    whole: Counter[int] = Counter()
    for steps in by_source.values():
        whole.update(steps)
    sources = [_response(str(name or no_source), steps) for name, steps in by_source.items()]
    hours = sorted((int(str(hour)), steps) for hour, steps in by_hour.items() if hour is not None)
    told = _response("", whole)
    return Responses(
        all=told if told.leads else None,
        by_source=tuple(
            sorted((one for one in sources if one.leads), key=lambda one: (-one.leads, one.label))
        ),
        by_hour=tuple(one for one in (_response(_hour(hour), steps) for hour, steps in hours) if one.leads),
        untold=whole[UNTOLD],
        before=whole[BEFORE],
    )


def _steps(found: QuerySet[Any], key: str) -> dict[str | int | None, Counter[int]]:
    """The leads of each group by how long they waited."""
    groups: dict[str | int | None, Counter[int]] = defaultdict(Counter)
    for group, wait, leads in found.order_by().values_list(key, "wait").annotate(n=Sum("leads")):
        groups[group][wait] = leads
    return groups


def _response(label: str, steps: Mapping[int, int]) -> Response:
    told = {wait: leads for wait, leads in steps.items() if wait >= 0}
    within = sum(leads for wait, leads in told.items() if wait <= FIVE_MINUTES)
    return Response(label, sum(told.values()), median(told.items()), within)


def _hour(hour: int) -> str:
    return f"{hour:02d}:00–{(hour + 1) % 24:02d}:00"
