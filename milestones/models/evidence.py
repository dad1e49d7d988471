"""Proof of a milestone or of a test."""

from django.db import models

from engagements.models import ProofPiece

from .checks import CheckResult
from .plan import Milestone


class Evidence(ProofPiece):
    """Proof: a sentence, a link or a file, for a milestone or for a test; append-only."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, null=True, related_name="evidence")
    result = models.ForeignKey(CheckResult, models.CASCADE, null=True, related_name="evidence")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(milestone__isnull=False, result__isnull=True)
                | models.Q(milestone__isnull=True, result__isnull=False),
                name="evidence_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~(models.Q(text="") & models.Q(url="") & models.Q(path="")),
                name="evidence_not_empty",
                violation_error_message="Say what proves it, link it, or attach a file.",
            ),
        ]
