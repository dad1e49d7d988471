"""The playbooks that come with the program."""

from functools import cache
from pathlib import Path

from .kinds import Playbook
from .mistakes import Mistake, PlaybookError
from .reading import parse

FOLDER = Path(__file__).parent.parent / "playbooks"
USUAL = "calling-90-days"


@cache
def load(code: str) -> Playbook:
    """The shipped playbook with this code, e.g. ``calling-90-days``; raises PlaybookError."""
    path = FOLDER / f"{code.replace('-', '_')}.yaml"  # calling_90_days.yaml holds calling-90-days
    if code not in shipped():
        raise PlaybookError([Mistake(f"There is no playbook “{code}”.")])
    return parse(path.read_text(encoding="utf-8"))


@cache
def shipped() -> tuple[str, ...]:
    """Codes of the playbooks that come with the program, the usual one first."""
    codes = sorted(path.stem.replace("_", "-") for path in FOLDER.glob("*.yaml"))
    return tuple(sorted(codes, key=lambda code: code != USUAL))
