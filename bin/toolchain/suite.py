"""bin/test: every check and every test, with a private PostgreSQL and Redis that are gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from types import FrameType

from toolchain.checks import run_checks
from toolchain.paths import ROOT, VENV, VENV_PYTHON
from toolchain.processes import wait_until
from toolchain.progress import complain, step
from toolchain.services import ServiceError, Services
from toolchain.setup import find_chromium

MARK = "BIN_TEST_HOME"
ONE_THREAD = "POLARS_MAX_THREADS"


def main(arguments: list[str]) -> int:
    """Check everything; with `arguments` run only pytest, with them. Return 0 when all is well."""
    signal.signal(signal.SIGTERM, _interrupt)
    failed: list[str] = []
    home = Path(tempfile.mkdtemp(prefix="tollgate-test-"))
    services = Services(home / "services", for_tests=True, max_connections=200)
    try:
        home.chmod(0o711)  # PostgreSQL's own user passes through
        with step("PostgreSQL and Redis for the tests"):
            environment = {**os.environ, **services.start(), **_test_settings(home)}
            _run(["manage.py", "setup_database", "--with-test-role"], environment)
        if not arguments:
            # Whoever needs the demo first waits for it; until the tests are collected it has one of the cores.
            play = [str(VENV_PYTHON), "-m", "tests.databases"]
            subprocess.Popen(play, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
            failed = run_checks()
        outcome = _run(
            ["-m", "pytest", *(arguments or ["-n", "2", "--no-loadscope-reorder"])], environment, check=False
        )
    except (ServiceError, subprocess.CalledProcessError) as error:
        complain(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        _end_what_is_left(home)
        services.remove()
        shutil.rmtree(home, ignore_errors=True)
    if failed:
        complain(f"The tests ended with {outcome}, but these checks failed: {', '.join(failed)}.")
    return outcome or (1 if failed else 0)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _test_settings(home: Path) -> dict[str, str]:
    return {
        MARK: str(home),
        "TOLLGATE_FILES": str(home / "files"),
        "SECRET_KEY": "only-for-tests",
        "CHROMIUM": find_chromium() or "",
        # Two processes share the cores already; threads of each that wait for the other's cost a third on top.
        ONE_THREAD: "1",
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def _end_what_is_left(home: Path) -> None:
    """End the servers that interrupted tests could not end; they are known by the mark in their environment."""
    mark = f"{MARK}={home}".encode()

    def left() -> list[int]:
        found = []
        for environment in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):  # it has just ended, or it is somebody else's
                if mark in environment.read_bytes():
                    found.append(int(environment.parent.name))
        return found

    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in left():
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if wait_until(lambda: not left(), seconds=20):
            return


def _run(arguments: list[str], environment: dict[str, str], *, check: bool = True) -> int:
    return subprocess.run([str(VENV_PYTHON), *arguments], cwd=ROOT, env=environment, check=check).returncode
