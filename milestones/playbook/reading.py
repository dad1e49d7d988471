"""Reading a playbook: whether the data has the right shape, and what it says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from common.names import name_blockers

from .kinds import Area, CheckSpec, GateSpec, MetricSpec, MilestoneSpec, Phase, Playbook, ReviewSpec
from .mistakes import Mistake, PlaybookError
from .sense import sense_mistakes

LONGEST_TEXT = 200_000  # characters of YAML; the shipped ones have some 15,000
CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
DEEPEST = (
    12  # lists and mappings inside each other; a playbook has 4, and reading takes the square of the depth
)
MOST_ENTRIES = 200  # of one part; each waits for its owner, so a plan with more is no plan


@dataclass(frozen=True)
class Field:
    """One key of an entry: its kind, whether it has to be there, and how long its text may be."""

    kind: type
    required: bool = True
    longest: int = 0
    usual: object = None

    def usual_of(self, item: object) -> object:
        """The value that an entry has where it names none."""
        return getattr(item, "day") if self.usual == "day" else self.usual  # noqa: B009


_CODE, _TITLE, _EVIDENCE, _ROLE = (
    Field(str, longest=40),
    Field(str, longest=160),
    Field(str, longest=300),
    Field(str),
)
_DAY, _LIST = Field(int), Field(list)
TOP = {
    "code": Field(str, longest=60),
    "version": Field(int),
    "title": Field(str, longest=160),
    "line": Field(str, required=False, longest=200),
}
OPTIONAL = ("metrics",)
PARTS: dict[str, dict[str, Field]] = {
    "phases": {"code": Field(str, longest=12), "title": Field(str, longest=60), "first_day": _DAY, "last_day": _DAY},
    "gates": {
        "code": Field(str, longest=20), "title": _TITLE, "day": _DAY, "deliverable": Field(str, longest=20),
        "signers": Field(dict),
    },
    "milestones": {
        "code": _CODE, "title": _TITLE, "todo": Field(str, required=False, longest=160, usual=""),
        "start": Field(int, required=False, usual="day"), "day": _DAY,
        "role": _ROLE, "side": _ROLE, "technical": Field(bool, required=False, usual=False),
        "needs": Field(list, required=False, usual=()), "after": Field(list, required=False, usual=()),
        "evidence": _EVIDENCE,
    },
    "areas": {"code": _CODE, "title": _TITLE},
    "checks": {
        "code": _CODE, "title": _TITLE, "area": _CODE, "day": _DAY, "role": _ROLE, "side": _ROLE,
        "hard": Field(bool), "evidence": _EVIDENCE,
    },
    "metrics": {
        "code": Field(str, longest=34), "title": Field(str, longest=60), "numerator": Field(str, longest=80),
        "denominator": Field(str, required=False, longest=80, usual=""), "unit": _ROLE, "direction": _ROLE,
        "minimum": Field(int, required=False, usual=30), "source": Field(str, longest=80),
    },
    "reviews": {"code": _CODE, "title": _TITLE, "day": _DAY, "attendees": _LIST, "agenda": Field(list, longest=200)},
}  # fmt: skip


def parse(text: str) -> Playbook:
    """Read a playbook from YAML text; raises PlaybookError that names every mistake."""
    return read(data_of(text))


def data_of(text: str) -> Any:
    """YAML text as plain data; raises PlaybookError for what is no YAML, or far too much of it."""
    if len(text) > LONGEST_TEXT:
        raise PlaybookError([Mistake(f"This is longer than {LONGEST_TEXT:,} characters.")])
    try:
        _refuse_traps(text)
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, PlaybookError):
            raise
        raise PlaybookError([Mistake(f"This is not readable YAML: {error}")]) from error


def _refuse_traps(text: str) -> None:
    """Raise PlaybookError for YAML whose few characters would take a server long to read."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        # An alias repeats a part without its text: a few lines could stand for millions.
        if isinstance(event, yaml.AliasEvent):
            raise PlaybookError([Mistake("Write each entry out: aliases (*) are not read.")])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise PlaybookError(
                [Mistake(f"Lists and mappings stand more than {DEEPEST} deep in each other.")]
            )


def read(data: Any) -> Playbook:
    """A playbook from its data; raises PlaybookError that names every mistake."""
    if mistakes := mistakes_of(data):
        raise PlaybookError(mistakes)
    return built(data)


def mistakes_of(data: Any) -> list[Mistake]:
    """Everything that is wrong with the data of a playbook: its shape, and where that is right, its sense."""
    if not isinstance(data, dict):
        return [Mistake("A playbook is a mapping with code, version, title and its parts.")]
    return _shape_mistakes(data) or sense_mistakes(built(data))


def _shape_mistakes(data: dict[str, Any]) -> list[Mistake]:
    """Missing parts, missing or unknown keys and values of a wrong kind."""
    mistakes = [
        Mistake(f"“{key}” is missing.", key=key)
        for key, field in TOP.items()
        if field.required and not _is(data.get(key), field.kind)
    ]
    mistakes += [
        Mistake(f"“{key}” is unknown.", key=str(key)[:60])
        for key in data
        if key not in TOP and key not in PARTS
    ]
    mistakes += _length_mistakes("", "", data, TOP)
    for part, fields in PARTS.items():
        entries = data.get(part)
        if entries is None and part in OPTIONAL:
            continue
        if not isinstance(entries, list) or not entries:
            mistakes.append(Mistake("this part is missing or empty.", part=part))
        elif len(entries) > MOST_ENTRIES:
            mistakes.append(Mistake(f"more than {MOST_ENTRIES} entries are not read.", part=part))
        else:
            for number, entry in enumerate(entries, start=1):
                mistakes += _entry_mistakes(part, number, entry, fields)
    return mistakes


def _is(value: object, kind: type) -> bool:
    """Whether a value is of a kind; a bool is an int in Python, but `day: true` is a mistake."""
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, str) and not value.strip())


def _entry_mistakes(part: str, number: int, entry: object, fields: Mapping[str, Field]) -> list[Mistake]:
    if not isinstance(entry, dict):
        return [Mistake("this is not a mapping.", part, f"entry {number}")]
    code = entry.get("code")
    where = code[:40] if isinstance(code, str) and code.strip() else f"entry {number}"
    mistakes = [
        Mistake(f"“{key}” is missing.", part, where, key)
        for key, field in fields.items()
        if field.required and _empty(entry.get(key))
    ]
    mistakes += [
        Mistake(f"“{str(key)[:60]}” is unknown.", part, where, str(key)[:60])
        for key in entry
        if key not in fields
    ]
    mistakes += [
        Mistake(f"“{key}” cannot be {_short(entry[key])}.", part, where, key)
        for key, field in fields.items()
        if not _empty(entry.get(key)) and not _is(entry[key], field.kind)
    ]
    mistakes += [
        Mistake(f"“{key}” holds {_short(item)}, which is no text.", part, where, key)
        for key, field in fields.items()
        for item in _items(entry.get(key))
        if not isinstance(item, str) or not item.strip()
    ]
    for key in ("title", "todo"):
        text = entry.get(key)
        if isinstance(text, str) and text.strip():
            mistakes += [Mistake(reason, part, where, key) for reason in name_blockers(text)]
    if isinstance(code, str) and code.strip() and not CODE.fullmatch(code):
        text = "a code is made of small letters, digits and single hyphens."
        mistakes.append(Mistake(text, part, where, "code"))
    return mistakes + _length_mistakes(part, where, entry, fields)


def _items(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, list) else []


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _length_mistakes(
    part: str, where: str, entry: Mapping[str, Any], fields: Mapping[str, Field]
) -> list[Mistake]:
    return [
        Mistake(f"“{key}” is longer than {field.longest} characters.", part, where, key)
        for key, field in fields.items()
        if field.longest
        and any(
            isinstance(text, str) and len(text) > field.longest
            for text in (entry.get(key), *_items(entry.get(key)))
        )
    ]


def built(data: Mapping[str, Any]) -> Playbook:
    """A playbook from data that was found right before: what a plan keeps is not judged by later rules."""
    phases = tuple(
        Phase(entry["code"], entry["title"], entry["first_day"], entry["last_day"])
        for entry in data["phases"]
    )
    gates = tuple(
        sorted(
            (
                GateSpec(
                    entry["code"], entry["title"], entry["day"], entry["deliverable"], dict(entry["signers"])
                )
                for entry in data["gates"]
            ),
            key=lambda gate: gate.day,
        )
    )

    def milestone(entry: Mapping[str, Any]) -> MilestoneSpec:
        day = entry["day"]
        return MilestoneSpec(
            code=entry["code"], title=entry["title"],
            phase=next((phase.code for phase in phases if phase.first_day <= day <= phase.last_day), ""),
            gate=next((gate.code for gate in gates if day <= gate.day), ""),
            start=entry.get("start") or day, day=day, role=entry["role"], side=entry["side"],
            evidence=entry["evidence"], todo=entry.get("todo") or "", technical=bool(entry.get("technical")),
            needs=tuple(entry.get("needs") or ()), after=tuple(entry.get("after") or ()),
        )  # fmt: skip

    return Playbook(
        code=data["code"],
        version=data["version"],
        title=data["title"],
        line=data.get("line") or "",
        phases=phases,
        milestones=tuple(sorted(map(milestone, data["milestones"]), key=lambda item: item.day)),
        areas=tuple(Area(entry["code"], entry["title"]) for entry in data["areas"]),
        checks=tuple(
            CheckSpec(
                code=entry["code"], title=entry["title"], day=entry["day"], role=entry["role"],
                side=entry["side"], evidence=entry["evidence"], area=entry["area"], hard=entry["hard"],
            )
            for entry in data["checks"]
        ),
        reviews=tuple(
            ReviewSpec(
                entry["code"], entry["title"], entry["day"], tuple(entry["attendees"]), tuple(entry["agenda"])
            )
            for entry in data["reviews"]
        ),
        gates=gates,
        metrics=tuple(
            MetricSpec(
                code=entry["code"], title=entry["title"], numerator=entry["numerator"],
                denominator=entry.get("denominator") or "", unit=entry["unit"], direction=entry["direction"],
                minimum=entry.get("minimum") or 30, source=entry["source"],
            )
            for entry in data.get("metrics") or ()
        ),
    )  # fmt: skip
