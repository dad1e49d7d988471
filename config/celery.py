"""Celery: the broker, the beat table, and the relay that lives in the worker."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_ready, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

app = Celery("tollgate")
app.conf.update(
    broker_url=os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
    broker_connection_retry_on_startup=True,
    # A killed worker's message comes back in seconds rather than minutes; the hard limit stays below it.
    # Two priorities (tenancy.jobs): the broker keeps a list for each and empties the first one first.
    broker_transport_options={
        "visibility_timeout": 900,
        "unacked_restore_throttle": 1,
        "priority_steps": [0, 9],
    },
    task_time_limit=800,
    task_soft_time_limit=780,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={
        "sweep the outbox": {"task": "tenancy.sweep", "schedule": 15.0, "options": {"expires": 15}},
        "let go of kept pages": {
            "task": "engagements.let_go_of_pages",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        # Mornings come in every zone; whoever was reminded today is not on the list again.
        "remind people": {"task": "milestones.remind", "schedule": 600.0, "options": {"expires": 600}},
        # Evenings too: the rounds of a date are held once, and a mail goes out once.
        "reports of the evening": {
            "task": "reports.evenings",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
    },
    # The schedule is static: beat needs no memory of its own beyond this file.
    beat_schedule_filename=os.environ.get("BEAT_SCHEDULE_FILE", "/tmp/tollgate-beat"),  # noqa: S108
)
app.autodiscover_tasks()


@worker_init.connect
def refuse_unsafe_role(**_: Any) -> None:
    """A worker that could see every tenant does not start."""
    from django.db import connection

    from tenancy.roles import assert_plain_role

    assert_plain_role()
    connection.close()


@worker_ready.connect
def start_relay(sender: Any, **_: Any) -> None:
    from tenancy.relay import Relay

    sender.app.relay = Relay()
    sender.app.relay.start()


@worker_shutdown.connect
def stop_relay(sender: Any, **_: Any) -> None:
    if relay := getattr(sender.app, "relay", None):
        relay.stop()
