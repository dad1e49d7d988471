"""`python -m config.health web|worker|beat`: exits with 0 when this container's process does its work."""

import http.client
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.celery import app

BEAT_WRITES_WITHIN = 600  # seconds; beat writes its schedule every three minutes


def web() -> bool:
    """Say whether the web server answers and reaches its database."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", int(os.environ.get("GRANIAN_PORT", "8000")), timeout=8
    )
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False


def worker() -> bool:
    """Say whether this machine's worker answers through the broker."""
    return bool(app.control.ping(destination=[f"celery@{socket.gethostname()}"], timeout=8))


def beat() -> bool:
    """Say whether beat has written its schedule lately."""
    schedule = Path(app.conf.beat_schedule_filename)
    written = [file.stat().st_mtime for file in schedule.parent.glob(f"{schedule.name}*")]
    return bool(written) and time.time() - max(written) < BEAT_WRITES_WITHIN


CHECKS: dict[str, Callable[[], bool]] = {"web": web, "worker": worker, "beat": beat}

if __name__ == "__main__":
    sys.exit(not CHECKS[sys.argv[1]]())
