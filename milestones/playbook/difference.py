"""What one playbook says otherwise than another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .kinds import Playbook
from .reading import PARTS
from .writing import as_data

KINDS = {
    "phases": "Phase", "gates": "Gate", "milestones": "Milestone", "areas": "Area", "checks": "Check",
    "reviews": "Review", "metrics": "Metric",
}  # fmt: skip
KEYS = {
    "title": "title", "todo": "to do", "line": "what it is for",
    "first_day": "first day", "last_day": "last day", "day": "due on day",
    "start": "starts on day", "role": "owner", "side": "side", "evidence": "evidence", "needs": "needs",
    "after": "waits for", "technical": "technical", "area": "area", "hard": "hard", "attendees": "attendees",
    "agenda": "agenda", "signers": "signers", "deliverable": "deliverable",
    "numerator": "numerator", "denominator": "denominator", "unit": "unit", "direction": "direction",
    "minimum": "judged from", "source": "source system",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One difference: what it is about, and what it was before and is now; empty where there was or is nothing."""

    label: str
    before: str
    after: str


def differences(before: Playbook, after: Playbook) -> list[Change]:
    """Everything that differs, part by part: what changed, what is new, and what is gone."""
    old, new = as_data(before), as_data(after)
    changes = [
        Change(f"Playbook, {KEYS[key]}", str(old.get(key, "")), str(new.get(key, "")))
        for key in ("title", "line")
        if old.get(key) != new.get(key)
    ]
    for part, kind in KINDS.items():
        changes += _of_part(part, kind, _by_code(old.get(part, [])), _by_code(new.get(part, [])))
    return changes


def _by_code(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {entry["code"]: entry for entry in entries}


def _of_part(
    part: str, kind: str, old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]
) -> Iterator[Change]:
    for code, entry in new.items():
        if code not in old:
            yield Change(f"{kind} “{entry['title']}”", "", _summary(entry))
            continue
        for key in PARTS[part]:
            if old[code].get(key) != entry.get(key):
                label = f"{kind} “{entry['title']}”, {KEYS[key]}"
                yield Change(label, _said(old[code].get(key)), _said(entry.get(key)))
    for code, entry in old.items():
        if code not in new:
            yield Change(f"{kind} “{entry['title']}”", _summary(entry), "")


def _summary(entry: Mapping[str, Any]) -> str:
    day = f"day {entry['day']}, " if "day" in entry else ""
    role = f"{_words(entry['role'])}, " if "role" in entry else ""
    return f"{day}{role}{entry['title']}"


def _words(code: str) -> str:
    return code.replace("_", " ")


def _said(value: object) -> str:
    """A value as people read it: lists line by line, yes and no, nothing for what is not there."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return "\n".join(_words(str(item)) for item in value)
        case dict():
            return "\n".join(f"{side}: {_words(str(role))}" for side, role in value.items())
        case _:
            return (
                _words(str(value))
                if isinstance(value, str) and "_" in value and " " not in value
                else str(value)
            )
