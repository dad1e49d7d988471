"""Commands that do a background job in their own process."""

import os
import threading
import time

import dj_database_url
from django.core.management.base import CommandError
from django.db import connection

from . import jobs
from .models import Job
from .roles import WORKER

LOOK_EVERY_SECONDS = 0.5
PATIENCE_SECONDS = 600


def work_as_worker() -> None:
    """Connect as the worker's role, which alone may take jobs: by DATABASE_WORKER_URL, unless it is that already.

    Raises CommandError, with what to do, when the address is not given.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == WORKER:
            return
    address = os.environ.get("DATABASE_WORKER_URL")
    if not address:
        raise CommandError(
            f"Only the role {WORKER} may do background jobs. Set DATABASE_WORKER_URL to its address."
        )
    connection.close()
    connection.settings_dict.update(dj_database_url.parse(address))


def do_job(job_id: int, *, patience: float = PATIENCE_SECONDS) -> None:
    """Do a job here; or, when a running worker was quicker to take it, wait until that has done it.

    How it ended stands in the job. Raises CommandError when the other is not through within `patience` seconds.
    """
    if jobs.run(job_id) is not None:
        return
    pause, until = threading.Event(), time.monotonic() + patience
    while Job.objects.get(pk=job_id).is_open:
        if time.monotonic() > until:
            raise CommandError(f"A worker is at this and was not through in {patience:.0f} seconds.")
        pause.wait(LOOK_EVERY_SECONDS)
