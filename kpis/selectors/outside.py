"""What files say beside the calls: a dialer's own totals against the calls, and reviews made elsewhere."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date

from django.db.models import Q
from django.db.models.functions import ExtractSecond, TruncMinute

from engagements.models import Agent, Engagement
from engagements.stages import Stage
from kpis.funnel import FACT_COLUMNS
from kpis.imports.keys import SEPARATOR, key
from kpis.imports.presets import PRESETS
from kpis.models import (
    CallRecord,
    DailyFact,
    Import,
    OutsideReview,
    QaCall,
    RosterChange,
    SaidTotal,
    Sheet,
)
from kpis.sheets.which_call import Exactness, Logged, Marks

Counts = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a report says of one day, and which report."""

    day: date
    counts: Counts
    file_name: str
    by: str


def said_by(engagement: Engagement) -> dict[date, Said]:
    """What the newest report that stands says of each day. One query."""
    found = SaidTotal.objects.filter(engagement=engagement, sheet__taken_back_at=None).order_by("pk")
    rows = found.values_list("day", "sheet__file_name", "sheet__taken_by_name", *FACT_COLUMNS)
    return {day: Said(day, tuple(counts), file_name, by) for day, file_name, by, *counts in rows}


def calls_say(engagement: Engagement, days: Collection[date]) -> dict[date, Counts]:
    """What the calls of each of these days come to; None where one of a day's sources cannot tell. One query."""
    facts = DailyFact.objects.filter(engagement=engagement, day__in=list(days)).order_by()
    found: dict[date, Counts] = {}
    for day, *counts in facts.values_list("day", *FACT_COLUMNS):
        held = found.get(day)
        found[day] = tuple(counts) if held is None else tuple(map(_plus, held, counts))
    return found


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


@dataclass(frozen=True, slots=True)
class HeldDay:
    """One day of a report held against the calls: a pair for each count, and whether any differs."""

    said: Said
    pairs: tuple[tuple[int | None, int | None], ...]

    @property
    def differs(self) -> bool:
        return any(says is not None and calls is not None and says != calls for says, calls in self.pairs)

    @property
    def named(self) -> list[tuple[str, tuple[int | None, int | None]]]:
        return [(stage.plural, pair) for stage, pair in zip(Stage, self.pairs, strict=True)]

    @property
    def without_calls(self) -> bool:
        return all(calls is None for _, calls in self.pairs)


def held_against(engagement: Engagement) -> list[HeldDay]:
    """Every day that a report tells of, the newest first, beside what its calls say. Two queries."""
    said = said_by(engagement)
    told = calls_say(engagement, said.keys()) if said else {}
    nothing: Counts = (None,) * len(FACT_COLUMNS)
    return [
        HeldDay(one, tuple(zip(one.counts, told.get(day, nothing), strict=True)))
        for day, one in sorted(said.items(), reverse=True)
    ]


def roster_changes(sheet: Sheet) -> list[RosterChange]:
    """What a roster's file changed, in its order. One query."""
    return list(RosterChange.objects.filter(sheet=sheet).select_related("agent", "entry"))


def standing_reviews(engagement: Engagement) -> dict[int, OutsideReview]:
    """The newest review from a file of each call, of those that were not taken back. One query."""
    found = OutsideReview.objects.filter(engagement=engagement, sheet__taken_back_at=None)
    return {one.call_key: one for one in found.select_related("sheet", "drawn").order_by("pk")}


def calls_of_refs(engagement: Engagement, refs: Iterable[str]) -> dict[str, list[CallRecord]]:
    """The calls of these ids: by key where that is the id's, the drawn ones, else among transfers. Four queries."""
    wanted = set(refs)
    used = Import.objects.filter(engagement=engagement).order_by().values_list("preset", flat=True).distinct()
    by_id = [name for name in used if name and (preset := PRESETS.get(name)) and preset.key == ("call_id",)]
    keys = {key(f"{name}{SEPARATOR}{ref}"): ref for ref in wanted for name in by_id}
    drawn = QaCall.objects.filter(engagement=engagement, call_ref__in=list(wanted))
    keys |= dict(drawn.values_list("call_key", "call_ref"))
    found: dict[str, list[CallRecord]] = {}
    calls = CallRecord.objects.filter(engagement=engagement).select_related("disposition")
    for call in calls.filter(call_key__in=list(keys)):
        found.setdefault(keys[call.call_key], []).append(call)
    for call in calls.filter(depth__gte=3, call_ref__in=list(wanted - found.keys())):
        found.setdefault(call.call_ref, []).append(call)
    return found


def finds_by_id(engagement: Engagement) -> bool:
    """Whether every call that is in can be found by its id: the exports in use tell calls apart by it. One query."""
    used = Import.objects.filter(engagement=engagement).order_by().values_list("preset", flat=True).distinct()
    return all((preset := PRESETS.get(name)) is not None and preset.key == ("call_id",) for name in used)


def calls_near(engagement: Engagement, rows: Sequence[Marks]) -> dict[int, tuple[Logged, CallRecord]]:
    """The calls of the minutes that these rows tell, by key; of days without an hour those of their leads.

    Three queries, over the days of the rows.
    """
    days = {row.called.day for row in rows}
    minutes = {moment.replace(second=0) for row in rows for moment in row.called.moments}
    leads = {row.lead for row in rows if row.lead}
    on_days = CallRecord.objects.filter(engagement=engagement, day__in=days)
    by_lead = {row.lead for row in rows if row.lead and row.called.exact is Exactness.DAY}
    found = list(
        on_days.annotate(minute=TruncMinute("called_at", tzinfo=UTC))
        .filter(Q(minute__in=minutes) | Q(called_at=None, lead_ref__in=leads) | Q(lead_ref__in=by_lead))
        .select_related("agent__belongs_to", "disposition", "batch")
    )
    timed = {call.batch_id for call in found if call.called_at}
    seconds = on_days.annotate(second=ExtractSecond("called_at")).filter(batch__in=timed, second__gt=0)
    exact = set(seconds.order_by().values_list("batch", flat=True).distinct())
    further: dict[int, set[str]] = {}
    for code in Agent.objects.filter(engagement=engagement, belongs_to__isnull=False):
        further.setdefault(code.belongs_to_id or 0, set()).add(code.name)
    return {
        call.call_key: (
            Logged(
                call.call_key, call.day, call.called_at, call.batch_id in exact, _names(call.agent, further),
                call.call_ref, call.phone, call.lead_ref,
            ),
            call,
        )
        for call in found
    }  # fmt: skip


def _names(agent: Agent | None, further: dict[int, set[str]]) -> frozenset[str]:
    """The codes and the name of whoever made a call, in small letters."""
    if agent is None:
        return frozenset()
    person = agent.belongs_to or agent
    names = {agent.name, person.name, str(person), *further.get(person.pk, ())}
    return frozenset(name.casefold() for name in names)
