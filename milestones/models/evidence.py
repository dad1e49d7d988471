"""Proof of a milestone, of a test, of a transfer line or of a real lead."""

from functools import cache, reduce
from operator import or_

from django.db import models

from engagements.models import ProofPiece
from kpis.models import Import

from .checks import CheckResult
from .plan import Milestone
from .setup import LeadTest, TransferTest

SUBJECTS = ("milestone", "result", "transfer_test", "lead_test")


def _only(subject: str) -> models.Q:
    return models.Q(**{f"{other}__isnull": other != subject for other in SUBJECTS})


class EvidenceManager(models.Manager["Evidence"]):
    """Evidence that knows whether its import is still there."""

    def get_queryset(self) -> models.QuerySet["Evidence"]:
        found = super().get_queryset()
        # Prefetching asks for a queryset for each proven thing; the annotation is worked out once.
        found.query = _annotated().query.chain()
        return found


@cache
def _annotated() -> models.QuerySet["Evidence"]:
    there = models.Exists(Import.objects.filter(public_id=models.OuterRef("imported")))
    gone = models.ExpressionWrapper(
        models.Q(imported__isnull=False) & ~there, output_field=models.BooleanField()
    )
    found: models.QuerySet[Evidence] = models.QuerySet(Evidence).annotate(taken_back=gone)
    return found


class Evidence(ProofPiece):
    """Proof: a sentence, a link, a file or imported rows, of exactly one thing; append-only.

    Imported rows are told by the import's public id, its file, hash and number of rows. While they prove what counts,
    the import stays (`milestones.selectors.imported`); `taken_back` says that it was removed later. Evidence may hold
    from a day on and until a day.
    """

    milestone = models.ForeignKey(Milestone, models.CASCADE, null=True, related_name="evidence")
    result = models.ForeignKey(CheckResult, models.CASCADE, null=True, related_name="evidence")
    transfer_test = models.ForeignKey(TransferTest, models.CASCADE, null=True, related_name="evidence")
    lead_test = models.ForeignKey(LeadTest, models.CASCADE, null=True, related_name="evidence")
    imported = models.UUIDField(null=True, help_text="public id of the import whose rows prove it")
    effective_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)

    objects = EvidenceManager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=reduce(or_, (_only(subject) for subject in SUBJECTS)), name="evidence_of_one_thing"
            ),
            models.CheckConstraint(
                condition=~(models.Q(text="") & models.Q(url="") & models.Q(path="")),
                name="evidence_not_empty",
                violation_error_message="Say what proves it, link it, or attach a file.",
            ),
        ]
