"""What files say beside the calls: a dialer's own totals against the calls, and reviews made elsewhere."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from engagements.models import Engagement
from engagements.stages import Stage
from kpis.imports.keys import SEPARATOR, key
from kpis.imports.presets import PRESETS
from kpis.models import CallRecord, DailyFact, Import, OutsideReview, QaCall, SaidTotal
from kpis.selectors.numbers import FACT_COLUMNS

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
