"""Every write to plans, proofs and gates."""

from milestones.services.evidence import Proof
from milestones.services.gates import present_document, sign_off
from milestones.services.plans import change_milestone, create_plan, fill_owners, lock_plan, move_launch
from milestones.services.proof import complete_milestone, record_check

__all__ = [
    "Proof",
    "change_milestone",
    "complete_milestone",
    "create_plan",
    "fill_owners",
    "lock_plan",
    "move_launch",
    "present_document",
    "record_check",
    "sign_off",
]
