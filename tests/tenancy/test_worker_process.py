"""A real worker on a real broker: killed in the middle, or with the broker emptied, each job is done once."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from celery import Celery
from django.conf import settings
from django.db import connection
from toolchain.processes import wait_until

from kpis.models import LeadSource
from tenancy import context, jobs
from tenancy.models import Job, JobState
from tests.factories import Cast
from tests.paths import ROOT
from tests.stage import as_worker, backstage

pytestmark = pytest.mark.django_db(transaction=True)

SECONDS = 90


@dataclass
class Place:
    """Where this test's worker lives: its own queue on the broker, the test's database."""

    environment: dict[str, str]
    signs: Path
    queue: str
    running: list[subprocess.Popen[bytes]]

    def start(self) -> subprocess.Popen[bytes]:
        log = (self.signs / f"worker-{len(self.running)}.log").open("wb")
        command = [
            sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel", "INFO", "--concurrency", "1",
            "--queues", self.queue, "--include", "tests.tenancy.worker_handlers", "--without-gossip",
            "--without-mingle", "--hostname", f"{self.queue}-{len(self.running)}@test",
        ]  # fmt: skip
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self.running.append(process)
        return process

    def log(self) -> str:
        return "\n".join(
            path.read_text(errors="replace")[-3000:] for path in sorted(self.signs.glob("*.log"))
        )

    def broker(self) -> redis.Redis:
        return redis.Redis.from_url(self.environment["REDIS_URL"])

    def waiting(self) -> tuple[int, ...]:
        """How many messages wait, by priority."""
        return tuple(self.broker().llen(name) for name in self.queues)

    @property
    def queues(self) -> tuple[str, str]:
        """The broker's lists: of what comes first and of what comes later."""
        return self.queue, f"{self.queue}\x06\x16{jobs.LATER}"

    def send(self, task: str, *arguments: int) -> None:
        with Celery(broker=self.environment["REDIS_URL"]) as sender:
            sender.send_task(task, args=arguments, queue=self.queue)


@pytest.fixture
def place(transactional_db: None, tmp_path: Path) -> Iterator[Place]:
    queue = f"test-{uuid.uuid4().hex[:12]}"
    database = urlsplit(os.environ["DATABASE_WORKER_URL"])._replace(
        path=f"/{connection.settings_dict['NAME']}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": database.geturl(),
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "TEST_SIGNS": str(tmp_path),
        "TEST_QUEUE": queue,
        "TOLLGATE_FILES": str(settings.FILES_ROOT),
    }
    made = Place(environment, tmp_path, queue, [])
    yield made
    for process in made.running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    made.broker().delete(*made.queues)


def _ask(cast: Cast, key: str, handler: str = "test.slow") -> int:
    with context.entered(user_id=cast.campaign_manager.pk, organisation_id=cast.operator_organisation.pk):
        return jobs.enqueue(
            handler=handler, key=key, user_id=cast.campaign_manager.pk,
            organisation_id=cast.operator_organisation.pk, engagement_id=cast.engagement.pk,
        ).pk  # fmt: skip


def _states() -> set[str]:
    with as_worker():
        return set(Job.objects.values_list("state", flat=True))


def _sweeping(place: Place, condition: Callable[[], bool]) -> Callable[[], bool]:
    def look() -> bool:
        if condition():
            return True
        place.send("tenancy.sweep")  # what beat does every 15 seconds, here as often as the test looks
        wait_until(condition, seconds=0.5)
        return condition()

    return look


def _delivered(cast: Cast) -> int:
    with context.entered(user_id=cast.campaign_manager.pk):
        return LeadSource.objects.count()


def test_a_worker_killed_in_the_middle_and_a_broker_emptied_lose_and_double_nothing(place: Place) -> None:
    with backstage():
        cast = Cast()
    worker = place.start()
    # A bell rung before anybody listens is lost: the sweeper's work, and not what this part shows.
    assert wait_until(
        lambda: all(sign in place.log() for sign in (" ready.", "relay listens")), seconds=SECONDS
    )

    _ask(cast, "hang")  # the bell alone hands it over
    assert wait_until((place.signs / "half-way").exists, seconds=SECONDS), place.log()
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert _delivered(cast) == 0
    assert _states() == {JobState.RUNNING}

    for number in range(20):
        place.send("tenancy.run_job", _ask(cast, f"job {number}"))
    assert place.broker().llen(place.queue) == 20
    place.broker().delete(place.queue)

    place.start()
    assert wait_until(_sweeping(place, lambda: _states() == {JobState.DONE}), seconds=SECONDS), place.log()
    assert _delivered(cast) == 21
    assert (place.signs / "hang.done").read_text() == "2\n"
    assert all((place.signs / f"job {number}.done").read_text() == "1\n" for number in range(20))


def test_what_somebody_waits_for_is_taken_first_though_it_was_asked_for_last(place: Place) -> None:
    with backstage():
        cast = Cast()
    place.start()
    assert wait_until(
        lambda: all(sign in place.log() for sign in (" ready.", "relay listens")), seconds=SECONDS
    )
    _ask(cast, "busy", "test.busy")
    assert wait_until((place.signs / "busy").exists, seconds=SECONDS), place.log()

    for number in range(3):
        _ask(cast, f"background {number}", "test.later")
    _ask(cast, "asked", "test.asked")
    assert wait_until(lambda: place.waiting() == (1, 3), seconds=SECONDS), place.log()
    (place.signs / "go on").touch()

    assert wait_until(lambda: _states() == {JobState.DONE}, seconds=SECONDS), place.log()
    told = (place.signs / "order").read_text().splitlines()
    assert told == ["asked", "background 0", "background 1", "background 2"]
