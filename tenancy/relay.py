"""The bell's wire: listens for new jobs in the database and hands them to Celery.

It lives in the worker's main process. A request therefore never talks to the broker, and commits whether or not
the broker is up; what is missed while this is down the sweeper finds.
"""

import threading

import psycopg
import structlog
from django.db import connections
from kombu.exceptions import OperationalError as BrokerDown

from . import jobs
from .tasks import run_job

log = structlog.get_logger(__name__)
CHANNEL = "tollgate_jobs"
RECONNECT_SECONDS = 2


class Relay(threading.Thread):
    """Forwards every notification until `stop()`."""

    def __init__(self) -> None:
        super().__init__(name="relay", daemon=True)
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except (psycopg.OperationalError, ConnectionError) as error:
                log.warning("relay lost its connection", error=str(error))
                self._stopping.wait(RECONNECT_SECONDS)

    def stop(self) -> None:
        self._stopping.set()

    def _listen(self) -> None:
        parameters = connections["default"].get_connection_params()
        for name in (
            "pool",
            "cursor_factory",
            "context",
            "prepare_threshold",
            "assume_role",
            "server_side_binding",
        ):
            parameters.pop(name, None)
        with psycopg.connect(**parameters, autocommit=True) as listener:
            listener.execute(f"LISTEN {CHANNEL}")
            log.info("relay listens", channel=CHANNEL)
            while not self._stopping.is_set():
                # The list ends before anything is asked: the connection does one thing at a time.
                for notification in list(listener.notifies(timeout=1.0, stop_after=1)):
                    asked = listener.execute(
                        "SELECT handler FROM tenancy_job WHERE id = %s", [int(notification.payload)]
                    ).fetchone()
                    if asked:
                        self._hand_over(int(notification.payload), asked[0])

    @staticmethod
    def _hand_over(job_id: int, handler: str) -> None:
        try:
            run_job.apply_async((job_id,), priority=jobs.priority(handler))
        except BrokerDown as error:
            # The job stays queued in the database; the sweeper hands it over when the broker is back.
            log.warning("relay could not reach the broker", job=job_id, error=str(error))
