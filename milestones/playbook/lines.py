"""On which line of its text a mistake of a playbook stands."""

from collections.abc import Iterable

import yaml

from .mistakes import Mistake


def with_lines(text: str, mistakes: Iterable[Mistake]) -> list[str]:
    """Mistakes as sentences, each with the line that it stands on: "Line 42: milestones, kickoff: …"."""
    try:
        root = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError:
        root = None
    said = []
    for mistake in mistakes:
        line = _line(root, mistake)
        said.append(f"Line {line}: {mistake}" if line else str(mistake))
    return said


def _line(root: yaml.Node | None, mistake: Mistake) -> int | None:
    """The line of the key, else of the entry, else of the part, counted from 1; None for what is nowhere."""
    part = _value(root, mistake.part or mistake.key)
    entry = _entry(part, mistake.entry) if part else None
    node = _value(entry, mistake.key) or entry or part
    return node.start_mark.line + 1 if node else None


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if getattr(name, "value", None) == key), None)


def _entry(part: yaml.Node, named: str) -> yaml.Node | None:
    """The entry with this code, or the one that "entry 3" counts."""
    if not isinstance(part, yaml.SequenceNode):
        return None
    for number, entry in enumerate(part.value, start=1):
        code = _value(entry, "code")
        if isinstance(entry, yaml.Node) and named in (f"entry {number}", getattr(code, "value", None)):
            return entry
    return None
