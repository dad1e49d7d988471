"""What is handed over: written deliverables in versions, each from a frozen snapshot."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from engagements.models import Engagement
from tenancy.models import Job

from .snapshots import Kind


class Deliverable(models.Model):
    """One version of one report. Its snapshot is frozen when it is asked for; its file when it is built."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="deliverables")
    kind = models.CharField(max_length=20, choices=Kind)
    version = models.PositiveSmallIntegerField()
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    snapshot = models.JSONField()
    snapshot_sha256 = models.CharField(max_length=64)
    fingerprint = models.CharField(
        max_length=64, blank=True, help_text="of the gate's facts, where there is a gate"
    )
    summary = models.JSONField(default=dict, help_text="page 1 of the file in words: verdict and figures")
    path = models.CharField(max_length=200, blank=True, help_text="below FILES_ROOT, made by the server")
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    pages = models.PositiveSmallIntegerField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    built_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kind", "version"], name="deliverable_version_once"
            ),
            models.CheckConstraint(
                condition=models.Q(built_at__isnull=True) | (~models.Q(sha256="") & ~models.Q(path="")),
                name="built_with_file_and_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.version}"
