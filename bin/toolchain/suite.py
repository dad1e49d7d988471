"""bin/test: every check and every test, with a private PostgreSQL and Redis that are gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import FrameType

from toolchain.checks import run_checks
from toolchain.paths import ROOT, VENV, VENV_PYTHON
from toolchain.progress import complain, step
from toolchain.services import ServiceError, Services
from toolchain.setup import find_chromium


def main(arguments: list[str]) -> int:
    """Check everything; with `arguments` run only pytest, with them. Return 0 when all is well."""
    signal.signal(signal.SIGTERM, _interrupt)
    failed = [] if arguments else run_checks()
    home = Path(tempfile.mkdtemp(prefix="tollgate-test-"))
    services = Services(home / "services", for_tests=True, max_connections=200)
    try:
        home.chmod(0o711)  # PostgreSQL's own user passes through
        with step("PostgreSQL and Redis for the tests"):
            environment = {**os.environ, **services.start(), **_test_settings(home)}
            _run(["manage.py", "setup_database", "--with-test-role"], environment)
        outcome = _run(
            ["-m", "pytest", *(arguments or ["-n", "2", "--dist", "loadgroup"])], environment, check=False
        )
    except (ServiceError, subprocess.CalledProcessError) as error:
        complain(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        services.remove()
        shutil.rmtree(home, ignore_errors=True)
    if failed:
        complain(f"The tests ended with {outcome}, but these checks failed: {', '.join(failed)}.")
    return outcome or (1 if failed else 0)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _test_settings(home: Path) -> dict[str, str]:
    return {
        "TOLLGATE_FILES": str(home / "files"),
        "SECRET_KEY": "only-for-tests",
        "CHROMIUM": find_chromium() or "",
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def _run(arguments: list[str], environment: dict[str, str], *, check: bool = True) -> int:
    return subprocess.run([str(VENV_PYTHON), *arguments], cwd=ROOT, env=environment, check=check).returncode
