"""Which code runs here, as a number: what another one has computed is computed anew."""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.conf import settings

BESIDE = ("config", "templates", "static", "requirements")  # what decides what pages say, and is no app
PASSED_OVER = {"__pycache__", "migrations"}


@cache
def code_number() -> int:
    """The number (`number_of`) of our modules, templates, playbooks, static files and locked packages."""
    ours = (Path(app.path) for app in apps.get_app_configs())
    return number_of(
        settings.ROOT,
        [*(app for app in ours if app.parent == settings.ROOT), *(settings.ROOT / name for name in BESIDE)],
    )


def number_of(root: Path, folders: Iterable[Path]) -> int:
    """A number below 32,768 of all files in these folders: another one for each change but one in 32,768."""
    told = sha256()
    for file in sorted(one for folder in folders for one in folder.rglob("*") if one.is_file()):
        if not PASSED_OVER.intersection(file.parts):
            told.update(str(file.relative_to(root)).encode() + b"\0" + sha256(file.read_bytes()).digest())
    return int.from_bytes(told.digest()[:2], "big") >> 1
