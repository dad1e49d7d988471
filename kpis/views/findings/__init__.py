"""The pages of findings."""

from kpis.views.findings.answers import answer, restate
from kpis.views.findings.fixes import add_fix, fix_done, postpone
from kpis.views.findings.listing import findings, open_by_hand
from kpis.views.findings.page import check_effect, confirm, evidence, evidence_file, finding, reopen

__all__ = [
    "add_fix",
    "answer",
    "check_effect",
    "confirm",
    "evidence",
    "evidence_file",
    "finding",
    "findings",
    "fix_done",
    "open_by_hand",
    "postpone",
    "reopen",
    "restate",
]
