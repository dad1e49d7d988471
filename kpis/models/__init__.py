"""How it goes: imported calls, their daily facts, the frozen baseline, findings and fixes."""

from .baseline import Baseline
from .calls import CallRecord, DailyFact, Disposition, Import, LeadSource
from .findings import Finding, Fix
from .sides import CauseSide

__all__ = [
    "Baseline",
    "CallRecord",
    "CauseSide",
    "DailyFact",
    "Disposition",
    "Finding",
    "Fix",
    "Import",
    "LeadSource",
]
