"""What pages, reports and services read of plans and gates."""

from milestones.selectors.gates import gate_facts
from milestones.selectors.standing import Standing, standing_of

__all__ = ["Standing", "gate_facts", "standing_of"]
