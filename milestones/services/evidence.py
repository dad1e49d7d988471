"""Evidence of a milestone or of a test."""

from accounts.seat import Seat
from engagements.models import Engagement
from engagements.services.proofs import Proof, check_upload, check_words, file_of, pieces_of
from milestones.models import CheckResult, Evidence, Milestone

__all__ = ["Proof", "add_evidence", "check_upload", "check_words", "file_of"]


def add_evidence(
    *,
    engagement: Engagement,
    by: Seat,
    proof: Proof,
    milestone: Milestone | None = None,
    result: CheckResult | None = None,
) -> list[Evidence]:
    """Keep each piece of a proof as a row of its own; the file has been checked before."""
    rows = [
        Evidence(milestone=milestone, result=result, **piece) for piece in pieces_of(engagement, by, proof)
    ]
    for row in rows:
        row.save(force_insert=True)
    return rows
