"""What pages, reports and services read of plans and gates."""

from milestones.selectors.gates import fingerprint, gate_facts
from milestones.selectors.many import standings_of
from milestones.selectors.standing import Standing, standing_of

__all__ = ["Standing", "fingerprint", "gate_facts", "standing_of", "standings_of"]
