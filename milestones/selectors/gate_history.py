"""What happened around a gate, as its page and its certificate tell it, and what a person may do about it now."""

from dataclasses import dataclass
from datetime import datetime

from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.wording import day_text
from milestones.models import Gate, GateEvent, GateEventKind
from milestones.rules import events as rules
from milestones.rules.events import Signer
from milestones.selectors.gate_standing import GateStanding, signed_sides
from milestones.selectors.signers import signing_roles
from milestones.selectors.standing import Standing

WORDS = {
    GateEventKind.HOLD: "paused the gate until {until}",
    GateEventKind.RELEASE: "ended the pause",
    GateEventKind.DECLINE: "declined version {version}",
    GateEventKind.TAKE_BACK: "took back the decline of version {version}",
    GateEventKind.SEND_BACK: "sent version {version} back to work",
    GateEventKind.RECYCLE: "changed a fact behind signed version {version}, so it went back to work",
    GateEventKind.REQUEST: "asked {person} to sign version {version}",
    GateEventKind.FOUND: "noted what came out after the gate had passed",
    GateEventKind.SETTLED: "settled it",
}


# What keeps a gate from being signed for a while.
STOPS = (GateEventKind.HOLD, GateEventKind.DECLINE, GateEventKind.SEND_BACK, GateEventKind.RECYCLE)


@dataclass(frozen=True)
class HistoryLine:
    """One thing that somebody did: `words` follow the name; `text` is the reason in their words."""

    at: datetime
    by: str
    side: str
    words: str
    text: str = ""
    stopped: bool = False


@dataclass(frozen=True)
class FoundItem:
    """Something found after the gate had passed, with its answer."""

    event: GateEvent
    answer: GateEvent | None


@dataclass(frozen=True)
class Verbs:
    """What the person before the page may do now besides signing."""

    hold: bool
    release: bool
    decline: bool
    take_back: bool
    send_back: bool
    ask: bool
    asked: str
    found: bool
    settle: bool

    @property
    def any(self) -> bool:
        return self.hold or self.decline or self.send_back


def history(standing: Standing, gate: Gate) -> list[HistoryLine]:
    """Every event and every signature of a gate, oldest first. Reads nothing that has not been read."""
    people = {p.pk: p.name for p in standing.people} if any(e.person_id for e in gate.events.all()) else {}
    lines = [
        HistoryLine(
            event.at, event.name, event.side,
            WORDS[GateEventKind(event.kind)].format(
                until=day_text(event.until) if event.until else "", version=event.document_version,
                person=people.get(event.person_id or 0, "somebody"),
            ),
            event.text, event.kind in STOPS,
        )
        for event in gate.events.all()
    ]  # fmt: skip
    lines += [
        HistoryLine(
            s.signed_at, s.name, s.side, f"signed the report with check code {s.content_hash[:12]}", s.note
        )
        for s in gate.sign_offs.all()
    ]
    return sorted(lines, key=lambda line: line.at)


def found_items(gate: Gate) -> list[FoundItem]:
    """What was found after this gate had passed."""
    events = list(gate.events.all())
    answers = {event.about_id: event for event in events if event.kind == GateEventKind.SETTLED}
    return [FoundItem(e, answers.get(e.pk)) for e in events if e.kind == GateEventKind.FOUND]


def gate_verbs(standing: Standing, row: GateStanding, seat: Seat, signers: dict[str, list[Signer]]) -> Verbs:
    """What this seat may do about the gate now, by the state alone: the services ask their rules again."""
    gate, side = row.gate, seat.side or ""
    roles = signing_roles(standing, gate)
    signer = (
        not gate.passed_at and seat.may(Permission.SIGN_GATE) and roles.get(side) in seat.participant_roles
    )
    document, signed = bool(gate.document_sha256), signed_sides(gate)
    events = standing.events(gate)
    declined = {event.side for event in row.declines}
    other = Side(side).other.value if side else ""
    ready = signer and document and not row.blockers and not row.standing_in_the_way and other not in signed
    asked = [
        e for e in events if e.kind == "request" and e.document == gate.document_sha256 and e.side == side
    ]
    due, why = rules.to_ask(events, signers.get(other, []), document=gate.document_sha256, now=clock.now())
    return Verbs(
        hold=signer,
        release=signer and side in {hold.side for hold in row.holds},
        decline=signer and document and side not in signed | declined,
        take_back=signer and side in declined,
        send_back=signer and document and not rules.sent_back(events, gate.document_sha256),
        ask=ready and bool(due),
        asked=why if ready and asked and not due else "",
        found=bool(gate.passed_at and standing.next_gate) and seat.may(Permission.RECORD_CHECK),
        settle=seat.may(Permission.COMPLETE_MILESTONE),
    )
