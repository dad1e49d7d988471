"""A playbook as data and as text, in the order in which people read it."""

from typing import Any

import yaml

from .kinds import Playbook
from .reading import OPTIONAL, PARTS, TOP


def as_data(playbook: Playbook) -> dict[str, Any]:
    """What `read` reads: a mapping of plain values, in the order of the format, without what has its usual value."""
    data: dict[str, Any] = {key: getattr(playbook, key) for key in TOP if getattr(playbook, key)}
    for part, fields in PARTS.items():
        data[part] = [
            {
                key: _plain(getattr(item, key))
                for key, field in fields.items()
                if field.required or getattr(item, key) != field.usual_of(item)
            }
            for item in getattr(playbook, part)
        ]
    return {key: value for key, value in data.items() if value or key not in OPTIONAL}


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, dict) else value


def as_yaml(playbook: Playbook) -> str:
    """The playbook as YAML text that `parse` reads."""
    text: str = yaml.safe_dump(as_data(playbook), allow_unicode=True, sort_keys=False, width=110)
    return text
