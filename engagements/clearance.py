"""Who may dial, and since when: the roster, the three certifications and the script in use. Pure.

Everything counts from the moment at which it was recorded, whatever date was told with it: what was right or wrong
when a call was made stays so, and the same records always give the same answer.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db.models import IntegerChoices, TextChoices

from common.wording import joined, plural

PASS_MARK = 80


class RosterMove(TextChoices):
    JOINED = "joined", "joined the roster"
    LEFT = "left", "left the roster"
    UNDONE = "undone", "taken back"


class Renaming(TextChoices):
    """What another name for an agent says about the person who has passed the certifications."""

    SPELLING = "spelling", "The same person: the name was spelled wrong"
    NEW_NAME = "new name", "The same person: they have another name now"
    SOMEBODY_ELSE = "somebody else", "Somebody else"


def renaming_blockers(name: str, to: str, why: Renaming) -> list[str]:
    """Say why this is no renaming: what a person has passed is not handed on to another."""
    if why is not Renaming.SOMEBODY_ELSE:
        return []
    return [
        f"Certifications, calls and breaches stay with {name}. Take {name} off the roster and put {to} on it as a new "
        "agent, with a dialer code of their own."
    ]


class CertificationKind(TextChoices):
    PRODUCT = "product", "Product knowledge"
    SCRIPT = "script", "Script certification"
    SYSTEMS = "systems", "System skills"

    @property
    def words(self) -> str:
        """The certification within a sentence."""
        return self.label.lower()

    @property
    def parts(self) -> dict[str, str]:
        """What is assessed for it: code and label."""
        return PARTS[self]


PARTS: dict[CertificationKind, dict[str, str]] = {
    CertificationKind.PRODUCT: {"product": "Product", "buyer": "Buyer", "market": "Market"},
    CertificationKind.SCRIPT: {
        "delivery": "Delivery",
        "objections": "Objections",
        "compliance": "Compliance language",
        "transfer_steps": "Transfer steps",
    },
    CertificationKind.SYSTEMS: {
        "dialer": "Dialer",
        "disposition": "Disposition in the CRM",
        "transfer": "Transfer",
    },
}


class Lack(IntegerChoices):
    """Why an agent could not dial; the first that holds is named."""

    NOT_LISTED = 1, "not on the roster"
    NOT_LAUNCHED = 2, "before launch clearance"
    NOT_CERTIFIED = 3, "certification missing"
    OUTDATED = 4, "script certification out of date"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a certification; `version` is that of the script, 0 for other kinds."""

    kind: CertificationKind
    passed: bool
    at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class Spell:
    """A time on the roster; `until` is None while it lasts."""

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class InUse:
    """A version of the script that came into use; `required` is the one on which agents have to be certified.

    That is an earlier one where only the wording has changed since.
    """

    version: int
    at: datetime
    required: int


@dataclass(frozen=True, slots=True)
class AgentRecord:
    """All that is recorded of one agent, the oldest first."""

    name: str
    spells: tuple[Spell, ...] = ()
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A certification that does not count; `since` is the version of the script that asked for it again."""

    kind: CertificationKind
    since: int = 0

    @property
    def words(self) -> str:
        """What the agent has not passed: "script certification since version 2 of the script"."""
        return (
            f"{self.kind.words} since version {self.since} of the script" if self.since else self.kind.words
        )


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which calls of an agent are breaches; None is without beginning or without end."""

    since: datetime | None
    until: datetime | None
    lack: Lack


def required_version(uses: Iterable[InUse], at: datetime) -> int:
    """The version of the script that an agent has to be certified on, or a later one; 0 while none is in use."""
    return max((use.required for use in uses if use.at <= at), default=0)


def missing(record: AgentRecord, uses: Sequence[InUse], at: datetime) -> list[Missing]:
    """Which of the three certifications do not count at this moment. The newest attempt at each decides."""
    required = required_version(uses, at)
    lacking = []
    for kind in CertificationKind:
        tried = [attempt for attempt in record.attempts if attempt.kind == kind and attempt.at <= at]
        newest = tried[-1] if tried else None
        if newest is None or not newest.passed:
            lacking.append(Missing(kind))
        elif kind is CertificationKind.SCRIPT and newest.version < required:
            lacking.append(Missing(kind, since=required))
    return lacking


def cleared(record: AgentRecord, uses: Sequence[InUse], at: datetime) -> list[str]:
    """Say why this agent is not on the cleared roster at a moment; an empty list means that they may dial."""
    if not any(spell.holds(at) for spell in record.spells):
        return [f"{record.name} is not on the roster."]
    return [f"{record.name} has not passed {each.words}." for each in missing(record, uses, at)]


def not_passed(name: str, lacking: Sequence[Missing]) -> str:
    """The same in one sentence."""
    return f"{name} has not passed {joined([each.words for each in lacking])}."


def lack_at(
    record: AgentRecord, uses: Sequence[InUse], launched: datetime | None, at: datetime
) -> Lack | None:
    """Why a call of this moment is a breach; None when the agent was cleared and the campaign launched."""
    if not any(spell.holds(at) for spell in record.spells):
        return Lack.NOT_LISTED
    if launched is None or at < launched:
        return Lack.NOT_LAUNCHED
    lacking = missing(record, uses, at)
    if any(not each.since for each in lacking):
        return Lack.NOT_CERTIFIED
    return Lack.OUTDATED if lacking else None


def breach_spans(record: AgentRecord, uses: Sequence[InUse], launched: datetime | None) -> list[Span]:
    """Every time in which this agent's calls are breaches, one after the other."""
    moments = {spell.since for spell in record.spells}
    moments |= {spell.until for spell in record.spells if spell.until}
    moments |= {attempt.at for attempt in record.attempts} | {use.at for use in uses}
    if launched:
        moments.add(launched)
    edges = sorted(moments)
    earliest = edges[0] - timedelta(days=1) if edges else datetime.min.replace(tzinfo=ZoneInfo("UTC"))
    spans: list[Span] = []
    for since, until in zip([None, *edges], [*edges, None], strict=True):
        lack = lack_at(record, uses, launched, since or earliest)
        if lack is None:
            continue
        if spans and spans[-1].until == since and spans[-1].lack is lack and since is not None:
            spans[-1] = Span(spans[-1].since, until, lack)
        else:
            spans.append(Span(since, until, lack))
    return spans


class Moved(Protocol):
    """A line of the roster: somebody came, left, or the line before was taken back."""

    move: str


def standing_moves[T: Moved](entries: Iterable[T]) -> tuple[list[T], list[tuple[T, T]]]:
    """The moves of one agent that stand, the oldest first; and those taken back, each with the line that did so."""
    standing: list[T] = []
    undone: list[tuple[T, T]] = []
    for entry in entries:
        if entry.move != RosterMove.UNDONE:
            standing.append(entry)
        elif standing:
            undone.append((standing.pop(), entry))
    return standing, undone


@dataclass(frozen=True, slots=True)
class UndoFacts:
    """All that decides whether a line of the roster may be taken back.

    `newest` says that no other line of this agent has followed it; `attempts` and `codes` have been recorded since for
    who came by it, `calls` are those that were made since it counts.
    """

    name: str
    move: str
    newest: bool
    attempts: int = 0
    codes: Collection[str] = ()
    calls: int = 0


def undo_blockers(facts: UndoFacts) -> list[str]:
    """Say what stands on a line of the roster; nothing: it may be taken back as though it had not been written."""
    if not facts.newest:
        return [
            f"{facts.name}: the roster was changed again since. Take that back first, or change it by hand."
        ]
    reasons = []
    if facts.move == RosterMove.JOINED:
        if facts.attempts:
            reasons.append(
                f"{facts.name}: {plural(facts.attempts, 'attempt')} at a certification is on record."
            )
        if facts.codes:
            reasons.append(f"{facts.name} was given the dialer code {joined(list(facts.codes))} since.")
    if facts.calls:
        since = "on the roster" if facts.move == RosterMove.JOINED else "off the roster"
        reasons.append(f"{facts.name}: {plural(facts.calls, 'call')} made since they are {since}.")
    return reasons


def spell_start(on: date, recorded: datetime, zone: str) -> datetime:
    """When a time on the roster begins: with the day that was told, and never before it was recorded."""
    return max(recorded, datetime.combine(on, time.min, ZoneInfo(zone)))


def spell_end(on: date, recorded: datetime, zone: str) -> datetime:
    """When it ends: after the last day that was told, and never before that was recorded."""
    return max(recorded, datetime.combine(on + timedelta(days=1), time.min, ZoneInfo(zone)))


def spells_of(entries: Iterable[tuple[str, date, datetime]], zone: str) -> tuple[Spell, ...]:
    """The times on the roster from its moves (move, day, moment of recording), the oldest first."""
    spells: list[Spell] = []
    for move, on, recorded in entries:
        if move == RosterMove.JOINED:
            spells.append(Spell(spell_start(on, recorded, zone)))
        elif spells:
            spells[-1] = Spell(spells[-1].since, max(spell_end(on, recorded, zone), spells[-1].since))
    return tuple(spells)


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """All that decides whether an attempt may be recorded."""

    kind: CertificationKind
    name: str
    listed: bool
    side: str
    passed: bool
    score: int | None
    pass_mark: int
    parts: frozenset[str]
    note: str
    assessed_on: date
    today: date
    first: date
    version: int | None = None
    version_approved: bool = False
    outdated: int = 0  # the version that is required now, when the one named is older


def assessor_side(kind: CertificationKind) -> str:
    """The side that assesses it: the client knows its product, the operator its script and systems."""
    return "client" if kind is CertificationKind.PRODUCT else "operator"


def attempt_blockers(facts: AttemptFacts) -> list[str]:
    """Say why an attempt cannot be recorded; an empty list means that it can."""
    if facts.side != assessor_side(facts.kind):
        who = {
            "client": "somebody of the client assesses it, who knows the product",
            "operator": "the operator's QA lead, supervisor or campaign manager assesses it",
        }[assessor_side(facts.kind)]
        return [f"{facts.kind.label} is not assessed by the {facts.side}: {who}."]
    reasons = []
    if not facts.listed:
        reasons.append(f"{facts.name} is not on the roster. Put them on it first.")
    if not facts.first <= facts.assessed_on <= facts.today:
        reasons.append("The day of the assessment lies between the first day of the plan and today.")
    unknown = facts.parts - facts.kind.parts.keys()
    if unknown:
        reasons.append("A part was named that does not belong to this certification.")
    if facts.score is None or not 0 <= facts.score <= 100:
        reasons.append("The score lies between 0 and 100.")
    elif facts.passed and facts.score < facts.pass_mark:
        reasons.append(f"A score of {facts.score} is below the pass mark of {facts.pass_mark}: not passed.")
    left_out = [label for code, label in facts.kind.parts.items() if code not in facts.parts]
    if facts.passed and left_out:
        reasons.append(
            f"To pass, every part is assessed. Missing: {joined([part[:1].lower() + part[1:] for part in left_out])}."
        )
    if not facts.passed and not facts.note.strip():
        reasons.append("Say what was not good enough, so that the agent can work on it.")
    if facts.kind is CertificationKind.SCRIPT:
        if facts.version is None or not facts.version_approved:
            reasons.append(
                "Agents are certified on a final version of the script: the client approves it first."
            )
        elif facts.outdated:
            reasons.append(
                f"Version {facts.outdated} of the script is in use: certify on it, not on version {facts.version}."
            )
    return reasons
