"""The sample of an organisation: asked for, made, and removed for good."""

import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction

from accounts import trail
from accounts.models import Organisation
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from engagements.models import Engagement
from engagements.selectors import sample_of
from tenancy import jobs
from tenancy.models import Job
from workspace.demo.sample import play_sample
from workspace.selectors.samples import ADD, REMOVE, work_on_sample


@transaction.atomic
def ask_for_sample(*, by: Seat, side: Side) -> Job:
    """Have a sample made for the actor's organisation, which stands in it on `side`.

    Asked twice, it is made once. Raises Refused where there is one already.
    """
    by.require(Permission.CREATE_ENGAGEMENT)
    _hold(by.organisation)
    if sample_of(by.organisation) is not None:
        raise Refused("Your organisation has a sample already. Remove it before you add another one.")
    return _open_job(by, ADD) or _enqueue(by, ADD, side=side.value)


@transaction.atomic
def ask_for_removal(*, by: Seat) -> Job | None:
    """Have the sample of the actor's organisation removed; None where there is nothing to remove."""
    by.require(Permission.CREATE_ENGAGEMENT)
    _hold(by.organisation)
    found = sample_of(by.organisation)
    if found is None:
        return None
    return _open_job(by, REMOVE) or _enqueue(by, REMOVE, engagement=str(found.public_id))


@transaction.atomic
def make_sample(*, by: Seat, side: Side, public_id: UUID) -> Engagement:
    """Make the sample, all or nothing; a second run finds it made."""
    made = sample_of(by.organisation)
    if made is not None and made.public_id == public_id:
        return made
    remove_files(public_id)  # of a run that was cut off
    engagement = play_sample(by=by, side=side, public_id=public_id, now=clock.now())
    trail.record(by=by, action="sample.added", subject=engagement.campaign)
    return engagement


@transaction.atomic
def remove_sample(*, by: Seat) -> list[UUID]:
    """Remove the sample of the actor's organisation with all that hangs on it; returns which engagements went.

    Their files are for `remove_files`, once this is committed. A second run finds nothing.
    """
    by.require(Permission.CREATE_ENGAGEMENT)
    found = sample_of(by.organisation)
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.remove_sample(%s)", [by.organisation.pk])
        gone: list[UUID] = cursor.fetchone()[0]
    Job.objects.filter(organisation_id=by.organisation.pk, handler=ADD).delete()
    if gone:
        trail.record(by=by, action="sample.removed", subject=found.campaign if found else "sample")
    return gone


def remove_files(public_id: UUID) -> None:
    """Remove every file of an engagement that is gone: each kind of file has a folder for each engagement.

    What anybody has keeps its files, whoever asks.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.nobody_has(%s)", [public_id])
        if not cursor.fetchone()[0]:
            return
    for kind in Path(settings.FILES_ROOT).iterdir():
        with suppress(FileNotFoundError, NotADirectoryError):
            shutil.rmtree(kind / str(public_id))


def _hold(organisation: Organisation) -> None:
    """One at a time asks for an organisation's sample."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _open_job(by: Seat, handler: str) -> Job | None:
    found = work_on_sample(by.organisation)
    return found if found and found.handler == handler and found.is_open else None


def _enqueue(by: Seat, handler: str, **arguments: int | str) -> Job:
    return jobs.enqueue(
        handler=handler,
        key=f"{handler}:{uuid4()}",
        user_id=by.user.pk,
        organisation_id=by.organisation.pk,
        engagement_id=None,
        after=timedelta(),
        **arguments,
    )
