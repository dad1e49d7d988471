"""The processes of Tollgate: what Procfile runs in the demo and the tests, docker-compose.yml runs in production."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Mapping

from honcho.environ import parse_procfile

from toolchain.paths import ROOT

# A superuser's or the migrating role's address is not for the processes that serve people.
ONLY_FOR_SET_UP = ("DATABASE_ADMIN_URL", "DATABASE_MIGRATE_URL", "TEST_DATABASE_URL", "DATABASE_WORKER_URL")


def procfile() -> dict[str, str]:
    """Return the commands of Procfile by the name of their process."""
    processes: dict[str, str] = parse_procfile((ROOT / "Procfile").read_text()).processes
    return processes


def environment_of(name: str, environment: Mapping[str, str], port: int) -> dict[str, str]:
    """Return what process `name` may know: its own database role, and the loopback port of the web server."""
    role = environment["DATABASE_URL" if name == "web" else "DATABASE_WORKER_URL"]
    plain = {key: value for key, value in environment.items() if key not in ONLY_FOR_SET_UP}
    return {**plain, "DATABASE_URL": role, "GRANIAN_HOST": "127.0.0.1", "GRANIAN_PORT": str(port)}


def answers(port: int) -> bool:
    """Say whether the web server on this loopback port is up and reaches its database."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Ask until `condition` holds; False when it still does not after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
