"""Every write to plans, proofs and gates."""

from milestones.services.dates import accept_date, decline_date, propose_date, withdraw_date
from milestones.services.evidence import DatedProof, Proof
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
from milestones.services.plans import (
    change_milestone,
    change_work,
    create_plan,
    fill_owners,
    lock_plan,
    move_launch,
)
from milestones.services.proof import complete_milestone, record_check, reopen_milestone
from milestones.services.setup import add_line, log_lead, retire_line, test_line

__all__ = [
    "DatedProof",
    "Proof",
    "accept_date",
    "add_line",
    "change_milestone",
    "change_work",
    "complete_milestone",
    "create_plan",
    "decline_date",
    "decline_gate",
    "fill_owners",
    "hold_gate",
    "lock_plan",
    "log_lead",
    "move_launch",
    "note_found",
    "present_document",
    "propose_date",
    "record_check",
    "release_gate",
    "reopen_milestone",
    "request_signatures",
    "retire_line",
    "send_back",
    "settle_found",
    "sign_off",
    "take_back_decline",
    "test_line",
    "withdraw_date",
]
