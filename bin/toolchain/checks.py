"""bin/check: everything that a reviewer would check without running the tests."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass, field

from toolchain import options
from toolchain.paths import ROOT, VENV
from toolchain.progress import say

# The deploy check looks at settings only: these stand in for the secrets of a real place.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": "checked-here-and-used-nowhere-" + "0123456789abcdef" * 3,
    "ALLOWED_HOSTS": "tollgate.example",
}


@dataclass(frozen=True)
class Check:
    """One command that exits with 0 when all is well."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def all_checks() -> list[Check]:
    """Return the checks, quickest first."""
    templates = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "templates").rglob("*.html"))
    manage = ("python", "manage.py")
    return [
        Check("format", ("ruff", "format", "--check", ".")),
        Check("lint", ("ruff", "check", ".")),
        Check("templates", ("djade", "--check", "--target-version", "6.0", *templates)),
        Check("import layers", ("lint-imports",)),
        Check("migrations", (*manage, "makemigrations", "--check", "--dry-run"), PRODUCTION),
        Check("deploy settings", (*manage, "check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
        Check("types", ("mypy",)),
    ]


def run_checks() -> list[str]:
    """Run every check, show what each failing one said, and return the names of those."""
    return [check.name for check in all_checks() if not _passes(check)]


def _passes(check: Check) -> bool:
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    environment = {**os.environ, "PATH": path, **check.environment}
    program = VENV / "bin" / check.command[0]
    began = time.monotonic()
    done = subprocess.run(
        [str(program), *check.command[1:]],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    say(f"  {check.name}: {verdict} ({time.monotonic() - began:.1f} s)")
    if done.returncode != 0:
        say(done.stdout.rstrip()[-12000:] + "\n")
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Run bin/check; return 1 when something is not well."""
    options.check().parse_args(arguments)
    failed = run_checks()
    if failed:
        say(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0
