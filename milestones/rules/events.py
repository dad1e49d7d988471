"""What happened around a gate, and how the gate stands by it. Pure: events in their order in, what holds now out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from common.names import WORDS, letters
from common.wording import day_text, joined
from milestones.dates import MIN_REASON
from milestones.rules.facts import Blocker, Kind, role_label

LONGEST_HOLD = 90  # days; a later date is a slip of the pen
ASK_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class EventFacts:
    """One event; `on` is its local day, `document` the hash and `version` the number of the report on the table."""

    kind: str
    side: str
    by: str
    at: datetime
    on: date
    text: str = ""
    until: date | None = None
    document: str = ""
    version: int | None = None
    person: int | None = None
    key: int | None = None
    about: int | None = None


def holds_now(events: Iterable[EventFacts], today: date) -> list[EventFacts]:
    """The holds in force: the newest of each side, unless that side has ended it or its day has come."""
    newest = {event.side: event for event in events if event.kind in ("hold", "release")}
    return [e for e in newest.values() if e.kind == "hold" and e.until is not None and today < e.until]


def declines_now(events: Iterable[EventFacts], document: str) -> list[EventFacts]:
    """The declines that stand: of the report on the table, and not taken back by the side that declined."""
    about = [e for e in events if e.kind in ("decline", "take_back") and e.document == document]
    newest = {event.side: event for event in about}
    return [event for event in newest.values() if event.kind == "decline" and document]


def sent_back(events: Iterable[EventFacts], document: str) -> EventFacts | None:
    """Why the report on the table no longer counts, where somebody sent it back or a fact behind it changed."""
    return next(
        (e for e in events if e.kind in ("recycle", "send_back") and document and e.document == document),
        None,
    )


def unsettled(events: Sequence[EventFacts]) -> list[EventFacts]:
    """What was found at a passed gate and has no answer yet."""
    settled = {event.about for event in events if event.kind == "settled"}
    return [event for event in events if event.kind == "found" and event.key not in settled]


def _quoted(text: str) -> str:
    """What somebody wrote, in quotes, as the end of a sentence."""
    return f"“{text}”" if text.endswith((".", "!", "?")) else f"“{text}”."


def standing_blockers(
    holds: Iterable[EventFacts], declines: Iterable[EventFacts], gate: str
) -> list[Blocker]:
    """Holds and declines as what stands between a gate and its signatures."""
    return [
        *(
            Blocker(
                f"The {hold.side} has paused this gate until {day_text(hold.until)} ({hold.by}): {_quoted(hold.text)}",
                Kind.HOLD, gate, hold.side,
            )
            for hold in holds
            if hold.until
        ),
        *(
            Blocker(
                f"The {event.side} has declined version {event.version} ({event.by}): {_quoted(event.text)} "
                "A new version answers it, or whoever declined takes it back.",
                Kind.DECLINE, gate, event.side,
            )
            for event in declines
        ),
    ]  # fmt: skip


@dataclass(frozen=True)
class GateVerb:
    """A signer's wish to do something about a gate other than signing it."""

    gate: str
    passed: bool
    side: str
    may_sign: bool
    signing_role: str
    reason: str = ""


def signer_blockers(verb: GateVerb) -> list[str]:
    """What keeps this person from acting as a signer of this gate."""
    if verb.passed:
        return [f"The gate “{verb.gate}” has passed already."]
    if not verb.may_sign:
        role = role_label(verb.signing_role)
        return [f"For the {verb.side}, the {role} or whoever stands in for them does this."]
    return []


def reason_blockers(reason: str, what: str) -> list[str]:
    """A reason is a sentence: it stays on record beside the name."""
    if len(reason.strip()) < MIN_REASON:
        return [f"Say in a sentence why {what}; the reason stays on record."]
    return [WORDS] if letters(reason) < MIN_REASON // 2 else []


def hold_blockers(verb: GateVerb, *, until: date, today: date) -> list[str]:
    """Say why the gate cannot be paused like this."""
    if reasons := signer_blockers(verb):
        return reasons
    reasons = reason_blockers(verb.reason, "the gate is paused")
    if until <= today:
        reasons.append("The day until which the gate is paused must lie ahead.")
    if until > today + timedelta(days=LONGEST_HOLD):
        latest = today + timedelta(days=LONGEST_HOLD)
        reasons.append(
            f"A gate is paused until {latest:%-d %B %Y} at the latest; it can be paused again then."
        )
    return reasons


def release_blockers(verb: GateVerb, *, holds: Iterable[EventFacts]) -> list[str]:
    """Say why this person cannot end the hold: the side that set it ends it, or its day does."""
    if reasons := signer_blockers(verb):
        return reasons
    holding = [hold.side for hold in holds]
    if not holding:
        return ["Nobody has paused this gate: there is nothing to end."]
    if verb.side not in holding:
        return [
            f"The {holding[0]} has paused this gate: a signer of the {holding[0]} ends that, or its day does."
        ]
    return []


@dataclass(frozen=True)
class DocumentVerb(GateVerb):
    """A wish about the report on the table: `seen` is the hash that the person read, `current` the present one."""

    seen: str = ""
    current: str = ""
    version: int | None = None
    report: str = "report"
    signed_by: frozenset[str] = frozenset()


def _stale(verb: DocumentVerb) -> list[str]:
    if not verb.current:
        return [f"The {verb.report} has not been made: there is nothing to answer yet."]
    if verb.seen != verb.current:
        return ["The report has changed since this page was opened. Read the new version first."]
    return []


def decline_blockers(verb: DocumentVerb, *, declines: Iterable[EventFacts]) -> list[str]:
    """Say why this side cannot decline the report on the table."""
    if reasons := signer_blockers(verb) or _stale(verb):
        return reasons
    if verb.side in {event.side for event in declines}:
        return [f"The {verb.side} has declined version {verb.version} already."]
    if verb.side in verb.signed_by:
        return [f"The {verb.side} has signed version {verb.version}: send the gate back instead."]
    return reason_blockers(verb.reason, "you decline")


def take_back_blockers(verb: DocumentVerb, *, declines: Iterable[EventFacts]) -> list[str]:
    """Say why a decline cannot be taken back by this person."""
    if reasons := signer_blockers(verb):
        return reasons
    if verb.side not in {event.side for event in declines}:
        return [f"The {verb.side} has not declined the version on the table."]
    return []


def send_back_blockers(verb: DocumentVerb, *, already: EventFacts | None) -> list[str]:
    """Say why the gate cannot be sent back to work on this report."""
    if reasons := signer_blockers(verb) or _stale(verb):
        return reasons
    if already:
        return [f"Version {verb.version} was sent back already, on {day_text(already.on)}."]
    return reason_blockers(verb.reason, "it goes back to work")


@dataclass(frozen=True)
class Signer:
    """Somebody who can sign a gate for a side: by role, or standing in for `instead_of`."""

    key: int
    name: str
    joined: bool
    instead_of: str = ""


def request_blockers(
    verb: DocumentVerb, *, open_items: int, standing: Sequence[Blocker], signers: Sequence[Signer],
    signed_by: frozenset[str], other: str, other_role: str,
) -> list[str]:  # fmt: skip
    """Say why the other side cannot be asked to sign now."""
    if reasons := signer_blockers(verb) or _stale(verb):
        return reasons
    reasons = [blocker.text for blocker in standing]
    if open_items:
        still = "is" if open_items == 1 else "are"
        reasons.append(f"{open_items} {'item' if open_items == 1 else 'items'} {still} still open.")
    if other in signed_by:
        reasons.append(f"The {other} has signed version {verb.version} already.")
    if not signers:
        reasons.append(f"Nobody can sign for the {other}: it has no {role_label(other_role)} on the team.")
    return reasons


def to_ask(
    events: Iterable[EventFacts], signers: Iterable[Signer], *, document: str, now: datetime
) -> tuple[list[Signer], str]:
    """Whom a request goes to now, and why it goes to nobody: a person is asked about a version once a day."""
    asked = {e.person: e for e in events if e.kind == "request" and e.document == document}
    recent = [s for s in signers if s.key in asked and now - asked[s.key].at < ASK_AGAIN_AFTER]
    due = [s for s in signers if s not in recent]
    names = joined([s.name for s in recent])
    verb = "was" if len(recent) == 1 else "were"
    return due, "" if due else f"{names} {verb} asked about this version less than a day ago."


def signers_line(side: str, role: str, signers: Sequence[Signer]) -> str:
    """Who can sign for a side, in words; that nobody is there is said."""
    if not signers:
        return f"Nobody can sign for the {side}: it has no {role_label(role)} on the team."
    names = [
        (f"{s.name} for {s.instead_of}" if s.instead_of else s.name)
        + ("" if s.joined else " (has not joined yet)")
        for s in signers
    ]
    return f"{joined(names, 'or')} can sign."


def found_blockers(text: str, *, passed: bool, gate: str, next_gate: str) -> list[str]:
    """Say why something cannot be noted as found after a gate had passed."""
    if not passed:
        return [f"The gate “{gate}” has not passed: send it back instead."]
    if not next_gate:
        return ["All gates have passed: there is no next one to carry this to."]
    return reason_blockers(text, "what was found matters")


def settle_blockers(text: str, *, settled: bool, passed: bool) -> list[str]:
    """Say why what was found cannot be settled like this."""
    if settled:
        return ["This is settled already."]
    if passed:
        return ["The gate that it was carried to has passed: its record cannot change."]
    return reason_blockers(text, "it is settled")
