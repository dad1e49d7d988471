"""Readiness checks and every result of theirs."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import ParticipantRole, Side
from engagements.models import Engagement, Participant

from .timeline import Dated


class ReadinessCheck(Dated):
    """Something to be tested before the first live dial. Its results are kept, failed ones too."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    area = models.CharField(max_length=40)
    owner = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    owner_role = models.CharField(max_length=20, choices=ParticipantRole)
    side = models.CharField(max_length=10, choices=Side)
    evidence_asked = models.CharField(max_length=300)
    hard = models.BooleanField(default=True, help_text="the day-10 gate waits for it")

    class Meta:
        ordering = ["area", "day", "code"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="check_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "code"], name="check_once"),
        ]


class CheckResult(models.Model):
    """One test of one readiness check; append-only. The newest one counts."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    check_tested = models.ForeignKey(ReadinessCheck, models.CASCADE, related_name="results")
    passed = models.BooleanField()
    note = models.TextField(blank=True)
    tester = models.ForeignKey(User, models.PROTECT, related_name="+")
    tester_name = models.CharField(max_length=120)
    tested_at = models.DateTimeField()
    expires_on = models.DateField(null=True, help_text="from this day on its evidence no longer holds")

    class Meta:
        ordering = ["-tested_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["id", "engagement"], name="result_in_engagement")]

    def __str__(self) -> str:
        return f"{self.check_tested}: {'passed' if self.passed else 'failed'}"
