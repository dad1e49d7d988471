"""Reviews that QA made elsewhere are kept beside the calls: of the sample, or marked as outside of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import day_text
from engagements.models import Engagement
from kpis.imports import store
from kpis.imports.dates import DateOrder
from kpis.models import CallRecord, OutsideReview, QaCall, Sheet, SheetKind
from kpis.selectors.outside import calls_near, calls_of_refs, finds_by_id, standing_reviews
from kpis.sheets import kinds
from kpis.sheets.ahead import Ahead
from kpis.sheets.reviews import Reviewed, read_reviews
from kpis.sheets.which_call import Calls, verdict

from .sheets import mark_back, mark_taken, to_take, to_take_back


@dataclass(frozen=True, slots=True)
class _Found:
    """A review with its call; `by_time` says that it was found by the time and not by its id."""

    row: Reviewed
    call: CallRecord
    drawn: QaCall | None
    by_time: bool


def look_ahead(sheet: Sheet, date_order: str) -> Ahead:
    """What would come of taking reviews in now. Raises Refused where they cannot be read so."""
    fresh, known, refused = _read(sheet, date_order)
    timed = [found for found in fresh if found.by_time]
    return Ahead(
        figures=(
            ("New reviews", len(fresh)),
            ("Of drawn calls", sum(found.drawn is not None for found in fresh)),
            ("Outside of any sample", sum(found.drawn is None for found in fresh)),
            ("Found by their time", len(timed)),
            ("Another disposition heard", sum(_differs(found) for found in fresh)),
            ("Known already", known),
            ("Not usable", len(refused)),
        ),
        refused=refused,
        days=sorted({found.call.day for found in fresh}),
        changes=[
            (f"Line {found.row.row_no}", f"is {_told(found.call, sheet.engagement.zone)}") for found in timed
        ],
        heading="Which call a line means that was found by its time",
        notes=(
            *(
                (f"Times without an offset are read as {sheet.engagement.zone}.",)
                if any(found.row.called for found in fresh) or refused
                else ()
            ),
            "They stand beside the reviews made here and do not count for the sample’s meter.",
        ),
        reasons=()
        if fresh
        else ("Nothing in this file is new: every review is known already, or cannot be used.",),
    )


def _told(call: CallRecord, zone: str) -> str:
    """A call as both sides may read of it: when it was, where it stands, what was recorded."""
    when = day_text(call.day)
    if call.called_at:
        when += f", {call.called_at.astimezone(ZoneInfo(zone)):%H:%M:%S}"
    return f"the call of {when} ({call.batch.file_name}, line {call.row_no:,}), recorded as {call.disposition.code}"


def _differs(found: _Found) -> bool:
    heard = found.row.heard
    return bool(heard) and heard.casefold() != found.call.disposition.code.casefold()


def _read(sheet: Sheet, date_order: str) -> tuple[list[_Found], int, list[tuple[int, str]]]:
    said = DateOrder(date_order) if date_order else None
    engagement = sheet.engagement
    table = kinds.read(SheetKind.REVIEWS, store.read(sheet.path))
    rows, refused = read_reviews(table, said=said, today=clock.today(engagement.zone), zone=engagement.zone)
    meant, unmatched = _matched(engagement, rows)
    refused += unmatched
    drawn = {
        call.call_key: call
        for call in QaCall.objects.filter(
            engagement=engagement, call_key__in=[call.call_key for _, call, _ in meant]
        ).order_by("pk")
    }
    standing = standing_reviews(engagement)
    fresh: list[_Found] = []
    known = 0
    lines: dict[int, int] = {}
    for row, call, by_time in meant:
        if row.on < call.day:
            refused.append((row.row_no, "The review lies before the call."))
            continue
        if (line := lines.setdefault(call.call_key, row.row_no)) != row.row_no:
            refused.append((row.row_no, f"Line {line} of this file means the same call."))
            continue
        before = standing.get(call.call_key)
        says = (row.score, row.heard, row.reviewer, row.on)
        if before and (
            sheet.taken_at or (before.score, before.heard_code, before.reviewer, before.on) == says
        ):
            known += 1
        else:
            fresh.append(_Found(row, call, drawn.get(call.call_key), by_time))
    return fresh, known, sorted(refused)


def _matched(
    engagement: Engagement, rows: Sequence[Reviewed]
) -> tuple[list[tuple[Reviewed, CallRecord, bool]], list[tuple[int, str]]]:
    """The one call of each row, and whether its time told it: by its id where that is known, else by its time.

    Never a guess: a row that fits no call or several comes back with the reason.
    """
    by_id = calls_of_refs(engagement, {row.call for row in rows if row.call})
    marked = [row.marks for row in rows if row.marks and len(by_id.get(row.call, ())) != 1]
    near = calls_near(engagement, marked) if marked else {}
    calls = Calls([logged for logged, _ in near.values()])
    unknown = "No call with this id is in."
    if not finds_by_id(engagement):
        unknown = (
            "No transfer and no drawn call has this id. Others cannot be found by it, for the export does not tell "
            "calls apart by their ids: add the call’s time, called_at, and its agent, number or lead."
        )
    meant, refused = [], []
    for row in rows:
        here = by_id.get(row.call, []) if row.call else []
        if len(here) == 1:
            meant.append((row, here[0], False))
        elif row.marks is None:
            refused.append((row.row_no, f"{len(here)} calls have this id." if here else unknown))
        else:
            fits = calls.fitting(row.marks)
            if why := verdict(row.marks, fits):
                refused.append((row.row_no, why))
            else:
                meant.append((row, near[fits[0].key][1], True))
    return meant, refused


@transaction.atomic
def take_in_reviews(*, sheet: Sheet, by: Seat, date_order: str = "") -> Sheet:
    """Keep the reviews of a file, all or nothing. Raises Refused where nothing is new."""
    sheet = to_take(sheet, by, SheetKind.REVIEWS)
    fresh, known, refused = _read(sheet, date_order)
    if not fresh:
        raise Refused(list(look_ahead(sheet, date_order).reasons))
    OutsideReview.objects.bulk_create(
        OutsideReview(
            engagement=sheet.engagement, sheet=sheet, row_no=one.row.row_no, call_key=one.call.call_key,
            call_ref=one.row.call or one.call.call_ref or f"{one.call.batch}, line {one.call.row_no:,}"[:120],
            drawn=one.drawn, day=one.call.day, score=one.row.score, items=one.row.items, heard_code=one.row.heard,
            recorded_code=one.call.disposition.code, reviewer=one.row.reviewer, on=one.row.on, comment=one.row.comment,
        )
        for one in fresh
    )  # fmt: skip
    sheet.date_order = date_order
    days = [one.call.day for one in fresh]
    mark_taken(sheet, by, kept=len(fresh), known=known, refused=refused, days=days)
    return sheet


@transaction.atomic
def take_back_reviews(*, sheet: Sheet, by: Seat) -> None:
    """Withdraw the reviews of a file: what stood before them stands again."""
    mark_back(to_take_back(sheet, by, SheetKind.REVIEWS), by)
