"""What each command of bin takes. Known before anything is set up, so that --help and a slip of the pen answer at once.

Runs on the Python that the system has (3.9 and later).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from toolchain.paths import VAR


def demo() -> argparse.ArgumentParser:
    """The options of bin/demo."""
    parser = argparse.ArgumentParser(
        prog="bin/demo",
        description="Sets everything up and runs Tollgate with demo data on this machine alone, until Ctrl-C. "
        "Its data stay in var/demo; the next start takes seconds.",
    )
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and start over")
    parser.add_argument(
        "--port", type=int, help="the port of the web server (a free one near 8000 otherwise)"
    )
    return parser


def test() -> argparse.ArgumentParser:
    """The options of bin/test: those of pytest."""
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Sets everything up, Chromium included, and checks everything: format, lint, layers, types, "
        "migrations, then all tests. With arguments it runs only pytest, with them: bin/test tests/kpis -k funnel.",
        epilog="pytest's own options, once bin/test has run: .venv/bin/pytest --help",
    )
    parser.add_argument("arguments", nargs="*", metavar="PYTEST_ARGUMENT", help="given to pytest as it is")
    return parser


def check() -> argparse.ArgumentParser:
    """bin/check takes nothing."""
    return argparse.ArgumentParser(
        prog="bin/check",
        description="Checks all that needs no test run: format, lint, templates, import layers, types, migrations, "
        "the deploy settings.",
    )


def docs() -> argparse.ArgumentParser:
    """The options of bin/docs."""
    parser = argparse.ArgumentParser(
        prog="bin/docs",
        description="Builds the documentation from docs/ into var/docs/html; a warning is an error.",
    )
    parser.add_argument("--open", action="store_true", help="show it in the browser of this machine")
    return parser


def lock() -> argparse.ArgumentParser:
    """The options of bin/lock."""
    parser = argparse.ArgumentParser(
        prog="bin/lock", description="Writes the lock files anew from pyproject.toml and package.json."
    )
    parser.add_argument(
        "--upgrade", action="store_true", help="take the newest versions that pyproject.toml admits"
    )
    return parser


def services() -> argparse.ArgumentParser:
    """The options of bin/services."""
    parser = argparse.ArgumentParser(
        prog="bin/services", description="Starts or stops a private PostgreSQL 18 and Redis for development."
    )
    parser.add_argument("verb", choices=["start", "stop", "remove", "env"])
    parser.add_argument("directory", nargs="?", type=Path, default=VAR / "dev")
    parser.add_argument(
        "--for-tests", action="store_true", help="quick, and forgetful when the machine goes down"
    )
    parser.add_argument("--max-connections", type=int, default=100)
    return parser


OF: Mapping[str, Callable[[], argparse.ArgumentParser]] = {
    "demo": demo,
    "test": test,
    "check": check,
    "docs": docs,
    "lock": lock,
    "services": services,
}


def answer_at_once(command: str, arguments: Sequence[str]) -> None:
    """End the program where its options are asked for or wrong; pytest judges its own once it is there."""
    if command == "test":
        arguments = [word for word in arguments if word in ("-h", "--help")]
    OF[command]().parse_args(arguments)
