"""Writes of reports: ask for one, keep its file, run a failed one again, note who read or took it."""

import hashlib
from dataclasses import asdict

from django.db import transaction
from django.db.models import Max, QuerySet

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from engagements.locking import hold
from engagements.models import Engagement
from engagements.selectors import current_brief
from milestones.selectors.gates import fingerprint
from milestones.selectors.standing import standing_of
from milestones.services import present_document
from reports import files
from reports.models import Deliverable
from reports.paper import Summary
from reports.pdf import Rendered
from reports.rules import report_blockers
from reports.selectors.deliverables import read_today, report_facts
from reports.selectors.snapshot import gate_of, take_snapshot
from reports.snapshots import Kind, Snapshot, digest, freeze
from tenancy import jobs
from tenancy.models import JobState

HANDLER = "reports.build"


@transaction.atomic
def request_deliverable(
    *, engagement: Engagement, kind: Kind, by: Seat, brief_version: int | None = None
) -> Deliverable:
    """Freeze the facts of a report and have it made in the background; returns the new version.

    `brief_version` asks for the paper of an earlier version of the brief. A version that is still being made is
    returned instead of a second one. Raises Refused when the report cannot
    be made now.
    """
    by.require(Permission.BUILD_DELIVERABLE)
    # Versions are counted one after the other: the second of two who ask at once waits here.
    engagement = hold(engagement.pk)
    if reasons := report_blockers(report_facts(engagement, kind)):
        raise Refused(reasons)
    existing = Deliverable.objects.filter(engagement=engagement, kind=kind)
    about = existing
    if kind is Kind.BRIEF and (current := current_brief(engagement)):
        # A paper of another version that is being made is not the one asked for.
        about = existing.filter(snapshot__brief__version=brief_version or current.version)
    running = about.filter(built_at=None, job__state__in=(JobState.QUEUED, JobState.RUNNING)).first()
    if running:
        return running
    version = (existing.aggregate(last=Max("version"))["last"] or 0) + 1
    # The fingerprint before the snapshot: an import that lands between the two makes the report stale, not wrong.
    gate = gate_of(standing_of(engagement), kind)
    facts = fingerprint(engagement, gate) if gate else ""
    snapshot = take_snapshot(engagement, kind, version=version, brief_version=brief_version)
    if brief_version and (same := _same_brief(about, snapshot)):
        return same
    deliverable = Deliverable.objects.create(
        engagement=engagement,
        kind=kind,
        version=version,
        snapshot=freeze(snapshot),
        snapshot_sha256=digest(snapshot),
        fingerprint=facts,
        created_by=by.user,
    )
    enqueue_build(deliverable, by)
    trail.record(
        by=by,
        action="deliverable.requested",
        subject=str(deliverable),
        engagement_id=engagement.pk,
        after={"kind": kind.value, "version": version, "snapshot_sha256": deliverable.snapshot_sha256},
    )
    return deliverable


def _same_brief(about: QuerySet[Deliverable], snapshot: Snapshot) -> Deliverable | None:
    """The finished paper that says of this version of the brief, and of its signatures, all that there is to say."""
    return about.filter(built_at__isnull=False, snapshot__brief=freeze(snapshot)["brief"]).first()


@transaction.atomic
def run_again(*, deliverable: Deliverable, by: Seat) -> Deliverable:
    """Queue a version whose making failed once more, from the same frozen facts."""
    by.require(Permission.BUILD_DELIVERABLE)
    deliverable = (
        Deliverable.objects.select_for_update(of=("self",)).select_related("job").get(pk=deliverable.pk)
    )
    if deliverable.built_at is not None:
        raise Refused("This version is finished already.")
    if deliverable.job and deliverable.job.state != JobState.FAILED:
        raise Refused("This version is being made.")
    enqueue_build(deliverable, by)
    trail.record(
        by=by,
        action="deliverable.run_again",
        subject=str(deliverable),
        engagement_id=deliverable.engagement_id,
    )
    return deliverable


def enqueue_build(deliverable: Deliverable, by: Seat) -> None:
    """Have the file of a version made in the background."""
    deliverable.job = jobs.enqueue(
        handler=HANDLER,
        key=f"deliverable:{deliverable.pk}",
        user_id=by.user.pk,
        organisation_id=by.organisation.pk,
        engagement_id=deliverable.engagement_id,
        deliverable_id=deliverable.pk,
    )
    deliverable.save(update_fields=["job"])


@transaction.atomic
def finish(*, deliverable: Deliverable, rendered: Rendered, summary: Summary, by: Seat) -> Deliverable:
    """Keep the finished file and lay it before its gate. A version that is finished already stays as it is.

    `summary` is what page 1 of this very file says; pages show it and never word the facts anew.
    """
    # The engagement before its deliverable: laying the file before its gate holds the engagement too.
    engagement = hold(deliverable.engagement_id)
    deliverable = Deliverable.objects.select_for_update(of=("self",)).get(pk=deliverable.pk)
    if deliverable.built_at is not None:
        return deliverable
    deliverable.path = files.keep(
        rendered.data, engagement=engagement.public_id, deliverable=deliverable.public_id
    )
    deliverable.sha256 = hashlib.sha256(rendered.data).hexdigest()
    deliverable.size, deliverable.pages = len(rendered.data), rendered.pages
    deliverable.built_at = clock.now()
    deliverable.summary = asdict(summary)
    deliverable.save(update_fields=["summary", "path", "sha256", "size", "pages", "built_at"])
    trail.record(
        by=by,
        action="deliverable.built",
        subject=str(deliverable),
        engagement_id=engagement.pk,
        after={"sha256": deliverable.sha256, "pages": deliverable.pages},
    )
    gate = gate_of(standing_of(engagement), Kind(deliverable.kind))
    if gate is not None:
        present_document(
            gate=gate,
            by=by,
            sha256=deliverable.sha256,
            version=deliverable.version,
            fingerprint=deliverable.fingerprint,
        )
    return deliverable


def note_opened(*, deliverable: Deliverable, by: Seat) -> None:
    """Leave a line in the trail: who took the file away, and when."""
    _note("deliverable.opened", deliverable, by)


@transaction.atomic
def note_read(*, deliverable: Deliverable, by: Seat) -> None:
    """Leave a line in the trail: who read the file in the page; one a day for each person, however often they look."""
    if read_today(deliverable, by):
        return
    hold(deliverable.engagement_id)  # a page that is opened twice at once is read once
    if not read_today(deliverable, by):
        _note("deliverable.read", deliverable, by)


def _note(action: str, deliverable: Deliverable, by: Seat) -> None:
    trail.record(
        by=by,
        action=action,
        subject=str(deliverable),
        engagement_id=deliverable.engagement_id,
        after={"sha256": deliverable.sha256},
    )
