"""Reviews that QA made elsewhere are kept beside the calls: of the sample, or marked as outside of it."""

from django.db import transaction

from accounts.seat import Seat
from common import clock
from common.errors import Refused
from kpis.imports import store
from kpis.imports.dates import DateOrder
from kpis.models import CallRecord, OutsideReview, QaCall, Sheet, SheetKind
from kpis.selectors.outside import calls_of_refs, standing_reviews
from kpis.sheets import kinds
from kpis.sheets.ahead import Ahead
from kpis.sheets.reviews import Reviewed, read_reviews

from .sheets import mark_back, mark_taken, to_take, to_take_back

Found = tuple[Reviewed, CallRecord, QaCall | None]


def look_ahead(sheet: Sheet, date_order: str) -> Ahead:
    """What would come of taking reviews in now. Raises Refused where they cannot be read so."""
    fresh, known, refused = _read(sheet, date_order)
    return Ahead(
        figures=(
            ("New reviews", len(fresh)),
            ("Of drawn calls", sum(drawn is not None for _, _, drawn in fresh)),
            ("Outside of any sample", sum(drawn is None for _, _, drawn in fresh)),
            ("Another disposition heard", sum(_differs(row, call) for row, call, _ in fresh)),
            ("Known already", known),
            ("Not usable", len(refused)),
        ),
        refused=refused,
        days=sorted({call.day for _, call, _ in fresh}),
        notes=("They stand beside the reviews made here and do not count for the sample’s meter.",),
        reasons=()
        if fresh
        else ("Nothing in this file is new: every review is known already, or cannot be used.",),
    )


def _differs(row: Reviewed, call: CallRecord) -> bool:
    return bool(row.heard) and row.heard.casefold() != call.disposition.code.casefold()


def _read(sheet: Sheet, date_order: str) -> tuple[list[Found], int, list[tuple[int, str]]]:
    said = DateOrder(date_order) if date_order else None
    engagement = sheet.engagement
    table = kinds.read(SheetKind.REVIEWS, store.read(sheet.path))
    rows, refused = read_reviews(table, said=said, today=clock.today(engagement.zone))
    calls = calls_of_refs(engagement, {row.call for row in rows})
    drawn = {
        call.call_key: call
        for call in QaCall.objects.filter(
            engagement=engagement, call_key__in=[one.call_key for found in calls.values() for one in found]
        ).order_by("pk")
    }
    standing = standing_reviews(engagement)
    fresh: list[Found] = []
    known = 0
    for row in rows:
        found = calls.get(row.call, [])
        if len(found) != 1:
            refused.append(
                (row.row_no, f"{len(found)} calls have this id." if found else "No call with this id is in.")
            )
            continue
        call = found[0]
        if row.on < call.day:
            refused.append((row.row_no, "The review lies before the call."))
            continue
        before = standing.get(call.call_key)
        says = (row.score, row.heard, row.reviewer, row.on)
        if before and (before.score, before.heard_code, before.reviewer, before.on) == says:
            known += 1
        else:
            fresh.append((row, call, drawn.get(call.call_key)))
    return fresh, known, sorted(refused)


@transaction.atomic
def take_in_reviews(*, sheet: Sheet, by: Seat, date_order: str = "") -> Sheet:
    """Keep the reviews of a file, all or nothing. Raises Refused where nothing is new."""
    sheet = to_take(sheet, by, SheetKind.REVIEWS)
    fresh, known, refused = _read(sheet, date_order)
    if not fresh:
        raise Refused(list(look_ahead(sheet, date_order).reasons))
    OutsideReview.objects.bulk_create(
        OutsideReview(
            engagement=sheet.engagement, sheet=sheet, row_no=row.row_no, call_key=call.call_key, call_ref=row.call,
            drawn=drawn, day=call.day, score=row.score, items=row.items, heard_code=row.heard,
            recorded_code=call.disposition.code, reviewer=row.reviewer, on=row.on, comment=row.comment,
        )
        for row, call, drawn in fresh
    )  # fmt: skip
    sheet.date_order = date_order
    days = [call.day for _, call, _ in fresh]
    mark_taken(sheet, by, kept=len(fresh), known=known, refused=refused, days=days)
    return sheet


@transaction.atomic
def take_back_reviews(*, sheet: Sheet, by: Seat) -> None:
    """Withdraw the reviews of a file: what stood before them stands again."""
    mark_back(to_take_back(sheet, by, SheetKind.REVIEWS), by)
