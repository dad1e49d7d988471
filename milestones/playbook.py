"""Playbooks: the template of phases, milestones, readiness checks, reviews and gates, read from YAML.

Pure: text in, frozen dataclasses out. A playbook with a mistake is refused whole, with every mistake named.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "playbooks"
SIDES = ("client", "operator")
ROLES = {
    "client_lead": "client",
    "campaign_manager": "operator",
    "supervisor": "operator",
    "qa_lead": "operator",
    "closer_lead": "client",
    "executive": "client",
}
NEEDS = ("plan_locked", "brief_signed", "roster_cleared", "baseline_frozen")


class PlaybookError(ValueError):
    """A playbook that cannot be used; `errors` names every mistake."""

    def __init__(self, errors: list[str]) -> None:
        self.errors = errors
        super().__init__("; ".join(errors))


@dataclass(frozen=True)
class Phase:
    """A stretch of days with a name."""

    code: str
    title: str
    first_day: int
    last_day: int


@dataclass(frozen=True)
class Owned:
    """Something that a role owes by a day and proves with evidence."""

    code: str
    title: str
    day: int
    role: str
    side: str
    evidence: str


@dataclass(frozen=True)
class MilestoneSpec(Owned):
    """A dated piece of work.

    `needs` is what the program must find true before it can be completed, `after` the codes of the milestones that
    must be done before it.
    """

    phase: str
    gate: str
    start: int
    technical: bool
    needs: tuple[str, ...]
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Area:
    """A part of the setup under which checks are grouped."""

    code: str
    title: str


@dataclass(frozen=True)
class CheckSpec(Owned):
    """A test that must be passed before launch when it is hard."""

    area: str
    hard: bool


@dataclass(frozen=True)
class ReviewSpec:
    """A meeting with the people it needs and what it covers."""

    code: str
    title: str
    day: int
    attendees: tuple[str, ...]
    agenda: tuple[str, ...]


@dataclass(frozen=True)
class GateSpec:
    """The end of a phase: a deliverable that one named role of each side signs."""

    code: str
    title: str
    day: int
    deliverable: str
    signers: Mapping[str, str]


@dataclass(frozen=True)
class Playbook:
    """A whole template, in the order of its days."""

    code: str
    version: int
    title: str
    phases: tuple[Phase, ...]
    milestones: tuple[MilestoneSpec, ...]
    areas: tuple[Area, ...]
    checks: tuple[CheckSpec, ...]
    reviews: tuple[ReviewSpec, ...]
    gates: tuple[GateSpec, ...]

    def phase_of(self, day: int) -> Phase:
        """The phase of a day; days before the first belong to it, days after the last to the last."""
        for phase in self.phases:
            if day <= phase.last_day:
                return phase
        return self.phases[-1]

    def milestone(self, code: str) -> MilestoneSpec:
        """The milestone with this code; KeyError when there is none."""
        return {spec.code: spec for spec in self.milestones}[code]

    def gate(self, code: str) -> GateSpec:
        """The gate with this code; KeyError when there is none."""
        return {spec.code: spec for spec in self.gates}[code]

    def technical_areas(self) -> frozenset[str]:
        """Areas whose checks are technical work: those that technical milestones wait for."""
        needs = (need for spec in self.milestones if spec.technical for need in spec.needs)
        return frozenset(need.removeprefix("checks:") for need in needs if need.startswith("checks:"))

    def owned(self) -> tuple[Owned, ...]:
        """Milestones and checks together."""
        return (*self.milestones, *self.checks)


@cache
def load(code: str) -> Playbook:
    """The shipped playbook with this code, e.g. ``calling-90-days``; raises PlaybookError."""
    path = FOLDER / f"{code.replace('-', '_')}.yaml"  # calling_90_days.yaml holds calling-90-days
    if code not in shipped():
        raise PlaybookError([f"There is no playbook “{code}”."])
    return parse(path.read_text(encoding="utf-8"))


@cache
def shipped() -> tuple[str, ...]:
    """Codes of the playbooks that come with the program."""
    return tuple(sorted(path.stem.replace("_", "-") for path in FOLDER.glob("*.yaml")))


def parse(text: str) -> Playbook:
    """Read a playbook from YAML text; raises PlaybookError that names every mistake."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PlaybookError([f"This is not readable YAML: {error}"]) from error
    if not isinstance(data, dict):
        raise PlaybookError(["A playbook is a mapping with code, version, title and its parts."])
    if errors := _shape_errors(data):
        raise PlaybookError(errors)
    playbook = _build(data)
    if errors := _sense_errors(playbook):
        raise PlaybookError(errors)
    return playbook


_PARTS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "phases": {"code": str, "title": str, "first_day": int, "last_day": int},
    "gates": {"code": str, "title": str, "day": int, "deliverable": str, "signers": dict},
    "milestones": {"code": str, "title": str, "day": int, "role": str, "side": str, "evidence": str},
    "areas": {"code": str, "title": str},
    "checks": {
        "code": str, "title": str, "area": str, "day": int, "role": str, "side": str, "evidence": str,
        "hard": bool,
    },
    "reviews": {"code": str, "title": str, "day": int, "attendees": list, "agenda": list},
}  # fmt: skip
_OPTIONAL: dict[str, dict[str, type]] = {
    "milestones": {"start": int, "technical": bool, "needs": list, "after": list}
}


def _shape_errors(data: dict[str, Any]) -> list[str]:
    """Missing parts, missing or unknown keys and values of a wrong kind."""
    errors = [
        f"“{key}” is missing." for key, kind in (("code", str), ("version", int), ("title", str))
        if not isinstance(data.get(key), kind)
    ]  # fmt: skip
    for part, required in _PARTS.items():
        entries = data.get(part)
        if not isinstance(entries, list) or not entries:
            errors.append(f"“{part}” is missing or empty.")
            continue
        for number, entry in enumerate(entries, start=1):
            errors += _entry_errors(part, number, entry, required)
    return errors


def _entry_errors(
    part: str, number: int, entry: object, required: Mapping[str, type | tuple[type, ...]]
) -> list[str]:
    if not isinstance(entry, dict):
        return [f"{part}, entry {number}: this is not a mapping."]
    where = f"{part}, {entry.get('code', f'entry {number}')}"
    allowed = {**required, **_OPTIONAL.get(part, {})}
    errors = [f"{where}: “{key}” is missing." for key in required if entry.get(key) in (None, "")]
    errors += [f"{where}: “{key}” is unknown." for key in entry if key not in allowed]
    errors += [
        f"{where}: “{key}” cannot be {entry[key]!r}."
        for key, kind in allowed.items()
        if entry.get(key) not in (None, "")
        # bool is an int in Python, but `day: true` is a mistake
        and (not isinstance(entry[key], kind) or (kind is int and isinstance(entry[key], bool)))
    ]
    return errors


def _build(data: dict[str, Any]) -> Playbook:
    phases = tuple(Phase(**entry) for entry in data["phases"])
    gates = tuple(sorted((GateSpec(**entry) for entry in data["gates"]), key=lambda gate: gate.day))

    def milestone(entry: dict[str, Any]) -> MilestoneSpec:
        day = entry["day"]
        return MilestoneSpec(
            code=entry["code"], title=entry["title"],
            phase=next((phase.code for phase in phases if phase.first_day <= day <= phase.last_day), ""),
            gate=next((gate.code for gate in gates if day <= gate.day), ""),
            start=entry.get("start", day), day=day, role=entry["role"], side=entry["side"],
            evidence=entry["evidence"], technical=entry.get("technical", False),
            needs=tuple(entry.get("needs", ())), after=tuple(entry.get("after", ())),
        )  # fmt: skip

    return Playbook(
        code=data["code"],
        version=data["version"],
        title=data["title"],
        phases=phases,
        milestones=tuple(sorted(map(milestone, data["milestones"]), key=lambda item: item.day)),
        areas=tuple(Area(**entry) for entry in data["areas"]),
        checks=tuple(CheckSpec(**entry) for entry in data["checks"]),
        reviews=tuple(
            ReviewSpec(**{**entry, "attendees": tuple(entry["attendees"]), "agenda": tuple(entry["agenda"])})
            for entry in data["reviews"]
        ),
        gates=gates,
    )


def _sense_errors(playbook: Playbook) -> list[str]:
    """What is well-formed and still makes no sense."""
    errors = []
    for part in ("phases", "gates", "milestones", "areas", "checks", "reviews"):
        counts = Counter(item.code for item in getattr(playbook, part))
        errors += [f"{part}: “{code}” appears {n} times." for code, n in counts.items() if n > 1]
    errors += _phase_errors(playbook.phases)
    last = playbook.phases[-1].last_day
    areas = {area.code for area in playbook.areas}
    days = [(item.code, item.day) for item in playbook.owned()]
    days += [(review.code, review.day) for review in playbook.reviews]
    days += [(gate.code, gate.day) for gate in playbook.gates]
    errors += [
        f"{code}: day {day} lies outside days 1 to {last}." for code, day in days if not 1 <= day <= last
    ]
    for item in playbook.owned():
        errors += _owner_errors(item.code, item.role, item.side)
    for spec in playbook.milestones:
        if not 1 <= spec.start <= spec.day:
            errors.append(f"{spec.code}: it starts on day {spec.start}, after its due day {spec.day}.")
        if not spec.gate:
            errors.append(f"{spec.code}: no gate closes after day {spec.day}.")
        errors += _need_errors(spec, areas)
        errors += _order_errors(spec, playbook.checks)
    errors += _after_errors(playbook.milestones)
    errors += [
        f"{check.code}: area “{check.area}” is unknown."
        for check in playbook.checks
        if check.area not in areas
    ]
    for review in playbook.reviews:
        errors += [
            f"{review.code}: role “{role}” is unknown." for role in review.attendees if role not in ROLES
        ]
    return errors + _gate_errors(playbook)


def _phase_errors(phases: Iterable[Phase]) -> list[str]:
    errors, expected = [], 1
    for phase in phases:
        if phase.first_day != expected:
            errors.append(f"{phase.code}: it should begin on day {expected}, not on day {phase.first_day}.")
        if phase.last_day < phase.first_day:
            errors.append(f"{phase.code}: it ends before it begins.")
        expected = phase.last_day + 1
    return errors


def _owner_errors(code: str, role: str, side: str) -> list[str]:
    if role not in ROLES:
        return [f"{code}: role “{role}” is unknown."]
    if side not in SIDES:
        return [f"{code}: side “{side}” is unknown."]
    if ROLES[role] != side:
        return [f"{code}: a {role} belongs to the {ROLES[role]}, not to the {side}."]
    return []


def _need_errors(spec: MilestoneSpec, areas: set[str]) -> list[str]:
    known = {*NEEDS, *(f"checks:{area}" for area in areas)}
    return [f"{spec.code}: need “{need}” is unknown." for need in spec.needs if need not in known]


def _order_errors(spec: MilestoneSpec, checks: Iterable[CheckSpec]) -> list[str]:
    """A milestone cannot be due before a check that it waits for."""
    return [
        f"{spec.code}: it is due on day {spec.day}, before its check {check.code} of day {check.day}."
        for check in checks
        if f"checks:{check.area}" in spec.needs and check.day > spec.day
    ]


def _after_errors(milestones: Iterable[MilestoneSpec]) -> list[str]:
    """A milestone waits for known ones that are due no later than itself, and never for itself in a circle."""
    by_code = {spec.code: spec for spec in milestones}
    errors = []
    for spec in by_code.values():
        for code in spec.after:
            before = by_code.get(code)
            if before is None:
                errors.append(f"{spec.code}: it waits for “{code}”, which is no milestone.")
            elif before.day > spec.day:
                errors.append(
                    f"{spec.code}: it is due on day {spec.day}, before “{code}” of day {before.day}, "
                    "which it waits for."
                )
    if circle := _circle({spec.code: spec.after for spec in by_code.values()}):
        errors.append(f"{circle[0]}: it waits for itself: {' → '.join(circle)}.")
    return errors


def _circle(after: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The first circle in who waits for whom, from a code back to itself; empty where there is none."""
    free: set[str] = set()

    def walk(code: str, path: list[str]) -> list[str]:
        if code in path:
            return [*path[path.index(code) :], code]
        if code in free:
            return []
        for before in after.get(code, ()):
            if found := walk(before, [*path, code]):
                return found
        free.add(code)
        return []

    return next((found for code in after if (found := walk(code, []))), [])


def _gate_errors(playbook: Playbook) -> list[str]:
    errors = []
    if {gate.day for gate in playbook.gates} != {phase.last_day for phase in playbook.phases}:
        errors.append("Each phase ends with exactly one gate on its last day.")
    for gate in playbook.gates:
        if set(gate.signers) != set(SIDES):
            errors.append(f"{gate.code}: it needs one signing role for each side.")
        for side, role in gate.signers.items():
            errors += _owner_errors(gate.code, role, side)
    return errors
