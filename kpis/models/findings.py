"""A metric below its target, and the fixes for it."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from engagements.models import CampaignBrief, Engagement, Participant

from .sides import CauseSide


class Finding(models.Model):
    """A metric below its target at a review, with the root cause that was found for it."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="findings")
    brief = models.ForeignKey(CampaignBrief, models.PROTECT, related_name="+")
    review_day = models.PositiveSmallIntegerField(help_text="30, 60 or 90")
    metric_key = models.CharField(max_length=40)
    metric_label = models.CharField(max_length=80)
    numerator = models.PositiveBigIntegerField()
    denominator = models.PositiveBigIntegerField()
    target = models.DecimalField(max_digits=9, decimal_places=4)
    root_cause = models.TextField(blank=True)
    cause_side = models.CharField(max_length=10, choices=CauseSide, blank=True)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["review_day", "metric_key"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="finding_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "review_day", "metric_key"], name="finding_once"),
            models.CheckConstraint(
                condition=(
                    models.Q(answered_at__isnull=True) | (~models.Q(root_cause="") & ~models.Q(cause_side=""))
                ),
                name="answered_with_cause_and_side",
                violation_error_message="An answered finding has a root cause and a side.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_label} at day {self.review_day}"


class Fix(models.Model):
    """An action against a root cause: done, or with an owner and a date."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="fixes")
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="fixes")
    action = models.CharField(max_length=300)
    owner = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_on"]

    def __str__(self) -> str:
        return self.action
