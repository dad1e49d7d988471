"""Everything that changes an engagement's calls: upload, start, write, take back."""

import hashlib
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

import polars as pl
from django.db import transaction
from django.db.models import Max, Min, Sum

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock, zones
from common.days import SETUP_DAYS
from common.errors import Refused
from common.hashing import content_hash
from common.wording import plural
from engagements.models import Engagement
from kpis.models import Baseline, CallRecord, CodeFact, Import, RestatedBy
from tenancy import jobs
from tenancy.models import JobState

from . import breaches, facts, store, talks, waits
from .checks import Span
from .codes import code_map
from .dates import DateOrder
from .layout import header_of, look
from .leaning import InUse, places_of
from .mapped import named, preset_of, recognised
from .notes import notes
from .presets import Preset, missing_columns
from .reading import MAX_PACKED, read_text, size
from .rejects import rejects_csv, summary
from .restating import restating
from .result import Parsed, Settings
from .writing import insert_calls

HANDLER = "kpis.import"
QUOTA = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Task:
    """A file ready to be read: its bytes and how to read them."""

    batch: Import
    data: bytes
    settings: Settings


@transaction.atomic
def upload(*, engagement: Engagement, by: Seat, data: bytes, file_name: str) -> tuple[Import, bool]:
    """Keep an uploaded call log, not yet read. Returns it, and whether it is new: the same file is the same import.

    Raises Refused when the bytes are no call log, or when the engagement's room for files is used up.
    """
    by.require(Permission.IMPORT_CALLS)
    if len(data) > MAX_PACKED:
        raise Refused(
            f"The file has {size(len(data))}. The limit is {size(MAX_PACKED)}: split it, or pack it with gzip."
        )
    digest = hashlib.sha256(data).hexdigest()
    same = Import.objects.filter(engagement=engagement, sha256=digest).order_by("pk")
    if known := same.first():
        return known, False
    # Reading takes as long as whoever wrote the file likes, so nobody may wait for it.
    layout = look(data)
    facts.lock(engagement.pk)
    if known := same.all().first():
        return known, False
    used = Import.objects.filter(engagement=engagement).aggregate(used=Sum("size"))["used"] or 0
    if used + len(data) > QUOTA:
        raise Refused(
            f"This engagement's call logs fill the {size(QUOTA)} kept for it. Remove imports not needed."
        )
    preset = recognised(engagement, layout)
    path = store.save_upload(engagement.public_id, data)
    try:
        batch = Import.objects.create(
            engagement=engagement,
            preset=preset.name if preset else "",
            source_zone=(preset and preset.zone) or "",
            file_name=PurePath(file_name.replace("\\", "/")).name[:200] or "calls.csv",
            path=path,
            sha256=digest,
            size=len(data),
            created_by=by.user,
        )
        trail.record(
            by=by,
            action="import.uploaded",
            subject=batch.file_name,
            engagement_id=engagement.pk,
            after={"sha256": digest, "bytes": len(data)},
        )
    except BaseException:
        store.remove(path)
        raise
    return batch, True


@transaction.atomic
def start(*, batch: Import, by: Seat, preset: str, source_zone: str, date_order: str = "") -> Import:
    """Have the file read in the background with this preset, its times being written in `source_zone`.

    `date_order` is needed where dates of figures alone do not tell whether the day or the month comes first.

    Also runs a failed reading again, and reads a file again whose codes have been given a meaning since. Raises
    Refused when the file does not fit, when it is being read, and when nothing could come of it.
    """
    by.require(Permission.IMPORT_CALLS)
    batch = (
        Import.objects.select_for_update(of=("self",)).select_related("engagement", "job").get(pk=batch.pk)
    )
    known = named(batch.engagement, preset)
    if known is None:
        raise Refused("Say which export this file is.")
    if known.utc:
        source_zone = zones.UTC
    if reasons := _not_now(batch, known, source_zone):
        raise Refused(reasons)
    batch.preset, batch.source_zone, batch.date_order = preset, source_zone, date_order
    decides = content_hash(
        [
            preset,
            source_zone,
            date_order,
            code_map(batch.engagement, known).outcomes,
            batch.engagement.kickoff_on,
        ]
    )
    batch.job = jobs.enqueue(
        handler=HANDLER,
        key=f"import:{batch.pk}:{decides[:32]}",
        user_id=by.user.pk,
        organisation_id=by.organisation.pk,
        engagement_id=batch.engagement_id,
        import_id=batch.pk,
    )
    if batch.job.state == JobState.DONE:
        raise Refused(
            "This file was read with the same settings, and its codes mean what they meant. Give the unknown codes a "
            "meaning first, then read it again."
        )
    batch.save(update_fields=["preset", "source_zone", "date_order", "job"])
    trail.record(
        by=by,
        action="import.started",
        subject=batch.file_name,
        engagement_id=batch.engagement_id,
        after={"preset": preset, "source_zone": source_zone}
        | ({"date_order": date_order} if date_order else {}),
    )
    return batch


def _not_now(batch: Import, preset: Preset, source_zone: str) -> list[str]:
    """Why this file cannot be read now, or not so."""
    if not zones.is_zone(source_zone) and source_zone != batch.engagement.zone:
        return [f"“{source_zone}” is not a time zone. Give one such as America/New_York."]
    if batch.job and batch.job.is_open:
        return ["This file is being read at this moment."]
    if absent := missing_columns(preset, header_of(read_text(store.read(batch.path)), preset)):
        return [f"This is not the layout “{preset.label}”: the first line lacks {', '.join(absent)}."]
    if not batch.finished_at:
        return []
    if batch.accepted and (preset.name, source_zone) != (batch.preset, batch.source_zone):
        return [
            f"{plural(batch.accepted, 'call')} of this file are in, read as “{preset_of(batch).label}” with times "
            f"in {batch.source_zone}. Remove the import first, then read it another way."
        ]
    return [] if batch.rejected else ["All rows of this file are in already."]


def prepare(import_id: int) -> Task:
    """Collect what reading the file takes. Call it inside the tenant's context."""
    batch = Import.objects.select_related("engagement").get(pk=import_id)
    settings = settings_for(batch, preset_of(batch), batch.source_zone, batch.date_order)
    return Task(batch=batch, data=store.read(batch.path), settings=settings)


def settings_for(batch: Import, preset: Preset, source_zone: str, date_order: str) -> Settings:
    """How this file is read with these choices, by what its codes mean now."""
    codes = code_map(batch.engagement, preset)
    return Settings(
        preset=preset,
        zone=batch.engagement.zone,
        now=clock.now(),
        outcomes=codes.outcomes,
        brief_version=codes.brief_version,
        from_brief=codes.from_brief,
        source_zone=source_zone,
        date_order=DateOrder(date_order) if date_order else None,
        span=Span(first=batch.engagement.kickoff_on),
    )


@transaction.atomic
def write(*, task: Task, parsed: Parsed, by: Seat) -> Import:
    """Write a reading: calls, facts, counts and rejected rows, all or nothing. Writing it again adds nothing."""
    by.require(Permission.IMPORT_CALLS)
    engagement_id = task.batch.engagement_id
    facts.lock(engagement_id)
    batch = Import.objects.select_for_update().get(pk=task.batch.pk)
    with restating(
        engagement_id=engagement_id,
        by=by,
        cause=RestatedBy.IMPORT,
        subject=batch.file_name,
        sha256=batch.sha256,
    ):
        marked = insert_calls(batch, parsed, task.settings)
    batch.refresh_from_db()
    _count(batch, parsed)
    batch.rejected_path = store.save_rejects(batch.path, rejects_csv(parsed.bad)) if batch.rejected else ""
    batch.rejected_summary = [[group.sentence, group.rows] for group in summary(parsed.bad)]
    unknown = parsed.codes.filter(pl.col("outcome").is_null())
    batch.unknown_codes = [[code, rows] for code, _, rows in unknown.iter_rows()]
    batch.notes = notes(task.settings, parsed)
    batch.finished_at = clock.now()
    batch.save()
    counts = (
        "accepted",
        "rejected",
        "duplicates",
        "dials",
        "first_day",
        "last_day",
        "sha256",
        "preset",
        "source_zone",
    )
    trail.record(
        by=by,
        action="import.finished",
        subject=batch.file_name,
        engagement_id=engagement_id,
        after={name: getattr(batch, name) for name in counts},
    )
    if marked:
        trail.record(
            by=by, action="breach.found", subject=f"{plural(marked, 'call')}, {batch.file_name}",
            engagement_id=engagement_id, after={"calls": marked},
        )  # fmt: skip
    return batch


def _count(batch: Import, parsed: Parsed) -> None:
    """Accepted is what stands in the database for this file, so a second reading counts the same."""
    found = CodeFact.objects.filter(engagement_id=batch.engagement_id, batch=batch).aggregate(
        rows=Sum("calls"), dials=Sum("dials"), first=Min("day"), last=Max("day")
    )
    batch.accepted, batch.dials = found["rows"] or 0, found["dials"] or 0
    batch.first_day, batch.last_day = found["first"], found["last"]
    batch.rejected = parsed.bad.height
    batch.joined, batch.left_out = parsed.joined, sum(parsed.left_out.values())
    batch.duplicates = parsed.rows - batch.rejected - batch.accepted - batch.joined - batch.left_out


@transaction.atomic
def take_back(*, batch: Import, by: Seat) -> None:
    """Remove an import with its calls and files; the trail keeps that it was. Raises Refused while it is in use
    and InUse where something is proved by its rows."""
    by.require(Permission.IMPORT_CALLS)
    facts.lock(batch.engagement_id)
    batch = (
        Import.objects.select_for_update(of=("self",)).select_related("job", "engagement").get(pk=batch.pk)
    )
    if batch.job and batch.job.is_open:
        raise Refused("This file is being read at this moment. Wait until that is over.")
    frozen = Baseline.objects.filter(engagement_id=batch.engagement_id).first()
    if frozen and batch.first_day and batch.first_day <= frozen.last_day:
        raise Refused("The frozen day-30 baseline counts calls of this file, so they stay.")
    passed = batch.engagement.passed_day
    if (
        passed > SETUP_DAYS
        and batch.first_day
        and batch.engagement.calendar.day_of(batch.first_day) <= passed
    ):
        raise Refused(
            f"The day-{passed} gate has passed on a report that counts calls of this file, so they stay."
        )
    if places := places_of(batch):
        raise InUse(places)
    sums = CodeFact.objects.filter(engagement_id=batch.engagement_id, batch=batch)
    days = list(sums.order_by().values_list("day", flat=True).distinct())
    trail.record(
        by=by,
        action="import.removed",
        subject=batch.file_name,
        engagement_id=batch.engagement_id,
        before={"accepted": batch.accepted, "dials": batch.dials, "sha256": batch.sha256},
    )
    waits.leave(batch)
    talks.leave(batch)
    CallRecord.objects.filter(engagement_id=batch.engagement_id, day__in=days, batch=batch).delete()
    engagement_id, files = batch.engagement_id, (batch.path, batch.rejected_path)
    name, sha256 = batch.file_name, batch.sha256
    with restating(engagement_id=engagement_id, by=by, cause=RestatedBy.REMOVAL, subject=name, sha256=sha256):
        batch.delete()
        facts.refresh(engagement_id, days)
    breaches.refresh(engagement_id, days)
    transaction.on_commit(partial(store.remove, *files))
