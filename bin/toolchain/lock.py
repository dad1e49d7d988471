"""bin/lock: writes the lock files anew; without --upgrade a package keeps its version as long as it fits."""

from __future__ import annotations

import os
import subprocess

from toolchain import options
from toolchain.paths import ROOT, VENV
from toolchain.progress import step
from toolchain.setup import UV, find_npm

COMPILE = ("pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header")


def main(arguments: list[str]) -> int:
    """Lock what the application needs, then what the demo, tests and checks need besides, then the front end."""
    upgrade = ["--upgrade"] if options.lock().parse_args(arguments).upgrade else []
    version = (ROOT / ".python-version").read_text().strip()
    compile_ = [str(UV), *COMPILE, "--python-version", version, *upgrade, "pyproject.toml"]
    groups = [word for group in ("demo", "test", "docs", "check", "bench") for word in ("--group", group)]
    base = "requirements/base.txt"
    npm = [
        find_npm(),
        "update" if upgrade else "install",
        "--package-lock-only",
        "--ignore-scripts",
        "--no-audit",
    ]
    with step("Python packages of the application"):
        _run([*compile_, "--output-file", base])
    with step("Python packages of the demo, the tests, the documentation, the checks and the benchmarks"):
        _run([*compile_, *groups, "--constraints", base, "--output-file", "requirements/dev.txt"])
    with step("Front-end packages"):
        _run([*npm, "--no-fund"])
    return 0


def _run(command: list[str]) -> None:
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PATH": path}, check=True)
