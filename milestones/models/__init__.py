"""When, and may we go on: the dated plan, its proof, and the gates."""

from .checks import CheckResult, ReadinessCheck
from .evidence import Evidence
from .gates import Gate, GateEvent, GateEventKind, SignOff
from .plan import Milestone, Plan, PlanLock, Slip
from .reviews import Review
from .timeline import Dated, Phase

__all__ = [
    "CheckResult",
    "Dated",
    "Evidence",
    "Gate",
    "GateEvent",
    "GateEventKind",
    "Milestone",
    "Phase",
    "Plan",
    "PlanLock",
    "ReadinessCheck",
    "Review",
    "SignOff",
    "Slip",
]
