"""A dialer's own totals of each day are kept beside the calls, to be checked against them."""

from django.db import transaction

from accounts.seat import Seat
from common import clock
from common.errors import Refused
from kpis.imports import store
from kpis.imports.dates import DateOrder
from kpis.models import SaidTotal, Sheet, SheetKind
from kpis.selectors.outside import calls_say, said_by
from kpis.sheets import kinds
from kpis.sheets.ahead import Ahead
from kpis.sheets.totals import COUNTS, SaidDay, read_said

from .sheets import mark_back, mark_taken, to_take, to_take_back


def look_ahead(sheet: Sheet, date_order: str) -> Ahead:
    """What would come of taking a report in now. Raises Refused where it cannot be read so."""
    fresh, known, refused = _read(sheet, date_order)
    told = calls_say(sheet.engagement, [one.day for one in fresh])
    differing = [
        (f"{one.day.isoformat()}, {name}", f"says {says:,}, calls say {calls:,}")
        for one in fresh
        if one.day in told
        for name, says, calls in zip(COUNTS, one.counts, told[one.day], strict=True)
        if says is not None and calls is not None and says != calls
    ]
    return Ahead(
        figures=(
            ("Days that say something new", len(fresh)),
            ("Known already", known),
            ("Not usable", len(refused)),
            ("Days without calls here", sum(one.day not in told for one in fresh)),
            ("Counts that differ from the calls", len(differing)),
        ),
        refused=refused,
        days=[one.day for one in fresh],
        changes=differing,
        notes=("Totals are checked against the calls and change none of them.",),
        reasons=()
        if fresh
        else ("Nothing in this file is new: every day is known already, or cannot be used.",),
    )


def _read(sheet: Sheet, date_order: str) -> tuple[list[SaidDay], int, list[tuple[int, str]]]:
    said = DateOrder(date_order) if date_order else None
    engagement = sheet.engagement
    table = kinds.read(SheetKind.TOTALS, store.read(sheet.path))
    days, refused = read_said(
        table, said=said, first=engagement.kickoff_on, today=clock.today(engagement.zone)
    )
    standing = said_by(engagement)
    fresh = [
        one
        for one in sorted(days, key=lambda one: one.day)
        if one.day not in standing or standing[one.day].counts != one.counts
    ]
    return fresh, len(days) - len(fresh), refused


@transaction.atomic
def take_in_totals(*, sheet: Sheet, by: Seat, date_order: str = "") -> Sheet:
    """Keep what a report says of each day, all or nothing. Raises Refused where nothing is new."""
    sheet = to_take(sheet, by, SheetKind.TOTALS)
    fresh, known, refused = _read(sheet, date_order)
    if not fresh:
        raise Refused(list(look_ahead(sheet, date_order).reasons))
    SaidTotal.objects.bulk_create(
        SaidTotal(
            engagement=sheet.engagement, sheet=sheet, row_no=one.row_no, day=one.day,
            **dict(zip(COUNTS, one.counts, strict=True)),
        )
        for one in fresh
    )  # fmt: skip
    sheet.date_order = date_order
    mark_taken(sheet, by, kept=len(fresh), known=known, refused=refused, days=[one.day for one in fresh])
    return sheet


@transaction.atomic
def take_back_totals(*, sheet: Sheet, by: Seat) -> None:
    """Withdraw what a report said: what stood before it stands again."""
    mark_back(to_take_back(sheet, by, SheetKind.TOTALS), by)
