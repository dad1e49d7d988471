"""bin/docs: the documentation as a site of plain files, built from docs/."""

from __future__ import annotations

import os
import subprocess
import webbrowser
from pathlib import Path

from toolchain import options
from toolchain.paths import ROOT, VAR, VENV_PYTHON
from toolchain.progress import say

SITE = VAR / "docs" / "html"


def build(into: Path = SITE) -> int:
    """Build the site; 0 when Sphinx had nothing to complain about."""
    command = [
        *(str(VENV_PYTHON), "-m", "sphinx", "--quiet", "--fail-on-warning", "--builder", "html"),
        *("--doctree-dir", str(into.parent / "doctrees"), str(ROOT / "docs"), str(into)),
    ]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, check=False
    ).returncode


def main(arguments: list[str]) -> int:
    """Build, and say where the first page is."""
    chosen = options.docs().parse_args(arguments)
    outcome = build()
    if outcome == 0:
        first = SITE / "index.html"
        say(f"The documentation is built: {first}")
        if chosen.open:
            webbrowser.open(first.as_uri())
    return outcome
