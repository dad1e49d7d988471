"""What became of transfers is taken in, by a file or by a closer's link, and the figures follow at once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import plural
from engagements.models import Engagement
from engagements.stages import Stage
from kpis.imports import facts, heard, store
from kpis.imports.dates import DateOrder
from kpis.imports.restating import restating
from kpis.models import CloserLink, RestatedBy, Sheet, SheetKind, ToldOutcome
from kpis.selectors import outcomes as reads
from kpis.sheets import kinds
from kpis.sheets.ahead import Ahead
from kpis.sheets.outcomes import Matched, read_outcomes

from .sheets import mark_back, mark_taken, to_take, to_take_back


def look_ahead(sheet: Sheet, date_order: str) -> Ahead:
    """What would come of taking a file in now. Raises Refused where it cannot be read so."""
    found = _read(sheet, date_order)
    told = [*found.fresh, *found.changed]
    reasons = []
    if not told:
        reasons = [
            "Nothing in this file is new: every row is known already, or cannot be used."
            if found.known
            else "No row of this file can be used."
        ]
    return Ahead(
        figures=(
            ("Rows", found.rows),
            ("New outcomes", len(found.fresh)),
            ("Changes of what was told", len(found.changed)),
            ("Known already", found.known),
            ("Not usable", len(found.refused)),
            ("Shown among them", sum(one.row.stage >= Stage.SHOW for one in told)),
            ("Closed among them", sum(one.row.stage >= Stage.CLOSE for one in told)),
        ),
        refused=found.refused,
        days=sorted({one.day for one in told}),
        reasons=reasons,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A file against what stands: rows that say something new, that change it, that are known, that cannot be used."""

    rows: int
    fresh: list[Matched]
    changed: list[Matched]
    known: int
    refused: list[tuple[int, str]]


def _read(sheet: Sheet, date_order: str) -> _Read:
    said = DateOrder(date_order) if date_order else None
    engagement = sheet.engagement
    table = kinds.read(SheetKind.OUTCOMES, store.read(sheet.path))
    rows, refused = read_outcomes(table, said=said, today=clock.today(engagement.zone), zone=engagement.zone)
    found, unmatched = reads.matched(engagement, rows)
    standing = reads.standing(engagement, {one.key for one in found})
    fresh, changed, known = [], [], len(rows) - len(found) - len(unmatched)
    for one in found:
        before = standing.get(one.key)
        if before is None:
            fresh.append(one)
        elif _says(before, one):
            known += 1
        elif sheet.taken_at:
            known += 1  # what was told since this file came in stands
        else:
            changed.append(one)
    return _Read(len(table.rows) + len(table.bad), fresh, changed, known, sorted([*refused, *unmatched]))


def _says(before: ToldOutcome, one: Matched) -> bool:
    """Whether a row adds nothing to what stands: the same, or a show of a call that was closed since."""
    row = one.row
    if before.stage == Stage.CLOSE and row.stage is Stage.SHOW and not row.final:
        return True
    return (before.stage, before.on, before.value) == (row.stage, row.on, row.value) and (
        before.tells_close or not row.tells_close
    )


@transaction.atomic
def take_in_outcomes(*, sheet: Sheet, by: Seat, date_order: str = "") -> Sheet:
    """Take in what a file says, all or nothing; the figures of its days follow. Raises Refused where nothing is new."""
    sheet = to_take(sheet, by, SheetKind.OUTCOMES)
    if reasons := look_ahead(sheet, date_order).reasons:
        raise Refused(list(reasons))
    found = _read(sheet, date_order)
    told = [*found.fresh, *found.changed]
    now = clock.now()
    rows = [
        ToldOutcome(
            engagement=sheet.engagement, call_key=one.key, stage=one.row.stage, tells_close=one.row.tells_close,
            on=one.row.on, value=one.row.value, sheet=sheet, row_no=one.row.row_no, by=by.user,
            by_name=by.written_name(), at=now,
        )
        for one in told
    ]  # fmt: skip
    sheet.date_order = date_order
    _write(sheet.engagement, by, rows, subject=sheet.file_name, sha256=sheet.sha256)
    days = sorted({one.day for one in told})
    mark_taken(sheet, by, kept=len(told), known=found.known, refused=found.refused, days=days)
    return sheet


@transaction.atomic
def take_back_outcomes(*, sheet: Sheet, by: Seat) -> None:
    """Withdraw all that a file said: what stood before it stands again, and the figures follow."""
    sheet = to_take_back(sheet, by, SheetKind.OUTCOMES)
    keys = list(ToldOutcome.objects.filter(sheet=sheet).values_list("call_key", flat=True))
    with restating(
        engagement_id=sheet.engagement_id,
        by=by,
        cause=RestatedBy.WITHDRAWN,
        subject=sheet.file_name,
        sha256=sheet.sha256,
    ):
        mark_back(sheet, by)
        _follow(sheet.engagement_id, keys)


@dataclass(frozen=True, slots=True)
class Told:
    """What a closer says of one transfer. `seen` is the statement that the page showed, 0 for none."""

    key: int
    stage: Stage
    on: date
    value: Decimal | None = None
    seen: int = 0


def tell(
    *, engagement: Engagement, by: Seat, link: CloserLink, said: Sequence[Told], days: dict[int, date]
) -> int:
    """Write down what the holder of a link says of these transfers; return how many say something new.

    `days` are the transfers that the link is about, with the day of each. Hold `facts.lock`. Raises Refused with what
    is wrong, all of it or nothing.
    """
    standing = reads.standing(engagement, {one.key for one in said})
    today, now = clock.today(engagement.zone), clock.now()
    rows: list[ToldOutcome] = []
    for one in said:
        before = standing.get(one.key)
        if one.key not in days:
            raise Refused(
                "One of these transfers is not among those of this link any more. Look at the list again."
            )
        if not days[one.key] <= one.on <= today:
            raise Refused("A date lies between the call and today.")
        if before and (before.stage, before.on, before.value) == (one.stage, one.on, one.value):
            continue
        if (before.pk if before else 0) != one.seen:
            raise Refused(
                "Somebody has told of one of these since this page was loaded. Look at the list again."
            )
        rows.append(
            ToldOutcome(
                engagement=engagement, call_key=one.key, stage=one.stage, tells_close=True, on=one.on, value=one.value,
                link=link, by=by.user, by_name=by.written_name(), at=now,
            )
        )  # fmt: skip
    if rows:
        subject = f"{link.name}, {plural(len(rows), 'transfer')}"
        _write(engagement, by, rows, subject=subject)
    return len(rows)


def _write(
    engagement: Engagement, by: Seat, rows: Collection[ToldOutcome], *, subject: str, sha256: str = ""
) -> None:
    cause = RestatedBy.OUTCOMES
    with restating(engagement_id=engagement.pk, by=by, cause=cause, subject=subject, sha256=sha256):
        ToldOutcome.objects.bulk_create(rows, batch_size=5_000)
        _follow(engagement.pk, [row.call_key for row in rows])


def _follow(engagement_id: int, keys: Collection[int]) -> None:
    """The calls as deep as the statements that stand, and the sums of their days equal to them."""
    if days := heard.apply(engagement_id, keys):
        facts.refresh(engagement_id, days)
