"""Transfer lines and real leads: what setup proves piece by piece, each piece with its own tests."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from engagements.models import Engagement


class TransferLine(models.Model):
    """A line on which leads are handed to closers. It is kept once it is retired, with its tests."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    number = models.CharField(max_length=80, help_text="the number or the queue that is dialed")
    team = models.CharField(max_length=120, help_text="which closers answer")
    hours = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    retired_by = models.CharField(max_length=260, blank=True)
    retired_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="line_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "name"],
                condition=models.Q(retired_at__isnull=True),
                name="line_once",
                violation_error_message="There is a line of this name already.",
            ),
            models.CheckConstraint(
                condition=models.Q(retired_at__isnull=True) | ~models.Q(retired_why=""),
                name="line_retired_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TransferTest(models.Model):
    """One test call on one transfer line; append-only. The newest one counts."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    line = models.ForeignKey(TransferLine, models.CASCADE, related_name="tests")
    connected = models.BooleanField()
    briefed = models.BooleanField(help_text="the closer knew who was handed over, and why")
    answered_by = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    tester = models.ForeignKey(User, models.PROTECT, related_name="+")
    tester_name = models.CharField(max_length=260)
    tested_at = models.DateTimeField()

    class Meta:
        ordering = ["-tested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="transfer_test_in_engagement")
        ]

    def __str__(self) -> str:
        return f"{self.line}: {'passed' if self.passed else 'failed'}"

    @property
    def passed(self) -> bool:
        return self.connected and self.briefed


class LeadTest(models.Model):
    """A real lead pushed through the whole system on day 8 or 9; append-only. Its number is never kept whole."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    day = models.PositiveSmallIntegerField()
    lead = models.CharField(max_length=80, help_text="how both sides find the lead again; a number is masked")
    source = models.CharField(max_length=120)
    steps = ArrayField(
        models.CharField(max_length=200), help_text="the path through the systems, in its order"
    )
    crm_record = models.BooleanField()
    transfer_reached = models.BooleanField(null=True, help_text="empty where no transfer belongs to the path")
    written_back = models.BooleanField(help_text="the disposition stood in the CRM afterwards")
    outcome = models.CharField(max_length=200)
    reached = models.BooleanField(help_text="the outcome that was meant to come out came out")
    note = models.TextField(blank=True)
    tester = models.ForeignKey(User, models.PROTECT, related_name="+")
    tester_name = models.CharField(max_length=260)
    tested_at = models.DateTimeField()

    class Meta:
        ordering = ["-tested_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["id", "engagement"], name="lead_test_in_engagement")]

    def __str__(self) -> str:
        return f"{self.lead} ({self.source}): {'passed' if self.passed else 'failed'}"

    @property
    def passed(self) -> bool:
        return self.crm_record and self.written_back and self.reached and self.transfer_reached is not False
