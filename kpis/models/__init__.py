"""How it goes: imported calls, their daily facts, the frozen baseline, findings and fixes, and what follows."""

from .baseline import Baseline
from .breaches import Breach, BreachAnswer, BreachDecision
from .calls import CallRecord, Direction, Disposition, Import, LeadSource
from .facts import (
    AgentFact,
    AgentTalk,
    AttemptFact,
    CodeFact,
    DailyFact,
    HourFact,
    HourWait,
    RestatedBy,
    Restatement,
    SourceTalk,
    SourceWait,
    UseFact,
)
from .findings import Cause, CloserFeedback, Finding, FindingEvent, FindingEvidence, FindingState, Fix
from .hours import AgentHours
from .mappings import ColumnMapping, DurationUnit
from .optimisation import (
    EffectCheck,
    EffectVerdict,
    ForwardAgreement,
    ForwardPlan,
    OptimisationPlan,
    PlanAgreement,
    ScalingAnswer,
    ScalingProposal,
)
from .outcomes import CloserLink, Sheet, SheetKind, ToldOutcome
from .outside import OutsideReview, RosterChange, SaidTotal
from .prices import UnitPrices
from .qa import (
    QaCall,
    QaClaim,
    QaDraw,
    QaReview,
    QaRound,
    QaSample,
    QaScorecard,
    TransferCheck,
)
from .sides import CauseSide
from .totals import MetricTotal
from .windows import WindowAnswer, WindowChange, WindowCount, WindowDay, WindowRules, WindowVerdict

__all__ = [
    "AgentFact",
    "AgentHours",
    "AgentTalk",
    "AttemptFact",
    "Baseline",
    "Breach",
    "BreachAnswer",
    "BreachDecision",
    "CallRecord",
    "Cause",
    "CauseSide",
    "CloserFeedback",
    "CloserLink",
    "CodeFact",
    "ColumnMapping",
    "DailyFact",
    "Direction",
    "Disposition",
    "DurationUnit",
    "EffectCheck",
    "EffectVerdict",
    "Finding",
    "FindingEvent",
    "FindingEvidence",
    "FindingState",
    "Fix",
    "ForwardAgreement",
    "ForwardPlan",
    "HourFact",
    "HourWait",
    "Import",
    "LeadSource",
    "MetricTotal",
    "OptimisationPlan",
    "OutsideReview",
    "PlanAgreement",
    "QaCall",
    "QaClaim",
    "QaDraw",
    "QaReview",
    "QaRound",
    "QaSample",
    "QaScorecard",
    "RestatedBy",
    "Restatement",
    "RosterChange",
    "SaidTotal",
    "ScalingAnswer",
    "ScalingProposal",
    "Sheet",
    "SheetKind",
    "SourceTalk",
    "SourceWait",
    "ToldOutcome",
    "TransferCheck",
    "UnitPrices",
    "UseFact",
    "WindowAnswer",
    "WindowChange",
    "WindowCount",
    "WindowDay",
    "WindowRules",
    "WindowVerdict",
]
