"""Background work that survives lost messages, killed workers and double delivery.

A service calls `enqueue` inside its transaction. The commit rings a bell (NOTIFY); the worker's relay hands the
job to Celery; the sweeper hands over again what nobody finished. A handler takes ids, opens the tenant for
each transaction of its own, and may run twice.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet

from common import clock
from common.errors import Refused

from .context import entered
from .models import Job, JobState

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
HEARTBEAT_SECONDS = 15
MAX_ATTEMPTS = 5
# A queued job is handed over again when nobody has taken it for so long.
PATIENCE = timedelta(seconds=15)
# The clocks of two machines differ by less; work that is put off for longer is left alone until its time.
SKEW = timedelta(seconds=60)

Handler = Callable[["Run"], None]
_handlers: dict[str, Handler] = {}
_later: set[str] = set()
# As the broker counts: what somebody waits for is taken before whatever nobody watches.
FIRST, LATER = 0, 9


class NoAccess(Refused):
    """The person who asked for the work may no longer see what it is about."""


class NotNow(RuntimeError):
    """Something outside does not answer at the moment: the same work is due again after `delay`."""

    def __init__(self, reason: str, delay: timedelta = timedelta(minutes=5)) -> None:
        self.delay = delay
        super().__init__(reason)


class Superseded(RuntimeError):
    """Another attempt has the job now: this one was cut off for so long that its lease ran out."""


def handler(name: str, *, later: bool = False) -> Callable[[Handler], Handler]:
    """Register a function as the work called `name`, e.g. "kpis.import".

    `later`: nobody sits and waits for it, so that it stands behind all work that somebody waits for.
    """

    def register(function: Handler) -> Handler:
        _handlers[name] = function
        if later:
            _later.add(name)
        return function

    return register


def priority(handler: str) -> int:
    """How the broker is to rank the work of this name."""
    return LATER if handler in _later else FIRST


class Run:
    """One attempt at a job, as its handler sees it."""

    def __init__(self, job: Job, *, shared: bool = False) -> None:
        self.job, self.shared = job, shared
        self.arguments: dict[str, Any] = job.arguments

    @contextmanager
    def entered(self) -> Iterator[None]:
        """A transaction that sees what the person who asked may see *now*; raises NoAccess when it is over.

        Raises Superseded when the job is no longer this attempt's, at the start and before the commit.
        """
        with entered(
            user_id=self.job.user_id,
            organisation_id=self.job.organisation_id,
            engagement_id=self.job.engagement_id,
        ):
            with connection.cursor() as cursor:
                cursor.execute("SELECT app.organisations(), app.engagements()")
                organisations, engagements = cursor.fetchone()
            if not organisations or (self.job.engagement_id and not engagements):
                raise NoAccess("Whoever asked for this may no longer see the engagement.")
            self._require_mine()
            yield
            self._require_mine()

    def _require_mine(self) -> None:
        if not _mine(self.job).exists():
            raise Superseded(f"Attempt {self.job.attempts} at job {self.job.pk} has been overtaken.")

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Publish how far the work is. Call it outside of `entered`, or readers see it only at the end."""
        _mine(self.job).update(done=done, total=total, note=note[:200], lease_until=clock.now() + LEASE)

    def others_wait(self) -> bool:
        """Whether somebody waits for work that this worker could do next; long work of `later` asks between steps."""
        if not self.shared:
            return False
        asked = Job.objects.filter(state=JobState.QUEUED, queued_at__lte=clock.now())
        return asked.exclude(handler__in=_later).exists()

    def go_on_later(self, **changed: int | str) -> Job:
        """Ask for the rest of this work as a job of its own, and let others go first. Call it in `entered`."""
        return enqueue(
            handler=self.job.handler,
            key=f"{self.job.key.partition('+')[0]}+{uuid4()}",
            user_id=self.job.user_id,
            organisation_id=self.job.organisation_id,
            engagement_id=self.job.engagement_id,
            **self.arguments | changed,
        )


def _mine(job: Job) -> QuerySet[Job]:
    """The job, as long as this attempt holds it: a later one has counted `attempts` up."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def enqueue(
    *,
    handler: str,
    key: str,
    user_id: int,
    organisation_id: int,
    engagement_id: int | None = None,
    after: timedelta = timedelta(),
    **arguments: int | str,
) -> Job:
    """Ask for background work in the running transaction; the same key again finds the same job.

    A job that had failed is queued anew. The message to the worker goes out when the transaction commits.
    With `after` (more than a minute) nobody takes it earlier.
    """
    about = {"engagement_id": engagement_id} if engagement_id else {
        "engagement_id": None, "organisation_id": organisation_id,
    }  # fmt: skip
    job, created = Job.objects.get_or_create(
        key=key,
        **about,
        defaults={
            "handler": handler,
            "arguments": arguments,
            "user_id": user_id,
            "organisation_id": organisation_id,
            "queued_at": clock.now() + after,
        },
    )
    if not created and job.state == JobState.FAILED:
        Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
            state=JobState.QUEUED, attempts=0, error="", note="", done=0, total=0, queued_at=clock.now(),
            user_id=user_id, organisation_id=organisation_id,
        )  # fmt: skip
        job.refresh_from_db()
    return job


def run(job_id: int, *, shared: bool = False) -> JobState | None:
    """Do a job once, if nobody else is at it. Returns its state afterwards, None when there was nothing to do.

    `shared`: by a worker that has other work to do as well.
    """
    job = _claim(job_id)
    if job is None:
        return None
    log.info("job started", job=job.handler, key=job.key, attempt=job.attempts)
    with _heartbeat(job):
        try:
            _handlers[job.handler](Run(job, shared=shared))
        except Superseded as overtaken:
            log.warning("job overtaken", job=job.handler, key=job.key, reason=str(overtaken))
            return None
        except NotNow as later:
            log.warning("job put off", job=job.handler, key=job.key, reason=str(later))
            return _put_off(job, later)
        except Refused as refusal:
            return _finish(job, JobState.FAILED, error=" ".join(refusal.reasons))
        except Exception:
            # Not swallowed: Celery logs it, and the page says that it failed and may be run again.
            _finish(
                job,
                JobState.FAILED,
                error="Something went wrong on our side. Nothing was changed; run it again.",
            )
            raise
    return _finish(job, JobState.DONE)


def due() -> list[tuple[int, str]]:
    """Jobs to hand over (again), by id and handler: never taken, or taken by a worker whose lease has run out."""
    now = clock.now()
    _give_up(now)
    waiting = Q(state=JobState.QUEUED, queued_at__lt=now - PATIENCE)
    abandoned = Q(state=JobState.RUNNING, lease_until__lt=now)
    return list(
        Job.objects.filter(waiting | abandoned).order_by("queued_at", "pk").values_list("pk", "handler")[:500]
    )


def _give_up(now: Any) -> None:
    """A job that has killed its worker too often is failed, with the reason, instead of killing another."""
    Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now, attempts__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED,
        finished_at=now,
        error=f"This stopped {MAX_ATTEMPTS} times before its end. Nothing was changed; run it again or ask for help.",
    )


def _claim(job_id: int) -> Job | None:
    now = clock.now()
    waiting = Q(state=JobState.QUEUED, queued_at__lte=now + SKEW)
    free = waiting | Q(state=JobState.RUNNING, lease_until__lt=now)
    with transaction.atomic():
        taken = Job.objects.filter(free, pk=job_id).update(
            state=JobState.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1, error=""
        )
    return Job.objects.get(pk=job_id) if taken else None


def _finish(job: Job, state: JobState, error: str = "") -> JobState:
    _mine(job).update(state=state, error=error, finished_at=clock.now(), lease_until=None)
    log.info("job ended", job=job.handler, key=job.key, state=str(state))
    return state


def _put_off(job: Job, later: NotNow) -> JobState:
    """Queue the job for a later time. The bell rings at once, and nobody takes it before."""
    _mine(job).update(
        state=JobState.QUEUED, queued_at=clock.now() + max(later.delay, 2 * SKEW), lease_until=None, error=str(later)
    )  # fmt: skip
    return JobState.QUEUED


@contextmanager
def _heartbeat(job: Job) -> Iterator[None]:
    """Extend the lease while the handler works, so that only a dead worker loses it."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(HEARTBEAT_SECONDS):
                try:
                    _mine(job).update(lease_until=clock.now() + LEASE)
                except OperationalError as error:
                    log.warning("heartbeat missed", key=job.key, error=str(error))
                    connection.close()
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"job-{job.pk}-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
