"""A command does its job itself, or waits for the worker that was quicker."""

import threading
from datetime import timedelta

import pytest
from django.core.management.base import CommandError
from django.db import connection

from common import clock
from tenancy import jobs
from tenancy.console import do_job
from tenancy.models import Job, JobState
from tests.factories import Cast
from tests.stage import as_worker, backstage


@pytest.fixture
def taken(cast: Cast) -> Job:
    """A job that a worker has just taken."""
    now = clock.now()
    with backstage():
        return Job.objects.create(
            handler="tests.none", key="taken", user_id=cast.campaign_manager.pk,
            organisation_id=cast.operator_organisation.pk, state=JobState.RUNNING, attempts=1,
            queued_at=now, lease_until=now + timedelta(minutes=1),
        )  # fmt: skip


def test_a_command_gives_up_on_a_worker_that_does_not_come_to_an_end(taken: Job) -> None:
    with as_worker(), pytest.raises(CommandError, match="A worker is at this"):
        do_job(taken.pk, patience=0)


@pytest.mark.django_db(transaction=True)
def test_a_command_waits_for_the_worker_that_was_quicker(taken: Job) -> None:
    def worker() -> None:
        with as_worker():
            Job.objects.filter(pk=taken.pk).update(state=JobState.DONE, lease_until=None)
        connection.close()

    other = threading.Timer(0.2, worker)
    other.start()
    with as_worker():
        do_job(taken.pk, patience=30)
        assert Job.objects.get(pk=taken.pk).state == JobState.DONE
    other.join()


def test_a_command_does_the_job_when_nobody_else_has_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setitem(jobs._handlers, "tests.count", lambda run: done.append(run.job.pk))
    with backstage():
        job = Job.objects.create(
            handler="tests.count", key="free", user_id=cast.campaign_manager.pk,
            organisation_id=cast.operator_organisation.pk, queued_at=clock.now(),
        )  # fmt: skip
    with as_worker():
        do_job(job.pk)
    assert done == [job.pk]
