"""Calling windows as pages read them: the rules in force, the verdicts on calls, and how many were abandoned."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import (
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)

from common import clock
from common.days import Calendar
from common.wording import joined
from engagements.models import Engagement
from engagements.selectors import brief_in_force, calling_hours
from kpis.models import (
    CallRecord,
    DailyFact,
    WindowAnswer,
    WindowChange,
    WindowCount,
    WindowDay,
    WindowRules,
    WindowVerdict,
)
from kpis.windows.drops import DropHistory, rolling
from kpis.windows.launch import LaunchDials, launch_gaps, standing_gaps
from kpis.windows.places import country_of_zone, part_of, place_name
from kpis.windows.rules import (
    EXEMPTIONS,
    Change,
    Flags,
    Rule,
    RuleSet,
    Status,
    brief_rules,
    excluded_by_brief,
    in_force,
    rule_from_json,
    shipped,
)
from kpis.windows.verdict import Verdict, Why
from kpis.windows.zones import ZoneSource

PAGE_SIZE = 50
FIRST_LIVE, LAST_SUPERVISED = 11, 14

STALE = """
WITH c AS (SELECT day, count(*) AS calls FROM kpis_callrecord
            WHERE engagement_id = %(engagement)s AND day BETWEEN %(first)s AND %(last)s GROUP BY day),
     d AS (SELECT day, calls, rules_id, judged_at FROM kpis_windowday
            WHERE engagement_id = %(engagement)s AND day BETWEEN %(first)s AND %(last)s)
SELECT coalesce(c.day, d.day) AS day, d.day IS NULL OR c.day IS NULL OR c.calls <> d.calls OR i.id IS NOT NULL
  FROM c FULL JOIN d ON d.day = c.day
  LEFT JOIN LATERAL (
       SELECT id FROM kpis_import i WHERE i.engagement_id = %(engagement)s AND i.finished_at > d.judged_at
          AND coalesce(c.day, d.day) BETWEEN i.first_day AND i.last_day LIMIT 1) i ON true
 WHERE c.day IS NULL OR d.day IS NULL OR c.calls <> d.calls OR d.rules_id IS DISTINCT FROM %(rules)s OR i.id IS NOT NULL
 ORDER BY 1
"""


def country_of(engagement: Engagement) -> str:
    """The country that a campaign calls in, by which short forms of states and numbers are read; "" where unknown."""
    return engagement.holiday_country or country_of_zone(engagement.zone)


def changes_of(engagement: Engagement) -> list[WindowChange]:
    """The newest word of this engagement on each rule, one query."""
    return list(
        WindowChange.objects.filter(engagement=engagement).order_by("code", "-version").distinct("code")
    )


def flags_of(content: Mapping[str, Any] | None) -> Flags:
    """What the hours leave out, as it is kept; nothing kept: nothing."""
    kept = dict(content or {})
    return Flags(**{**kept, "consent_sources": frozenset(kept.get("consent_sources", ()))})


def rule_set(engagement: Engagement) -> RuleSet:
    """Everything that calls are judged by now. Two queries."""
    brief = brief_in_force(engagement)
    agreed, silent = brief_rules(calling_hours(brief), brief.version) if brief else ([], [])
    said = changes_of(engagement)
    return in_force(
        changes=[
            Change(
                each.code, each.version, rule_from_json(each.content) if each.content else None, each.reason
            )
            for each in said
            if each.code != EXEMPTIONS and not each.shipped_again
        ],
        brief=agreed,
        flags=flags_of(next((each.content for each in said if each.code == EXEMPTIONS), None)),
        country=country_of(engagement),
        silent=silent,
    )


def left_out(engagement: Engagement) -> list[tuple[Rule, WindowChange]]:
    """The shipped rules that this engagement says do not count here."""
    off = {
        each.code: each for each in changes_of(engagement) if each.content is None and not each.shipped_again
    }
    return [(rule, off[rule.code]) for rule in shipped() if rule.code in off]


def stale_days(
    engagement_id: int, rules_id: int | None, first: date = date.min, last: date = date.max
) -> dict[date, bool]:
    """The days whose verdicts are not of their calls and the rules of now; True where it is the calls that changed."""
    with connection.cursor() as cursor:
        cursor.execute(STALE, {"engagement": engagement_id, "rules": rules_id, "first": first, "last": last})
        return {on: bool(changed) for on, changed in cursor.fetchall()}


@dataclass(frozen=True)
class DayLine:
    """One day of one place as the page shows it."""

    day: date
    place: str
    count: WindowCount

    @property
    def place_name(self) -> str:
        return place_name(self.place) if self.place else "place not told"

    @property
    def calls(self) -> int:
        count = self.count
        return count.allowed + count.violations + count.possibles + count.unknowns


@dataclass(frozen=True)
class Totals:
    """The verdicts of some days together.

    A call into a place that the brief excludes is counted as that, whatever the hour; at a wrong hour it is a
    violation as well, and counts as one.
    """

    allowed: int = 0
    violations: int = 0
    possibles: int = 0
    unknowns: int = 0
    exempt: int = 0
    conflicts: int = 0
    excluded: int = 0  # into places that the brief excludes, at an hour that is no violation

    @property
    def calls(self) -> int:
        return self.allowed + self.violations + self.possibles + self.unknowns + self.excluded

    @property
    def known(self) -> int:
        """The calls of which something can be said."""
        return self.calls - self.unknowns


COUNTS = ("allowed", "violations", "possibles", "unknowns", "exempt", "conflicts")


def totals(engagement: Engagement, first: date | None = None, last: date | None = None) -> Totals:
    """The verdicts on the calls from one date to another, or on all. Three queries, one where no call is judged."""
    found = WindowCount.objects.filter(engagement=engagement)
    if first:
        found = found.filter(day__gte=first)
    if last:
        found = found.filter(day__lte=last)
    summed = found.order_by().values_list("place").annotate(*(Sum(name) for name in COUNTS))
    by_place = {place: dict(zip(COUNTS, sums, strict=True)) for place, *sums in summed}
    beyond = excluded_places(engagement, by_place)
    return _together((counts, place in beyond) for place, counts in by_place.items())


def _together(counted: Iterable[tuple[Mapping[str, int], bool]]) -> Totals:
    """Counts of places together, each with whether the brief excludes the place."""
    found: Counter[str] = Counter()
    for counts, beyond in counted:
        for name in COUNTS:
            apart = beyond and name in ("allowed", "possibles", "unknowns")
            found["excluded" if apart else name] += counts[name]
    return Totals(**found)


def supervised(engagement: Engagement, calendar: Calendar) -> Totals:
    """The verdicts on the calls of days 11 to 14."""
    return totals(engagement, calendar.date_of(FIRST_LIVE), calendar.date_of(LAST_SUPERVISED))


def day_lines(engagement: Engagement) -> list[DayLine]:
    """Each day and place, the newest day first. One query; as many rows as days and places, not calls."""
    found = WindowCount.objects.filter(engagement=engagement).order_by("-day", "place")
    return [DayLine(count.day, count.place, count) for count in found]


def places_called(engagement: Engagement) -> set[str]:
    """The places of all calls that are judged. One query."""
    return set(
        WindowCount.objects.filter(engagement=engagement)
        .order_by()
        .values_list("place", flat=True)
        .distinct()
    )


def excluded_places(engagement: Engagement, places: Collection[str]) -> frozenset[str]:
    """Those of some places into which the brief in force agrees no calls. Two queries at most."""
    if not any(places):
        return frozenset()
    brief = brief_in_force(engagement)
    agreed, silent = brief_rules(calling_hours(brief), brief.version) if brief else ([], [])
    return excluded_by_brief(places, agreed, silent)


def beyond_the_brief(lines: Iterable[DayLine], excluded: Collection[str]) -> tuple[str, int]:
    """The excluded regions that were called, in words, and the calls made there."""
    beyond = [line for line in lines if line.place in excluded]
    return joined(sorted({line.place_name for line in beyond})), sum(line.calls for line in beyond)


@dataclass(frozen=True)
class PlaceLine:
    """All days of one place together."""

    place_name: str
    days: int
    totals: Totals


def place_lines(lines: Iterable[DayLine], excluded: Collection[str]) -> list[PlaceLine]:
    """Each place over the days of `day_lines`, the one with most violations first, then with most calls."""
    places: dict[str, list[DayLine]] = {}
    for line in lines:
        places.setdefault(line.place_name, []).append(line)
    found = [
        PlaceLine(
            name,
            len(own),
            _summed(own, excluded),
        )
        for name, own in places.items()
    ]
    return sorted(found, key=lambda one: (-one.totals.violations, -one.totals.calls, one.place_name))


def day_totals(line: DayLine, excluded: Collection[str]) -> Totals:
    """One line of `day_lines`, counted as `place_lines` counts all of its place."""
    return _summed([line], excluded)


def _summed(lines: Iterable[DayLine], excluded: Collection[str]) -> Totals:
    return _together(
        ({name: getattr(line.count, name) for name in COUNTS}, line.place in excluded) for line in lines
    )


@dataclass(frozen=True)
class ViolationDay:
    """A day with violations and what the operator said of it."""

    day: date
    violations: int
    answer: WindowAnswer | None

    @property
    def state(self) -> str:
        """open, answered; open again where more calls of the day came in after the answer."""
        return "answered" if self.answer and self.answer.calls >= self.violations else "open"


def violation_days(engagement: Engagement) -> list[ViolationDay]:
    """The days with violations, those without an answer first, then the newest. Two queries."""
    counted = (
        WindowCount.objects.filter(engagement=engagement, violations__gt=0)
        .order_by()
        .values_list("day")
        .annotate(many=Sum("violations"))
    )
    answers: dict[date, WindowAnswer] = {}
    for answer in WindowAnswer.objects.filter(engagement=engagement).order_by("at", "pk"):
        answers[answer.day] = answer
    found = [ViolationDay(day, many, answers.get(day)) for day, many in counted]
    return sorted(found, key=lambda each: (each.state != "open", -each.day.toordinal()))


def window_gaps(engagement: Engagement) -> list[str]:
    """Say what is missing before the dial times of days 11 to 14 are checked against their windows.

    Reads the calls of these days, and the rules of now.
    """
    first, last = supervised_dates(engagement)
    kept = WindowRules.objects.filter(engagement=engagement, digest=rule_set(engagement).digest).first()
    stale = stale_days(engagement.pk, kept.pk if kept else None, first, last)
    return launch_gaps(
        LaunchDials(
            calls=DailyFact.objects.filter(engagement=engagement, day__range=(first, last)).exists(),
            over=clock.today(engagement.zone) >= last,
            unjudged=sorted(stale),
            unanswered=_unanswered(Q(engagement=engagement.pk, day__range=(first, last))).get(
                engagement.pk, []
            ),
        )
    )


def standing_window_gaps(engagement: Engagement) -> list[str]:
    """Say what stands against the dials of days 11 to 14 that are in. Two queries, however many calls there are."""
    return standing_window_gaps_of([engagement])[engagement.pk]


def standing_window_gaps_of(engagements: Collection[Engagement]) -> dict[int, list[str]]:
    """The same of many engagements, by their ids. Two queries, none without an engagement."""
    if not engagements:
        return {}
    supervised = Q()
    for engagement in engagements:
        supervised |= Q(engagement=engagement.pk, day__range=supervised_dates(engagement))
    judged = WindowDay.objects.filter(engagement=OuterRef("engagement"), day=OuterRef("day"))
    days = DailyFact.objects.filter(supervised, ~Exists(judged)).order_by("engagement_id", "day")
    unjudged: dict[int, list[date]] = {}
    for pk, day in days.values_list("engagement_id", "day").distinct():
        unjudged.setdefault(pk, []).append(day)
    unanswered = _unanswered(supervised)
    return {
        each.pk: standing_gaps(unjudged.get(each.pk, []), unanswered.get(each.pk, [])) for each in engagements
    }


def supervised_dates(engagement: Engagement) -> tuple[date, date]:
    """The dates of days 11 and 14."""
    calendar = engagement.calendar
    return calendar.date_of(FIRST_LIVE), calendar.date_of(LAST_SUPERVISED)


def _unanswered(days: Q) -> dict[int, list[tuple[date, int]]]:
    """Of these days those with violations for which nobody has answered, or not for as many as there are, by the
    engagement's id. One query.
    """
    newest = WindowAnswer.objects.filter(engagement=OuterRef("engagement"), day=OuterRef("day"))
    answered = Subquery(newest.order_by("-at", "-pk").values("calls")[:1], output_field=IntegerField())
    counted = (
        WindowCount.objects.filter(days, violations__gt=0)
        .order_by("engagement_id", "day")
        .values_list("engagement_id", "day")
        .annotate(many=Sum("violations"), answered=answered)
    )
    found: dict[int, list[tuple[date, int]]] = {}
    for pk, day, many, so_far in counted:
        if (so_far or 0) < many:
            found.setdefault(pk, []).append((day, many))
    return found


def verdicts(
    engagement: Engagement, *, excluded: Collection[str] = (), day: date | None = None, kind: str = ""
) -> QuerySet[WindowVerdict]:
    """What was found, by day: violations, possible ones and calls into excluded places.

    `kind` names one of these, the unknown ones or the conflicts; a call into an excluded place is no possible one.
    """
    found = WindowVerdict.objects.filter(engagement=engagement).select_related("rules")
    if day is not None:
        found = found.filter(day=day)
    match kind:
        case "violation":
            return found.filter(verdict=Verdict.VIOLATION)
        case "possible":
            return found.filter(verdict=Verdict.POSSIBLE).exclude(place__in=excluded)
        case "place":
            return found.filter(place__in=excluded)
        case "unknown":
            return found.filter(verdict=Verdict.UNKNOWN).exclude(place__in=excluded)
        case "conflict":
            return found.filter(said__contains="points to") | found.filter(said__contains="postal code is of")
    return found.filter(Q(verdict__in=(Verdict.VIOLATION, Verdict.POSSIBLE)) | Q(place__in=excluded))


@dataclass(frozen=True)
class VerdictRow:
    """A verdict with its call and the rules as they read when it was judged."""

    verdict: WindowVerdict
    call: CallRecord
    rules: tuple[Rule, ...]
    excluded: bool = False  # the brief excludes the place

    @property
    def local(self) -> list[tuple[str, datetime]]:
        """The local date and time in each candidate zone."""
        parts = [text.partition(" ") for text in self.verdict.local]
        return [(zone, datetime.fromisoformat(told)) for zone, _, told in parts]

    @property
    def allowed(self) -> list[tuple[str, tuple[Rule, ...]]]:
        """What was allowed on that local day and by which rules: [("09:00–20:00", (the brief, a state's law))]."""
        days = list(dict.fromkeys(told.date() for _, told in self.local)) or [self.call.day]
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            said = " or ".join(dict.fromkeys(rule.said_of(on) for on in days))
            found[said] = (*found.get(said, ()), rule)
        return list(found.items())

    @property
    def why(self) -> str:
        hours = Why(self.verdict.why).label if self.verdict.why else ""
        if not self.excluded:
            return hours
        beyond = f"the brief agrees no calls into {self.place_name}"
        return f"{beyond}; also {hours}" if self.verdict.verdict == Verdict.VIOLATION else beyond

    @property
    def told_by(self) -> str:
        return ZoneSource(self.verdict.zone_source).label

    @property
    def place_name(self) -> str:
        return place_name(self.verdict.place) if self.verdict.place else "place not told"


@dataclass
class _Kept:
    """The rules of the sets that a page names, read once."""

    sets: dict[int, dict[str, Rule]] = field(default_factory=dict)

    def of(self, rules: WindowRules, codes: Iterable[str]) -> tuple[Rule, ...]:
        if rules.pk not in self.sets:
            self.sets[rules.pk] = {kept["code"]: rule_from_json(kept) for kept in rules.content["rules"]}
        return tuple(self.sets[rules.pk][code] for code in codes if code in self.sets[rules.pk])


def with_calls(found: Sequence[WindowVerdict], excluded: Collection[str]) -> list[VerdictRow]:
    """Verdicts with their calls, one query; those whose call was just taken back are left out."""
    calls = CallRecord.objects.select_related("batch", "source", "agent__belongs_to", "disposition").in_bulk(
        [verdict.call for verdict in found]
    )
    kept = _Kept()
    return [
        VerdictRow(each, calls[each.call], kept.of(each.rules, each.broken), each.place in excluded)
        for each in found
        if each.call in calls
    ]


def drops(engagement: Engagement) -> DropHistory:
    """The abandonment rate over rolling 30 days, for each day with calls from the first that tells. One query."""
    judged = list(
        WindowDay.objects.filter(engagement=engagement, calls__gt=0).values_list(
            "day", "answered", "abandoned"
        )
    )
    return DropHistory(tuple(rolling(judged)))


def changes_history(engagement: Engagement, code: str) -> list[WindowChange]:
    """Everything that was said of one rule here, the newest first."""
    return list(WindowChange.objects.filter(engagement=engagement, code=code).order_by("-version"))


Grouped = list[tuple[str, list[Rule]]]


def by_place(engagement: Engagement, rules: Iterable[Rule]) -> tuple[Grouped, Grouped]:
    """Rules by the place that they bind, in their order: ("Florida", [...]); of places called here, then the others.

    Called here is what the brief agrees on and where calls were made; before there is either, every place is.
    One query.
    """
    rules = list(rules)
    counted = WindowCount.objects.filter(engagement=engagement).exclude(place="")
    called = set(counted.values_list("place", flat=True).distinct())
    called |= {rule.place for rule in rules if rule.status is Status.AGREED and rule.place}
    groups: tuple[dict[str, list[Rule]], dict[str, list[Rule]]] = (defaultdict(list), defaultdict(list))
    for rule in rules:
        here = not called or any(rule.binds(place) or part_of(rule.place) == place for place in called)
        groups[not here][rule.place_name].append(rule)
    return list(groups[0].items()), list(groups[1].items())


def any_calls(engagement: Engagement) -> bool:
    """Whether calls are in at all."""
    return CallRecord.objects.filter(engagement=engagement).exists()
