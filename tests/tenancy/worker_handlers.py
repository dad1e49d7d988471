"""Loaded into a real worker by the tests: work that can be caught in the middle, and short waits."""

import os
import threading
from datetime import timedelta
from pathlib import Path

from celery import current_app

from kpis.models import LeadSource
from tenancy import jobs

SIGNS = Path(os.environ["TEST_SIGNS"])

jobs.LEASE = timedelta(seconds=2)
jobs.HEARTBEAT_SECONDS = 0.5
jobs.PATIENCE = timedelta(seconds=1)
current_app.conf.task_default_queue = os.environ["TEST_QUEUE"]


@jobs.handler("test.busy")
def busy(run: jobs.Run) -> None:
    """Say that it has begun, and keep the worker busy until it is told to go on."""
    with run.entered():
        (SIGNS / "busy").touch()
    while not (SIGNS / "go on").exists():
        threading.Event().wait(0.05)


@jobs.handler("test.asked")
def asked(run: jobs.Run) -> None:
    """Say when its turn was."""
    with run.entered(), (SIGNS / "order").open("a") as sign:
        sign.write(f"{run.job.key}\n")


jobs.handler("test.later", later=True)(asked)


@jobs.handler("test.slow")
def slow(run: jobs.Run) -> None:
    """Write, say so, and hang in the open transaction; from the second attempt on: write and finish."""
    with run.entered():
        LeadSource.objects.get_or_create(engagement_id=run.job.engagement_id, name=run.job.key)
        if run.job.attempts == 1 and run.job.key.startswith("hang"):
            (SIGNS / "half-way").touch()
            threading.Event().wait(60)
    with (SIGNS / f"{run.job.key}.done").open("a") as sign:
        sign.write(f"{run.job.attempts}\n")
