"""Playbooks as the pages show them: what an organisation has, what it may start with, and what a version says."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from accounts.models import Organisation
from accounts.roles import ParticipantRole, in_a_sentence
from common.ui import Reason
from common.wording import joined
from milestones import playbook as playbooks
from milestones.models import OwnPlaybook, Plan, PlaybookVersion, VersionState
from milestones.playbook import (
    CheckSpec,
    GateSpec,
    MetricSpec,
    MilestoneSpec,
    Mistake,
    Playbook,
    ReviewSpec,
    built,
)

# Playbooks that a process remembers as they were read, by what they say.
REMEMBERED = 64


@dataclass(frozen=True)
class Offer:
    """A playbook that a new engagement can start with; `key` is what its form sends."""

    key: str
    title: str
    line: str
    version: int
    own: bool


def offers(organisation: Organisation) -> list[Offer]:
    """What an organisation can start with: its own published playbooks, then those that come with the program."""
    published = PlaybookVersion.objects.filter(organisation=organisation, state=VersionState.PUBLISHED)
    told = published.values_list("public_id", "content__title", "content__line", "version")
    own = [Offer(str(key), title, line or "", version, own=True) for key, title, line, version in told]
    shipped = [playbooks.load(code) for code in playbooks.shipped()]
    return [
        *sorted(own, key=lambda offer: offer.title.lower()),
        *(Offer(book.code, book.title, book.line, book.version, own=False) for book in shipped),
    ]


@dataclass(frozen=True)
class OwnRow:
    """One playbook of an organisation with its versions, newest first, and how many plans each has started."""

    playbook: OwnPlaybook
    versions: tuple[tuple[PlaybookVersion, int], ...]

    @property
    def newest(self) -> PlaybookVersion:
        return self.versions[0][0]

    @property
    def draft(self) -> PlaybookVersion | None:
        return self._in(VersionState.DRAFT)

    @property
    def published(self) -> PlaybookVersion | None:
        return self._in(VersionState.PUBLISHED)

    @property
    def shown(self) -> PlaybookVersion:
        """The version that the playbook's page opens with: the published one, else the newest."""
        return self.published or self.newest

    @property
    def uses(self) -> int:
        return sum(uses for _, uses in self.versions)

    def _in(self, state: VersionState) -> PlaybookVersion | None:
        return next((version for version, _ in self.versions if version.state == state), None)


def own_playbooks(organisation: Organisation, *, only: UUID | None = None) -> list[OwnRow]:
    """Every playbook of an organisation, or the one of this id; `uses` counts the engagements that the reader sees."""
    versions = defaultdict(list)
    found = PlaybookVersion.objects.filter(organisation=organisation).select_related("playbook")
    for version in found.filter(playbook__public_id=only) if only else found:
        versions[version.playbook].append(version)
    sources = [version.public_id for each in versions.values() for version in each]
    uses = Counter(Plan.objects.filter(playbook_source__in=sources).values_list("playbook_source", flat=True))
    rows = [
        OwnRow(playbook, tuple((version, uses[version.public_id]) for version in each))
        for playbook, each in versions.items()
    ]
    return sorted(rows, key=lambda row: row.newest.title.lower())


@dataclass(frozen=True)
class Entry:
    """One entry of a playbook with its number in its part, what is wrong with it, its owner and notes in words."""

    number: int
    item: Any
    mistakes: tuple[str, ...] = ()
    owner: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part of a playbook, as a page lists it; `head` is the phase or area that it is listed under."""

    key: str
    title: str
    entries: tuple[Entry, ...]
    head: Entry | None = None


@dataclass(frozen=True)
class Content:
    """What a playbook says, in the order in which people read it, with its mistakes beside what they are about."""

    book: Playbook
    phases: tuple[Part, ...]
    checks: tuple[Part, ...]
    reviews: Part
    gates: Part
    metrics: Part
    mistakes: int
    wrong: tuple[Reason, ...]


def content_of(data: Mapping[str, Any]) -> Content:
    """A playbook's content for its page; `data` has the shape of one, whatever else is wrong with it.

    What the same data say is worked out once in a process, as is their YAML.
    """
    return _content_of(json.dumps(data))


def yaml_of(data: Mapping[str, Any]) -> str:
    """A playbook's data as text that people edit."""
    return _yaml_of(json.dumps(data))


@lru_cache(maxsize=REMEMBERED)
def _yaml_of(told: str) -> str:
    return playbooks.as_yaml(built(json.loads(told)))


@lru_cache(maxsize=REMEMBERED)
def _content_of(told: str) -> Content:
    data = json.loads(told)
    book, found = built(data), playbooks.mistakes_of(data)

    def entries(part: str) -> list[Entry]:
        numbers: dict[str, int] = {}
        for number, entry in enumerate(data.get(part) or (), start=1):
            numbers.setdefault(entry["code"], number)
        return [
            Entry(numbers[item.code], item, _of(found, part, item.code), _owner(item), _notes(item, book))
            for item in getattr(book, part)
        ]

    milestones, checks = entries("milestones"), entries("checks")
    areas = {entry.item.code: entry for entry in entries("areas")}
    titles = {
        (part, entry["code"]): entry["title"] for part in playbooks.PARTS for entry in data.get(part) or ()
    }
    return Content(
        book=book,
        phases=tuple(
            Part(
                "milestones", phase.item.title,
                tuple(entry for entry in milestones if entry.item.phase == phase.item.code), phase,
            )
            for phase in entries("phases")
        ),
        checks=tuple(
            Part(
                "checks", title, tuple(entry for entry in checks if entry.item.area == code), areas.get(code)
            )
            for code, title in [
                *((code, area.item.title) for code, area in areas.items()), *_strays(book, areas),
            ]
        ),
        reviews=Part("reviews", "Reviews", tuple(entries("reviews"))),
        gates=Part("gates", "Gates", tuple(entries("gates"))),
        metrics=Part("metrics", "Metrics", tuple(entries("metrics"))),
        mistakes=len(found),
        wrong=tuple(Reason(f"“{titles.get((m.part, m.entry), m.entry)}”: {m.text}" if m.entry else str(m),
                           f"#{m.part}-{m.entry}" if m.entry else "") for m in found),
    )  # fmt: skip


def _of(found: list[Mistake], part: str, code: str) -> tuple[str, ...]:
    return tuple(mistake.text for mistake in found if (mistake.part, mistake.entry) == (part, code))


def _strays(book: Playbook, areas: Mapping[str, Entry]) -> list[tuple[str, str]]:
    """Areas that checks name and that are not there: what stands in them must not vanish from the page."""
    return [(code, code) for code in dict.fromkeys(check.area for check in book.checks) if code not in areas]


def _owner(item: Any) -> str:
    role = getattr(item, "role", "")
    return f"{_role(role)} ({item.side})" if role else ""


def _role(role: str) -> str:
    return ParticipantRole(role).label if role in ParticipantRole.values else role


def _notes(item: Any, book: Playbook) -> tuple[str, ...]:
    """What else an entry says, in words."""
    match item:
        case MilestoneSpec():
            titles = {spec.code: spec.title for spec in book.milestones}
            areas = {
                f"checks:{area.code}": f"the hard checks of “{area.title}” are passed" for area in book.areas
            }
            needs = [{**playbooks.NEEDS, **areas}.get(need, need) for need in item.needs]
            notes = ["Technical work: not before the brief is signed"] if item.technical else []
            notes += (
                [f"Waits for {joined([f'“{titles.get(code, code)}”' for code in item.after])}"]
                if item.after
                else []
            )
            return (*notes, *([f"Done only when {joined(needs)}"] if needs else []))
        case CheckSpec():
            return ("Hard: the day-10 gate waits for it" if item.hard else "Not hard: no gate waits for it",)
        case ReviewSpec():
            return (
                f"Attended by {joined([in_a_sentence(_role(role)) for role in item.attendees])}",
                *item.agenda,
            )
        case MetricSpec():
            counted = f"{item.numerator} ÷ {item.denominator}" if item.denominator else item.numerator
            better = "more is better" if item.direction == "up" else "less is better"
            return (f"{counted}, in {item.unit}, {better}", f"From {item.source}")
        case GateSpec():
            return tuple(
                f"Signed for the {side} by the {in_a_sentence(_role(role))}"
                for side, role in item.signers.items()
            )
    return ()
