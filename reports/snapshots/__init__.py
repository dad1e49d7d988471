"""The frozen input of a written report: plain facts, no models, no formatting.

A snapshot is stored as JSON beside its deliverable. Rendering reads nothing else, so the same snapshot makes the same
report again, whatever has happened to the engagement since.
"""

from .brand import Brand
from .brief import Brief, MetricTerm, Signature, Term
from .days import HourCount, HourRate, LevelShift, LimitDay, RateLimits
from .evening import (
    AgentLine,
    Cause,
    CodeLine,
    DaySignal,
    Evening,
    HeardCalls,
    NewLevel,
    RateSignal,
    Told,
)
from .figures import DayRate, DayRow, ImportFact, SourceRow, Stage
from .findings import Action, CauseLine, Event, Finding, FixLine, Note
from .following import (
    Bottleneck,
    Candidate,
    CheckFact,
    Count,
    ForwardFact,
    ForwardTarget,
    Heard,
    Lesson,
    MetricAnswer,
    PlanFact,
    ScalingFact,
)
from .gates import Condition, GateFacts, GateRecord, RecordDocument, RecordItem, RecordLine
from .kinds import PERIODIC, Kind, Verdict
from .listening import CoverageRow, Listening, TransferLog
from .plan import DayOff, MovedDate, Person, PlanItem, PlanPhase, Slip, Work
from .reviews import Chair, Pattern, PatternRow, ReviewRecord, Suspicion
from .setup import AgentStanding, Attempt, Check, LeadTest, LineTest, ScriptStanding
from .whole import Snapshot, digest, freeze, thaw, work_days

__all__ = [
    "PERIODIC",
    "Action",
    "AgentLine",
    "AgentStanding",
    "Attempt",
    "Bottleneck",
    "Brand",
    "Brief",
    "Candidate",
    "Cause",
    "CauseLine",
    "Chair",
    "Check",
    "CheckFact",
    "CodeLine",
    "Condition",
    "Count",
    "CoverageRow",
    "DayOff",
    "DayRate",
    "DayRow",
    "DaySignal",
    "Evening",
    "Event",
    "Finding",
    "FixLine",
    "ForwardFact",
    "ForwardTarget",
    "GateFacts",
    "GateRecord",
    "Heard",
    "HeardCalls",
    "HourCount",
    "HourRate",
    "ImportFact",
    "Kind",
    "LeadTest",
    "Lesson",
    "LevelShift",
    "LimitDay",
    "LineTest",
    "Listening",
    "MetricAnswer",
    "MetricTerm",
    "MovedDate",
    "NewLevel",
    "Note",
    "Pattern",
    "PatternRow",
    "Person",
    "PlanFact",
    "PlanItem",
    "PlanPhase",
    "RateLimits",
    "RateSignal",
    "RecordDocument",
    "RecordItem",
    "RecordLine",
    "ReviewRecord",
    "ScalingFact",
    "ScriptStanding",
    "Signature",
    "Slip",
    "Snapshot",
    "SourceRow",
    "Stage",
    "Suspicion",
    "Term",
    "Told",
    "TransferLog",
    "Verdict",
    "Work",
    "digest",
    "freeze",
    "thaw",
    "work_days",
]
