"""What signers do about a gate besides signing: hold, decline, send back, ask; and what was found after it passed."""

from datetime import date, timedelta

from django.db import transaction

from accounts import trail
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import joined
from engagements.locking import hold as hold_engagement
from engagements.masks import mask_for
from milestones.models import Gate, GateEvent, GateEventKind
from milestones.rules import events as rules
from milestones.rules.events import DocumentVerb, EventFacts
from milestones.rules.gates import gate_blockers, stale
from milestones.rules.waiting import counted
from milestones.selectors.gate_standing import signed_sides
from milestones.selectors.gates import DOCUMENTS, facts_of
from milestones.selectors.signers import signers_of, signing_roles
from milestones.selectors.standing import Standing, events_of, standing_of
from tenancy import jobs

ASK = "milestones.ask_to_sign"
DOUBLE_SUBMIT = timedelta(seconds=30)


def _opened(gate: Gate, by: Seat) -> tuple[Standing, Gate, list[EventFacts]]:
    """The engagement held, and the gate with its events as they stand now."""
    standing = standing_of(hold_engagement(gate.engagement_id))
    current = next(each for each in standing.gates if each.pk == gate.pk)
    return standing, current, events_of(current, standing.engagement.zone)


def document_verb(
    standing: Standing, gate: Gate, *, by: Seat, seen: str = "", reason: str = ""
) -> DocumentVerb:
    """A person's wish about this gate, for the rules and for the page that says beforehand what they will say."""
    side, roles = by.side or "", signing_roles(standing, gate)
    return DocumentVerb(
        gate=gate.title,
        passed=gate.passed_at is not None,
        side=side,
        may_sign=by.may(Permission.SIGN_GATE) and roles.get(side, "") in by.participant_roles,
        signing_role=roles.get(side, ""),
        reason=reason,
        seen=seen,
        current=gate.document_sha256,
        version=gate.document_version,
        report=DOCUMENTS.get(gate.deliverable_kind, "report"),
        signed_by=signed_sides(gate),
    )


def _record(gate: Gate, by: Seat, kind: GateEventKind, text: str = "", **more: object) -> GateEvent:
    """One line of the gate's history, and its line in the trail."""
    client = gate.engagement.client_id == by.organisation.pk
    event = GateEvent.objects.create(
        engagement=gate.engagement, gate=gate, kind=kind, side=Side.CLIENT if client else Side.OPERATOR, user=by.user,
        name=by.written_name(), organisation_name=by.organisation.name, at=clock.now(), text=text.strip(),
        document_sha256=gate.document_sha256, document_version=gate.document_version, **more,
    )  # fmt: skip
    trail.record(
        by=by, action=f"gate.{kind.value}", subject=gate.title, engagement_id=gate.engagement_id,
        after={
            "reason": event.text,
            **({"until": event.until} if event.until else {}),
            **({"version": event.document_version} if event.document_version else {}),
            **({"person": event.person.name} if event.person else {}),
        },
    )  # fmt: skip
    return event


@transaction.atomic
def hold_gate(*, gate: Gate, by: Seat, reason: str, until: date) -> GateEvent:
    """Put a gate on hold for one's side until a day: while it holds, nobody signs. Raises Refused.

    A second hold of the same side takes the place of its first; the same form sent twice is one hold.
    """
    by.require(Permission.SIGN_GATE)
    standing, current, events = _opened(gate, by)
    verb = document_verb(standing, current, by=by, reason=reason)
    if reasons := rules.hold_blockers(verb, until=until, today=standing.today):
        raise Refused(reasons)
    for held in rules.holds_now(events, standing.today):
        if (held.side, held.text, held.until) == (verb.side, reason.strip(), until):
            return GateEvent.objects.get(pk=held.key or 0)
    return _record(current, by, GateEventKind.HOLD, reason, until=until)


@transaction.atomic
def release_gate(*, gate: Gate, by: Seat) -> GateEvent:
    """End one's own side's hold before its day. Raises Refused."""
    by.require(Permission.SIGN_GATE)
    standing, current, events = _opened(gate, by)
    verb = document_verb(standing, current, by=by)
    if reasons := rules.release_blockers(verb, holds=rules.holds_now(events, standing.today)):
        raise Refused(reasons)
    return _record(current, by, GateEventKind.RELEASE)


@transaction.atomic
def decline_gate(*, gate: Gate, by: Seat, seen: str, reason: str) -> GateEvent:
    """Decline the report on the table, with the reason: the gate cannot pass on it. Raises Refused."""
    by.require(Permission.SIGN_GATE)
    standing, current, events = _opened(gate, by)
    verb = document_verb(standing, current, by=by, seen=seen, reason=reason)
    declines = rules.declines_now(events, current.document_sha256)
    if reasons := rules.decline_blockers(verb, declines=declines):
        raise Refused(reasons)
    return _record(current, by, GateEventKind.DECLINE, reason)


@transaction.atomic
def take_back_decline(*, gate: Gate, by: Seat) -> GateEvent:
    """Take back one's own side's decline of the report on the table. Raises Refused."""
    by.require(Permission.SIGN_GATE)
    standing, current, events = _opened(gate, by)
    declines = rules.declines_now(events, current.document_sha256)
    if reasons := rules.take_back_blockers(document_verb(standing, current, by=by), declines=declines):
        raise Refused(reasons)
    return _record(current, by, GateEventKind.TAKE_BACK)


@transaction.atomic
def send_back(*, gate: Gate, by: Seat, seen: str, reason: str) -> GateEvent:
    """Send a gate back to work on a named finding: its report and the signatures under it no longer count."""
    by.require(Permission.SIGN_GATE)
    standing, current, events = _opened(gate, by)
    verb = document_verb(standing, current, by=by, seen=seen, reason=reason)
    already = rules.sent_back(events, current.document_sha256)
    if reasons := rules.send_back_blockers(verb, already=already):
        raise Refused(reasons)
    return _back_to_work(current, by, reason, GateEventKind.SEND_BACK)


def _back_to_work(gate: Gate, by: Seat, reason: str, kind: GateEventKind) -> GateEvent:
    """The report is out of date for good: should the facts turn back, the signatures under it still do not count."""
    gate.document_fingerprint = ""
    gate.save(update_fields=["document_fingerprint"])
    return _record(gate, by, kind, reason)


@transaction.atomic
def recycle_changed(engagement_id: int, by: Seat, act: str) -> None:
    """Send every signed gate back to work whose facts are no longer those of its report; `act` is what changed them."""
    if not signed_and_open(engagement_id):
        return
    standing = standing_of(hold_engagement(engagement_id))
    for gate in standing.gates:
        if gate.passed_at or not gate.document_fingerprint or not signed_sides(gate):
            continue
        facts = facts_of(standing, gate)
        if stale(facts):
            opened = [b.text for b in counted(gate_blockers(facts)) if b.kind not in ("deliverable", "gate")]
            # Both sides read it, so that it names agents as what both read does.
            told = mask_for(standing.engagement, None).text(f"{by.user.name} {act}")
            reason = " ".join(opened[:3]) or told
            _back_to_work(gate, by, reason, GateEventKind.RECYCLE)


def signed_and_open(engagement_id: int) -> bool:
    """Whether a gate waits for its second signature: one query, asked after every write."""
    gates = Gate.objects.filter(engagement=engagement_id, passed_at=None).exclude(document_fingerprint="")
    return any(signed_sides(gate) for gate in gates.exclude(document_sha256="").prefetch_related("sign_offs"))


@transaction.atomic
def request_signatures(*, gate: Gate, by: Seat, seen: str, link: str) -> list[GateEvent]:
    """Ask everybody who can sign for the other side, by mail and in their work list. Raises Refused.

    A person is asked about a version once, and again after a day. `link` is the gate's page, for the mail.
    """
    by.require(Permission.SIGN_GATE)
    standing, current, events = _opened(gate, by)
    verb = document_verb(standing, current, by=by, seen=seen)
    signers = signers_of(standing, current)
    other = by.side.other.value if by.side else ""
    at_hand = signers.get(other, [])
    blockers = rules.standing_blockers(
        rules.holds_now(events, standing.today), rules.declines_now(events, current.document_sha256), current.code
    )  # fmt: skip
    reasons = rules.request_blockers(
        verb, open_items=len(counted(gate_blockers(facts_of(standing, current)))), standing=blockers, signers=at_hand,
        signed_by=verb.signed_by, other=other, other_role=signing_roles(standing, current).get(other, ""),
    )  # fmt: skip
    if reasons:
        raise Refused(reasons)
    due, why = rules.to_ask(events, at_hand, document=current.document_sha256, now=clock.now())
    if why:
        raise Refused(why)
    asked = [_record(current, by, GateEventKind.REQUEST, person_id=signer.key) for signer in due]
    for event in asked:
        jobs.enqueue(
            handler=ASK, key=f"gate-request:{event.pk}", user_id=by.user.pk, organisation_id=by.organisation.pk,
            engagement_id=current.engagement_id, event_id=event.pk, link=link,
        )  # fmt: skip
    return asked


def names_of(asked: list[GateEvent]) -> str:
    """Who was asked, as a sentence names them."""
    return joined([event.person.name for event in asked if event.person])


@transaction.atomic
def note_found(*, gate: Gate, by: Seat, text: str) -> GateEvent:
    """Note what came out after a gate had passed: the gate stays passed, the item opens for the next one."""
    by.require(Permission.RECORD_CHECK)
    standing, current, _ = _opened(gate, by)
    reasons = rules.found_blockers(
        text, passed=current.passed_at is not None, gate=current.title,
        next_gate=standing.next_gate.title if standing.next_gate else "",
    )  # fmt: skip
    if reasons:
        raise Refused(reasons)
    same = current.events.filter(kind=GateEventKind.FOUND, user=by.user, text=text.strip()).last()
    if same and clock.now() - same.at < DOUBLE_SUBMIT:
        return same
    return _record(current, by, GateEventKind.FOUND, text)


@transaction.atomic
def settle_found(*, found: GateEvent, by: Seat, text: str) -> GateEvent:
    """Say what was done about something that was found after a gate had passed. Raises Refused."""
    by.require(Permission.COMPLETE_MILESTONE)
    standing, gate, events = _opened(found.gate, by)
    settled = found.pk not in {event.key for event in rules.unsettled(events)}
    carried_to = next((g for g in standing.gates if not g.passed_at or g.passed_at > found.at), None)
    passed = carried_to is None or carried_to.passed_at is not None
    if reasons := rules.settle_blockers(text, settled=settled, passed=passed):
        raise Refused(reasons)
    return _record(gate, by, GateEventKind.SETTLED, text, about=found)
