"""The verdicts on calls by their windows as pages read them, and how many calls were abandoned."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import (
    Q,
    QuerySet,
    Sum,
)

from common.days import Calendar
from common.wording import joined
from engagements.models import Engagement
from kpis.models import (
    CallRecord,
    WindowCount,
    WindowDay,
    WindowRules,
    WindowVerdict,
)
from kpis.selectors.window_days import FIRST_LIVE, LAST_SUPERVISED
from kpis.selectors.window_rules import excluded_places
from kpis.windows.drops import DropHistory, rolling
from kpis.windows.places import place_name
from kpis.windows.rules import (
    Rule,
    rule_from_json,
)
from kpis.windows.verdict import Verdict, Why
from kpis.windows.zones import ZoneSource

PAGE_SIZE = 50


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


def any_calls(engagement: Engagement) -> bool:
    """Whether calls are in at all."""
    return CallRecord.objects.filter(engagement=engagement).exists()
