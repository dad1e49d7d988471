"""Gates are passed by both sides' signatures under one document, and by nothing else."""

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from engagements.locking import hold
from milestones.models import Gate, SignOff
from milestones.playbook import SIDES
from milestones.rules.events import declines_now
from milestones.rules.gates import gate_conditions
from milestones.rules.signing import SigningFacts, sign_off_blockers
from milestones.selectors.gate_standing import signed_sides
from milestones.selectors.gates import facts_of
from milestones.selectors.signers import signing_roles
from milestones.selectors.standing import Standing, standing_of
from milestones.services.refusal import Blocked
from milestones.services.reviews import plan_rhythm

SIGN_CONSENT = "I have read this version of the report and sign this gate on it for my side."


@transaction.atomic
def present_document(*, gate: Gate, by: Seat, sha256: str, version: int, fingerprint: str) -> Gate:
    """Lay a built report on the table of its gate; signatures under an earlier version no longer count.

    A passed gate keeps the document that it was passed with.
    """
    by.require(Permission.BUILD_DELIVERABLE)
    hold(gate.engagement_id)
    gate = Gate.objects.get(pk=gate.pk)
    newer = gate.document_version is None or version > gate.document_version
    if gate.passed_at is not None or not newer:
        return gate
    before = {"version": gate.document_version, "sha256": gate.document_sha256}
    gate.document_sha256, gate.document_version, gate.document_fingerprint = sha256, version, fingerprint
    gate.save(update_fields=["document_sha256", "document_version", "document_fingerprint"])
    trail.record(
        by=by, action="gate.document_presented", subject=gate.title, engagement_id=gate.engagement_id,
        before=before, after={"version": version, "sha256": sha256},
    )  # fmt: skip
    return gate


def signing_facts(standing: Standing, gate: Gate, *, by: Seat, seen: str) -> SigningFacts:
    """One person's attempt to sign, for the rule and for the page that says beforehand what it will say."""
    return SigningFacts(
        gate=gate.title,
        passed=gate.passed_at is not None,
        side=by.side or "",
        roles=frozenset(by.participant_roles),
        signing_roles=signing_roles(standing, gate),
        signed_by=signed_sides(gate),
        seen=seen,
        current=gate.document_sha256,
        holds=tuple(standing.holds(gate)),
        declines=tuple(declines_now(standing.events(gate), gate.document_sha256)),
    )


@transaction.atomic
def sign_off(*, gate: Gate, by: Seat, seen: str, note: str = "") -> Gate:
    """Record one side's signature under the document on the table; the second side's passes the gate.

    `seen` is the hash of the document on the page that the person read. Whoever changes a fact of the engagement
    at the same instant, or signs too, waits here. Raises Blocked with every reason.
    """
    by.require(Permission.SIGN_GATE)
    engagement = hold(gate.engagement_id)
    gate = Gate.objects.get(pk=gate.pk)
    standing = standing_of(engagement)
    signing = signing_facts(standing, gate, by=by, seen=seen)
    facts = facts_of(standing, gate)
    if blockers := sign_off_blockers(signing, facts):
        raise Blocked(blockers)
    now = clock.now()
    SignOff.objects.create(
        engagement=engagement, gate=gate, side=signing.side, user=by.user, name=by.written_name(Permission.SIGN_GATE),
        organisation_name=by.organisation.name, address=by.address, signed_at=now,
        content_hash=gate.document_sha256, consent=SIGN_CONSENT, note=note.strip(),
    )  # fmt: skip
    trail.record(
        by=by, action="gate.signed", subject=f"{gate.title}, version {gate.document_version}",
        engagement_id=engagement.pk, after={"side": signing.side, "sha256": gate.document_sha256},
    )  # fmt: skip
    if signing.signed_by | {signing.side} >= set(SIDES):
        gate.passed_at = now
        gate.passed_on_conditions = [
            {"code": c.code, "title": c.title, "proof": c.proof, "owner": c.owner}
            for c in gate_conditions(facts)
        ]
        gate.save(update_fields=["passed_at", "passed_on_conditions"])
        engagement.passed_day = gate.day
        engagement.cleared_at = engagement.cleared_at or now
        engagement.save(update_fields=["passed_day", "cleared_at"])
        trail.record(by=by, action="gate.passed", subject=gate.title, engagement_id=engagement.pk)
        plan_rhythm(engagement=engagement, by=by)
    return gate
