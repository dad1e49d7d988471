"""Findings from their opening to the proof of their fix: causes on each side, fixes, evidence, states with history."""

from kpis.services.findings.answering import answer, restate
from kpis.services.findings.fixes import FixDraft, add_fix, fix_facts, mark_done, postpone
from kpis.services.findings.opening import bring_evidence, open_finding
from kpis.services.findings.states import confirm, note, reopen, reopened, step

__all__ = [
    "FixDraft",
    "add_fix",
    "answer",
    "bring_evidence",
    "confirm",
    "fix_facts",
    "mark_done",
    "note",
    "open_finding",
    "postpone",
    "reopen",
    "reopened",
    "restate",
    "step",
]
