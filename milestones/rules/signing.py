"""Who may sign which gate, and on what."""

from collections.abc import Mapping
from dataclasses import dataclass

from milestones.rules.events import EventFacts, standing_blockers
from milestones.rules.facts import Blocker, GateFacts, Kind, role_label
from milestones.rules.gates import gate_blockers


@dataclass(frozen=True)
class SigningFacts:
    """One person's attempt to sign a gate. `seen` is the hash on the signed page, `current` the newest."""

    gate: str
    passed: bool
    side: str
    roles: frozenset[str]
    signing_roles: Mapping[str, str]
    signed_by: frozenset[str]
    seen: str
    current: str
    holds: tuple[EventFacts, ...] = ()
    declines: tuple[EventFacts, ...] = ()


def not_signing(signing: SigningFacts, code: str) -> list[Blocker]:
    """Say why this person does not sign this gate, however it stands; empty where they may, once it is ready."""
    if signing.passed:
        return [Blocker(f"The gate “{signing.gate}” has passed already.", Kind.GATE, code)]
    if signing.side not in signing.signing_roles:
        return [
            Blocker("Only the client and the operator of this engagement sign its gates.", Kind.GATE, code)
        ]
    wanted = signing.signing_roles[signing.side]
    if wanted not in signing.roles:
        text = f"For the {signing.side}, the {role_label(wanted)} signs this gate."
        return [Blocker(text, Kind.GATE, code, signing.side)]
    if signing.side in signing.signed_by:
        return [
            Blocker(f"The {signing.side} has signed this version already.", Kind.GATE, code, signing.side)
        ]
    return []


def sign_off_blockers(signing: SigningFacts, facts: GateFacts) -> list[Blocker]:
    """Say why this person may not sign this gate now; an open gate is refused with all that is open."""
    if refused := not_signing(signing, facts.code):
        return refused
    blockers = [*standing_blockers(signing.holds, signing.declines, facts.code), *gate_blockers(facts)]
    if signing.seen != signing.current and facts.deliverable is not None:
        text = "The report has changed since this page was opened. Read the new version, then sign."
        blockers.append(Blocker(text, Kind.DELIVERABLE, facts.deliverable.target, "operator"))
    return blockers
