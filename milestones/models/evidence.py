"""Proof of a milestone or of a test."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from engagements.models import Engagement

from .checks import CheckResult
from .plan import Milestone


class Evidence(models.Model):
    """Proof: a sentence, a link or a file, for a milestone or for a test; append-only."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    milestone = models.ForeignKey(Milestone, models.CASCADE, null=True, related_name="evidence")
    result = models.ForeignKey(CheckResult, models.CASCADE, null=True, related_name="evidence")
    text = models.TextField(blank=True)
    url = models.URLField(blank=True, max_length=500)
    file_name = models.CharField(max_length=200, blank=True, help_text="as the person named it")
    path = models.CharField(max_length=200, blank=True, help_text="below FILES_ROOT, made by the server")
    content_type = models.CharField(max_length=80, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

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

    def __str__(self) -> str:
        return self.file_name or self.url or self.text[:60]
