"""Proof that the sums equal the rows: a second count that shares nothing with the first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from engagements.models import Agent, Engagement
from engagements.stages import Stage
from kpis.funnel import FACT_COLUMNS
from kpis.models import (
    AgentFact,
    AgentTalk,
    AttemptFact,
    CallRecord,
    CodeFact,
    DailyFact,
    Disposition,
    HourFact,
    HourWait,
    Import,
    LeadSource,
    SourceTalk,
    SourceWait,
    ToldOutcome,
    UseFact,
)
from kpis.talks import step as talk_step
from kpis.waits import step

SUMS = (*FACT_COLUMNS, "calls", "talk_s", "talked", "wrap_s", "wrapped")
Group = tuple[date | int | None, ...]
Sums = tuple[int | None, ...]
# Each table with its keys, the day first, and what a group is called.
Rollup = type[DailyFact | HourFact | AgentFact | CodeFact | UseFact | AttemptFact]
ROLLUPS: tuple[tuple[Rollup, tuple[str, ...]], ...] = (
    (DailyFact, ("day", "source_id")),
    (HourFact, ("day", "hour")),
    (AgentFact, ("day", "agent_id")),
    (CodeFact, ("day", "batch_id", "source_id", "disposition_id")),
    (UseFact, ("day", "agent_id", "disposition_id")),
    (AttemptFact, ("day", "attempt")),
)
NAMES: Mapping[str, tuple[str, type[LeadSource | Agent | Disposition | Import], str]] = {
    "source_id": ("lead source", LeadSource, "name"),
    "agent_id": ("agent", Agent, "name"),
    "disposition_id": ("code", Disposition, "code"),
    "batch_id": ("file", Import, "file_name"),
}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A sum that says something else than the rows; None is a stage or a sum that is not there."""

    day: date
    group: str
    column: str
    stored: int | None
    counted: int | None


@dataclass(frozen=True, slots=True)
class FactCheck:
    """What a comparison came to: how many sums, how many dials in the rows, and where the two differ."""

    facts: int
    dials: int
    mismatches: tuple[Mismatch, ...]


def check_facts(engagement: Engagement) -> FactCheck:
    """Count every call row of an engagement again and compare with each of its rollups."""
    told = {
        pk: frozenset(measures) | {Stage.DIAL.key}
        for pk, measures in Import.objects.filter(engagement=engagement).values_list("pk", "measures")
    }
    heard = _heard(engagement, told)
    names = {
        key: dict(model.objects.filter(engagement=engagement).values_list("pk", field))
        for key, (_, model, field) in NAMES.items()
    }
    nothing: Sums = (None,) * len(SUMS)
    found: list[Mismatch] = []
    facts, dials = 0, 0
    for model, keys in ROLLUPS:
        rows = model.objects.filter(engagement=engagement).order_by().values_list(*keys, *SUMS)
        stored = {row[: len(keys)]: row[len(keys) :] for row in rows}
        counted = _counted(engagement, keys, told, heard)
        facts += len(stored)
        dials = sum(sums[0] or 0 for sums in counted.values())
        for group in sorted(stored.keys() | counted.keys(), key=_order):
            before, now = stored.get(group, nothing), counted.get(group, nothing)
            if before != now:
                found += _differing(group, _called(keys, group, names), before, now)
    waits, differing = _check_waits(engagement, names)
    talks, spoken = _check_talks(engagement, names)
    return FactCheck(facts + waits + talks, dials, (*found, *differing, *spoken))


def _check_talks(
    engagement: Engagement, names: Mapping[str, Mapping[int, str]]
) -> tuple[int, list[Mismatch]]:
    """How many counts of talk times there are, and where they differ from the calls: every call walked."""
    counted: tuple[Counter[Group], Counter[Group]] = (Counter(), Counter())
    calls = CallRecord.objects.filter(engagement=engagement, talk_s__isnull=False).order_by()
    for day, source, agent, seconds in calls.values_list("day", "source_id", "agent_id", "talk_s").iterator(
        chunk_size=20_000
    ):
        counted[0][day, source, seconds] += 1
        counted[1][day, agent, talk_step(seconds or 0)] += 1
    rows = 0
    found: list[Mismatch] = []
    for own, model, keys in (
        (counted[0], SourceTalk, ("day", "source_id")), (counted[1], AgentTalk, ("day", "agent_id")),
    ):  # fmt: skip
        kept = model.objects.filter(engagement=engagement).order_by().values_list(*keys, "seconds", "calls")
        stored = {row[:3]: row[3] for row in kept}
        rows += len(stored)
        for group in sorted(stored.keys() | own.keys(), key=_order):
            if stored.get(group) != own.get(group):
                called = f"{_called(keys, group[:2], names)}, talk of {group[2]} s"
                found += _differing(group, called, (stored.get(group),), (own.get(group),), ("calls",))
    return rows, found


def _check_waits(
    engagement: Engagement, names: Mapping[str, Mapping[int, str]]
) -> tuple[int, list[Mismatch]]:
    """How many sums there are of how long leads waited, and where they differ from the calls."""
    by_source, by_hour = _waited(engagement)
    rows = 0
    found: list[Mismatch] = []
    for counted, model, keys in (
        (by_source, SourceWait, ("day", "source_id")), (by_hour, HourWait, ("day", "hour")),
    ):  # fmt: skip
        kept = model.objects.filter(engagement=engagement).order_by().values_list(*keys, "wait", "leads")
        stored = {row[:3]: row[3] for row in kept}
        rows += len(stored)
        for group in sorted(stored.keys() | counted.keys(), key=_order):
            if stored.get(group) != counted.get(group):
                called = f"{_called(keys, group[:2], names)}, wait {group[2]}"
                found += _differing(group, called, (stored.get(group),), (counted.get(group),), ("leads",))
    return rows, found


def _waited(engagement: Engagement) -> tuple[Counter[Group], Counter[Group]]:
    """The leads by day, source and wait, and by day, hour and wait: every call walked in the order of time."""
    by_source: Counter[Group] = Counter()
    by_hour: Counter[Group] = Counter()
    if not Import.objects.filter(engagement=engagement, tells_waits=True).exists():
        return by_source, by_hour
    zone = ZoneInfo(engagement.zone)
    seen = {""}
    calls = CallRecord.objects.filter(engagement=engagement, called_at__isnull=False).values_list(
        "lead_ref", "phone", "called_at", "day", "source_id", "lead_created_at", "attempt"
    )
    ordered = calls.order_by("called_at", "call_key").iterator(chunk_size=20_000)
    for lead, phone, called_at, day, source, came_in, attempt in ordered:
        if called_at is None or (lead or phone) in seen:
            continue
        seen.add(lead or phone)
        wait = step((called_at - came_in).total_seconds() if came_in and attempt in (None, 1) else None)
        by_source[day, source, wait] += 1
        by_hour[day, came_in.astimezone(zone).hour if came_in else None, wait] += 1
    return by_source, by_hour


def _order(group: Group) -> list[str]:
    """By day, then what has no source, agent or hour first."""
    return ["" if part is None else f"{part!s:>20}" for part in group]


def _differing(
    group: Group, called: str, before: Sums, now: Sums, columns: tuple[str, ...] = SUMS
) -> Iterable[Mismatch]:
    for column, stored, counted in zip(columns, before, now, strict=True):
        if stored != counted:
            assert isinstance(group[0], date)  # noqa: S101  the day stands first in every rollup
            yield Mismatch(group[0], called, column, stored, counted)


def _called(keys: tuple[str, ...], group: Group, names: Mapping[str, Mapping[int, str]]) -> str:
    """The group without its day, in words."""
    said = []
    for key, value in list(zip(keys, group, strict=True))[1:]:
        if key == "hour":
            said.append("rows without a time" if value is None else f"hour {value}")
        elif value is None:
            said.append(f"rows without {NAMES[key][0]}")
        else:
            said.append(f"{NAMES[key][0]} “{names[key].get(int(str(value)), value)}”")
    return ", ".join(said)


def _heard(
    engagement: Engagement, told: Mapping[int, frozenset[str]]
) -> dict[tuple[int, date], frozenset[str]]:
    """What a file tells on a day beyond its codes: shows and closes, once every transfer of it was told of."""
    said = ToldOutcome.objects.filter(engagement=engagement, sheet__taken_back_at=None).order_by("pk")
    standing: dict[int, bool] = dict(said.values_list("call_key", "tells_close"))
    if not standing:
        return {}
    found: dict[tuple[int, date], list[tuple[bool, bool, bool]]] = {}
    calls = CallRecord.objects.filter(engagement=engagement, depth__gte=Stage.TRANSFER)
    for batch, day, key, depth in calls.values_list("batch_id", "day", "call_key", "depth").iterator():
        if Stage.TRANSFER.key in told[batch]:
            shown = depth >= Stage.SHOW or key in standing
            closed = depth >= Stage.CLOSE or standing.get(key, False)
            found.setdefault((batch, day), []).append((key in standing, shown, closed))
    return {
        place: frozenset(
            stage.key
            for stage, known in (
                (Stage.SHOW, all(shown for _, shown, _ in rows)),
                (Stage.CLOSE, all(closed for _, _, closed in rows)),
            )
            if known
        )
        for place, rows in found.items()
        if any(named for named, _, _ in rows)
    }


def _counted(
    engagement: Engagement,
    keys: tuple[str, ...],
    told: Mapping[int, frozenset[str]],
    heard: Mapping[tuple[int, date], frozenset[str]],
) -> dict[Group, Sums]:
    """The sums as the rows say them: per file first, then put together where every file knows the stage."""
    reached = {
        f"reached_{stage.value}": Count("pk", filter=Q(depth__gte=stage))
        for stage in Stage
        if stage.before is not None
    }
    fields = keys if "batch_id" in keys else (*keys, "batch_id")
    groups = (
        CallRecord.objects.filter(engagement=engagement)
        .order_by()
        .values_list(*fields)
        .annotate(
            dialled=Sum("dials"),
            **reached,
            rows=Count("pk"),
            spoken=Coalesce(Sum("talk_s"), 0),
            timed=Count("talk_s"),
            wrapping=Coalesce(Sum("wrap_s"), 0),
            wrapped=Count("wrap_s"),
        )
    )
    found: dict[Group, Sums] = {}
    for row in groups:
        group, batch, values = row[: len(keys)], row[fields.index("batch_id")], row[len(fields) :]
        tells = told[batch] | heard.get((batch, row[0]), frozenset())
        known = [value if stage.key in tells else None for stage, value in zip(Stage, values, strict=False)]
        sums = (*known, *values[len(Stage) :])
        before = found.get(group)
        found[group] = sums if before is None else tuple(map(_plus, before, sums))
    return found


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
