"""bin/services: a private PostgreSQL 18 and Redis that stay up for development."""

from __future__ import annotations

import shlex
import sys

from toolchain import options
from toolchain.services import ServiceError, Services


def main(arguments: list[str]) -> int:
    """Do one verb; `start` and `env` print shell lines for `eval`."""
    chosen = options.services().parse_args(arguments)
    services = Services(chosen.directory, for_tests=chosen.for_tests, max_connections=chosen.max_connections)
    try:
        if chosen.verb == "start":
            services.start()
        elif chosen.verb == "stop":
            services.stop()
        elif chosen.verb == "remove":
            services.remove()
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    if chosen.verb in ("start", "env"):
        for name, value in services.environment().items():
            print(f"export {name}={shlex.quote(value)}")
    return 0
