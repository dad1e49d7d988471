"""Every write to plans, proofs and gates."""

from milestones.services.evidence import Proof
from milestones.services.gate_events import (
    decline_gate,
    hold_gate,
    note_found,
    release_gate,
    request_signatures,
    send_back,
    settle_found,
    take_back_decline,
)
from milestones.services.gates import present_document, sign_off
from milestones.services.plans import change_milestone, create_plan, fill_owners, lock_plan, move_launch
from milestones.services.proof import complete_milestone, record_check

__all__ = [
    "Proof",
    "change_milestone",
    "complete_milestone",
    "create_plan",
    "decline_gate",
    "fill_owners",
    "hold_gate",
    "lock_plan",
    "move_launch",
    "note_found",
    "present_document",
    "record_check",
    "release_gate",
    "request_signatures",
    "send_back",
    "settle_found",
    "sign_off",
    "take_back_decline",
]
