"""Gates between phases and the signatures under them."""

from django.db import models
from django.db.models.functions import UUID7

from engagements.models import Signature

from .timeline import Dated


class Gate(Dated):
    """A gate between phases. Whether it may be passed is computed, never typed.

    The `document_*` fields name the one deliverable version on the table: signatures bind to its hash, and
    `document_fingerprint` is the fingerprint of the facts that it was made from.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    deliverable_kind = models.CharField(max_length=20)
    document_sha256 = models.CharField(max_length=64, blank=True)
    document_version = models.PositiveSmallIntegerField(null=True)
    document_fingerprint = models.CharField(max_length=64, blank=True)
    passed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="gate_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "code"], name="gate_once"),
        ]


class SignOff(Signature):
    """One side's signature under a gate, bound to the hash of exactly one deliverable version; append-only."""

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="sign_offs")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "gate", "side", "content_hash"],
                name="one_sign_off_per_side_and_document",
                violation_error_message="This side has already signed this document.",
            )
        ]
