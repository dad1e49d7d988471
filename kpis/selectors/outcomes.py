"""What became of transfers: which calls a file means, how many transfers were told of, by which files and links."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from common import clock
from engagements.models import Engagement
from engagements.stages import Stage
from kpis.imports.keys import SEPARATOR, key
from kpis.imports.presets import PRESETS
from kpis.models import CallRecord, CloserLink, Import, Sheet, SheetKind, ToldOutcome
from kpis.sheets.outcomes import Candidate, Matched, Outcome, digits, match

DAYS_SHOWN = 60


def standing(engagement: Engagement, keys: Collection[int] | None = None) -> dict[int, ToldOutcome]:
    """The newest statement that stands on each of these calls, of all where none are named. One query."""
    found = ToldOutcome.objects.filter(engagement=engagement, sheet__taken_back_at=None).order_by("pk")
    if keys is not None:
        found = found.filter(call_key__in=list(keys))
    return {one.call_key: one for one in found}


def matched(engagement: Engagement, rows: list[Outcome]) -> tuple[list[Matched], list[tuple[int, str]]]:
    """The one transfer that each row means, and the rows that mean none or several. Five queries at most."""
    calls = {row.call for row in rows if row.call}
    leads = {row.lead for row in rows if row.lead}
    numbers = {digits(row.phone) for row in rows if row.phone}
    by_call = _grouped(_transfers(engagement).filter(call_ref__in=calls) if calls else (), "call_ref")
    for text, day in _no_transfers(engagement, calls - by_call.keys()):
        by_call.setdefault(text, []).append(Candidate(0, day, transferred=False))
    by_lead = _grouped(_transfers(engagement).filter(lead_ref__in=leads) if leads else (), "lead_ref")
    by_phone: dict[str, list[Candidate]] = {}
    if numbers:
        for phone, call_key, day in (
            _transfers(engagement).exclude(phone="").values_list("phone", "call_key", "day")
        ):
            if (found := digits(phone)) in numbers:
                by_phone.setdefault(found, []).append(Candidate(call_key, day, transferred=True))
    return match(rows, by_call=by_call, by_lead=by_lead, by_phone=by_phone)


def _transfers(engagement: Engagement) -> QuerySet[CallRecord]:
    return CallRecord.objects.filter(engagement=engagement, depth__gte=Stage.TRANSFER)


def _grouped(calls: QuerySet[CallRecord] | tuple[()], field: str) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    if isinstance(calls, QuerySet):
        for text, call_key, day in calls.values_list(field, "call_key", "day"):
            found.setdefault(text, []).append(Candidate(call_key, day, transferred=True))
    return found


def _no_transfers(engagement: Engagement, calls: Iterable[str]) -> list[tuple[str, date]]:
    """Calls of these ids that are in and are no transfers; only of exports whose key is the call's id."""
    used = Import.objects.filter(engagement=engagement).order_by().values_list("preset", flat=True).distinct()
    by_id = [name for name in used if name and (preset := PRESETS.get(name)) and preset.key == ("call_id",)]
    keys = {key(f"{name}{SEPARATOR}{text}"): text for text in calls for name in by_id}
    if not keys:
        return []
    found = CallRecord.objects.filter(engagement=engagement, call_key__in=list(keys))
    return [(keys[call_key], day) for call_key, day in found.values_list("call_key", "day")]


@dataclass(frozen=True, slots=True)
class ToldDay:
    """The transfers of one day: how many there are, how many were told of, and what they came to."""

    day: date
    transfers: int
    told: int
    shown: int
    closed: int


@dataclass(frozen=True, slots=True)
class ToldMeter:
    """Transfers in all, those that somebody told of later, what these came to, and the sum of their amounts."""

    transfers: int
    told: int
    shown: int
    closed: int
    value: Decimal | None


def told_days(engagement: Engagement) -> list[ToldDay]:
    """The days with transfers, the newest first. One query."""
    spoken = _standing_of(OuterRef("engagement"), OuterRef("call_key"))
    rows = (
        _transfers(engagement)
        .order_by()
        .annotate(is_told=Exists(spoken))
        .values("day")
        .annotate(
            transfers=Count("pk"),
            told=Count("pk", filter=Q(is_told=True)),
            shown=Count("pk", filter=Q(is_told=True, depth__gte=Stage.SHOW)),
            closed=Count("pk", filter=Q(is_told=True, depth__gte=Stage.CLOSE)),
        )
        .order_by("-day")
    )
    return [ToldDay(row["day"], row["transfers"], row["told"], row["shown"], row["closed"]) for row in rows]


def _standing_of(engagement: OuterRef, call_key: OuterRef) -> QuerySet[ToldOutcome]:
    return ToldOutcome.objects.filter(
        engagement=engagement, call_key=call_key, sheet__taken_back_at=None
    ).order_by("-pk")


def meter(engagement: Engagement, days: Iterable[ToldDay]) -> ToldMeter:
    """The days together, with the amounts of the closes that stand. One query."""
    days = list(days)
    newer = _standing_of(OuterRef("engagement"), OuterRef("call_key")).filter(pk__gt=OuterRef("pk"))
    closes = ToldOutcome.objects.filter(engagement=engagement, stage=Stage.CLOSE, sheet__taken_back_at=None)
    value = closes.filter(~Exists(newer)).aggregate(total=Sum("value"))["total"]
    return ToldMeter(
        transfers=sum(day.transfers for day in days),
        told=sum(day.told for day in days),
        shown=sum(day.shown for day in days),
        closed=sum(day.closed for day in days),
        value=value,
    )


def sheets(engagement: Engagement, kind: SheetKind | None = None) -> QuerySet[Sheet]:
    """The files of an engagement that are no call logs, the newest first."""
    found = Sheet.objects.filter(engagement=engagement)
    return found.filter(kind=kind) if kind else found


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A closer's link with what was written by it, and whether it works."""

    link: CloserLink
    told: int
    last_told: datetime | None
    works: bool


def links(engagement: Engagement) -> list[ShownLink]:
    """Every closer's link, the newest first. One query."""
    now = clock.now()
    found = CloserLink.objects.filter(engagement=engagement).annotate(
        told=Count("outcomes"), last_told=Max("outcomes__at")
    )
    return [
        ShownLink(link, link.told, link.last_told, works=link.revoked_at is None and link.expires_at > now)
        for link in found
    ]


def closers(engagement: Engagement) -> list[str]:
    """The names under which calls say who took a transfer over, in the alphabet's order. One query."""
    found = _transfers(engagement).exclude(closer="").order_by("closer").values_list("closer", flat=True)
    return list(found.distinct()[:200])
