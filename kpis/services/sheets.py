"""Files that are no call logs come in: kept first and looked at, then taken in whole, and taken back whole."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date
from functools import partial
from pathlib import PurePath

from django.db import transaction
from django.db.models import Sum

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import plural
from engagements.models import Engagement
from kpis.imports import facts, store
from kpis.imports.layout import look
from kpis.imports.reading import size
from kpis.models import Sheet, SheetKind
from kpis.sheets import kinds

LARGEST = 10 * 1024 * 1024
QUOTA = 512 * 1024 * 1024
MOST_REFUSED = 500  # rows listed with their reason
MAY = {
    SheetKind.OUTCOMES: Permission.TELL_OUTCOMES,
    SheetKind.ROSTER: Permission.MANAGE_ROSTER,
    SheetKind.TOTALS: Permission.IMPORT_CALLS,
    SheetKind.REVIEWS: Permission.REVIEW_CALLS,
    SheetKind.HOURS: Permission.IMPORT_CALLS,
}


# Rows of these name calls, and a call can come in after the row that tells of it.
AGAIN = (SheetKind.OUTCOMES, SheetKind.REVIEWS)


def kind_of(data: bytes) -> SheetKind | None:
    """What a file is that is no call log, by its header; None for a call log and for what nobody knows."""
    if len(data) > LARGEST:
        return None
    if report := kinds.of_agents(data):
        return report
    try:
        layout = look(data)
    except Refused:
        return None
    return None if layout.preset else kinds.recognised(frozenset(layout.names))


@transaction.atomic
def upload_sheet(
    *, engagement: Engagement, by: Seat, data: bytes, file_name: str, kind: SheetKind
) -> tuple[Sheet, bool]:
    """Keep a file of this kind, not yet taken in. Returns it, and whether it is new: the same file is the same sheet.

    Raises Refused where it cannot be of this kind, or is too large.
    """
    by.require(MAY[kind])
    if len(data) > LARGEST:
        raise Refused(f"The file has {size(len(data))}. The limit is {size(LARGEST)}: split it by month.")
    digest = hashlib.sha256(data).hexdigest()
    same = Sheet.objects.filter(engagement=engagement, kind=kind, sha256=digest, taken_back_at=None)
    if known := same.first():
        return known, False
    # Reading takes as long as whoever wrote the file likes, so nobody may wait for it.
    kinds.check(kind, data)
    facts.lock(engagement.pk)
    if known := same.all().first():
        return known, False
    used = Sheet.objects.filter(engagement=engagement).aggregate(used=Sum("size"))["used"] or 0
    if used + len(data) > QUOTA:
        raise Refused(f"This engagement's files fill the {size(QUOTA)} kept for them.")
    path = store.save_upload(engagement.public_id, data)
    try:
        sheet = Sheet.objects.create(
            engagement=engagement, kind=kind, path=path, sha256=digest, size=len(data), by=by.user,
            file_name=PurePath(file_name.replace("\\", "/")).name[:200] or "file.csv",
            by_name=by.written_name(), at=clock.now(),
        )  # fmt: skip
        trail.record(
            by=by, action="sheet.uploaded", subject=f"{kind.label}, {sheet.file_name}", engagement_id=engagement.pk,
            after={"kind": kind.value, "sha256": digest, "bytes": len(data)},
        )  # fmt: skip
    except BaseException:
        store.remove(path)
        raise
    return sheet, True


@transaction.atomic
def drop_sheet(*, sheet: Sheet, by: Seat) -> None:
    """Throw away a file that was not taken in; the trail keeps that it was there."""
    by.require(MAY[SheetKind(sheet.kind)])
    facts.lock(sheet.engagement_id)
    sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.taken_at:
        raise Refused("What this file says was taken in already. Take it back instead.")
    trail.record(
        by=by, action="sheet.dropped", subject=sheet.file_name, engagement_id=sheet.engagement_id,
        before={"kind": sheet.kind, "sha256": sheet.sha256},
    )  # fmt: skip
    path = sheet.path
    sheet.delete()
    transaction.on_commit(partial(store.remove, path))


def _held(sheet: Sheet, by: Seat, kind: SheetKind) -> Sheet:
    """The file as it stands now, held with the calls of its engagement. Raises Refused for a file of another kind."""
    by.require(MAY[kind])
    facts.lock(sheet.engagement_id)
    held = Sheet.objects.select_for_update(of=("self",)).select_related("engagement").get(pk=sheet.pk)
    if held.kind != kind:
        raise Refused(f"This file is taken for {held.get_kind_display().lower()}.")
    return held


def to_take(sheet: Sheet, by: Seat, kind: SheetKind) -> Sheet:
    """The file held, for its content to be taken in. Raises Refused where that was done or undone before."""
    held = _held(sheet, by, kind)
    if held.taken_back_at:
        raise Refused("This file was taken back. Upload it again to take it in.")
    if held.taken_at and not takes_more(held):
        raise Refused("What this file says is in already.")
    return held


def takes_more(sheet: Sheet) -> bool:
    """Whether rows of a file that is in could not be used then and may be by now, because their calls have come in.

    What the file adds then changes nothing that has been told since.
    """
    return bool(sheet.taken_at and not sheet.taken_back_at and sheet.kind in AGAIN and sheet.refused)


def to_take_back(sheet: Sheet, by: Seat, kind: SheetKind) -> Sheet:
    """The file held, for its content to be withdrawn. Raises Refused where nothing of it is in."""
    held = _held(sheet, by, kind)
    if not held.taken_at or held.taken_back_at:
        raise Refused("Nothing of this file is in.")
    return held


def mark_taken(
    sheet: Sheet,
    by: Seat,
    *,
    kept: int,
    known: int,
    refused: Sequence[tuple[int, str]],
    days: Collection[date],
) -> None:
    """Write down that a file was taken in: what it came to, by whom and when; of one that is in, what it adds."""
    again = sheet.taken_at is not None
    if again:
        days = [*days, *(day for day in (sheet.first_day, sheet.last_day) if day)]
    else:
        sheet.taken_at, sheet.taken_by_name = clock.now(), by.written_name()
    sheet.kept, sheet.known = (sheet.kept or 0) + kept, sheet.known if again else known
    sheet.refused = [[row_no, reason] for row_no, reason in refused[:MOST_REFUSED]]
    if len(refused) > MOST_REFUSED:
        sheet.refused.append([0, f"And {plural(len(refused) - MOST_REFUSED, 'more row')}."])
    sheet.first_day, sheet.last_day = min(days, default=None), max(days, default=None)
    sheet.save()
    trail.record(
        by=by, action="sheet.taken_in", subject=f"{SheetKind(sheet.kind).label}, {sheet.file_name}",
        engagement_id=sheet.engagement_id,
        after={
            "kept": kept, "known": known, "refused": len(refused), "sha256": sheet.sha256,
            **({"again": True} if again else {}),
        },
    )  # fmt: skip


def mark_back(sheet: Sheet, by: Seat) -> None:
    """Write down that a file was taken back, by whom and when."""
    sheet.taken_back_at, sheet.taken_back_by_name = clock.now(), by.written_name()
    sheet.save(update_fields=["taken_back_at", "taken_back_by_name"])
    trail.record(
        by=by, action="sheet.taken_back", subject=f"{sheet.file_name}, {plural(sheet.kept or 0, 'row')}",
        engagement_id=sheet.engagement_id, before={"kept": sheet.kept, "sha256": sheet.sha256},
    )  # fmt: skip
