"""When, and may we go on: the dated plan, its proof, and the gates."""

from .checks import CheckResult, ReadinessCheck
from .evidence import Evidence
from .gates import Gate, GateEvent, GateEventKind, SignOff
from .glances import Glance
from .plan import Milestone, Plan, PlanLock, Slip
from .playbooks import OwnPlaybook, PlaybookVersion, VersionState
from .proposals import LAUNCH, Answer, DateProposal
from .reminders import Reminder
from .reviews import (
    ActionItem,
    Addendum,
    CarryOver,
    Decision,
    Minutes,
    Review,
    ReviewKind,
    ReviewPoint,
)
from .setup import LeadTest, TransferLine, TransferTest
from .timeline import Dated, Phase

__all__ = [
    "LAUNCH",
    "ActionItem",
    "Addendum",
    "Answer",
    "CarryOver",
    "CheckResult",
    "DateProposal",
    "Dated",
    "Decision",
    "Evidence",
    "Gate",
    "GateEvent",
    "GateEventKind",
    "Glance",
    "LeadTest",
    "Milestone",
    "Minutes",
    "OwnPlaybook",
    "Phase",
    "Plan",
    "PlanLock",
    "PlaybookVersion",
    "ReadinessCheck",
    "Reminder",
    "Review",
    "ReviewKind",
    "ReviewPoint",
    "SignOff",
    "Slip",
    "TransferLine",
    "TransferTest",
    "VersionState",
]
