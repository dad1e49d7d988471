"""Written deliverables in versions, each from a frozen snapshot."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from common import clock
from engagements.models import Engagement
from reports.snapshots import PERIODIC, Kind
from tenancy.models import Job

_PERIODIC = sorted(kind.value for kind in PERIODIC)


class Deliverable(models.Model):
    """One version of one report. Its snapshot is frozen when it is asked for; its file when it is built."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="deliverables")
    kind = models.CharField(max_length=20, choices=Kind)
    version = models.PositiveSmallIntegerField()
    about = models.DateField(null=True, help_text="last day of what a daily or weekly report is about")
    label = models.CharField(max_length=60, blank=True, db_default="", help_text="the same in words")
    news = models.CharField(
        max_length=10, blank=True, db_default="", help_text="what sets a daily or weekly report apart"
    )
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
    created_at = models.DateTimeField(default=clock.now, editable=False)
    built_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kind", "about", "version"],
                name="deliverable_version_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(fields=["id", "engagement"], name="deliverable_in_engagement"),
            models.CheckConstraint(
                condition=models.Q(kind__in=_PERIODIC, about__isnull=False)
                | (~models.Q(kind__in=_PERIODIC) & models.Q(about__isnull=True)),
                name="about_a_day_or_week",
            ),
            models.CheckConstraint(
                condition=models.Q(built_at__isnull=True) | (~models.Q(sha256="") & ~models.Q(path="")),
                name="built_with_file_and_hash",
            ),
        ]

    def __str__(self) -> str:
        if self.about is None:
            return f"{self.get_kind_display()}, version {self.version}"
        again = f", version {self.version}" if self.version > 1 else ""
        return f"{self.get_kind_display()}, {self.label}{again}"
