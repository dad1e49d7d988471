"""What is below target or was noticed, its causes on each side, the fixes for them, and the history of it all."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from common import clock
from engagements.models import CampaignBrief, Engagement, Participant, ProofPiece
from engagements.terms import Unit

from .sides import CauseSide


class FindingState(models.TextChoices):
    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    FIXING = "fixing", "Fix running"
    VERIFIED = "verified", "Verified"
    REOPENED = "reopened", "Reopened"


class Finding(models.Model):
    """A metric below its target at a review, or something noticed by a person, until its fix is proved to work.

    `answered_at` is empty while an answer is missing, at first and again after it was reopened; `round` counts how
    often it was asked. A finding opened by hand has an `observation`, and figures only where it is about a metric.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="findings")
    brief = models.ForeignKey(CampaignBrief, models.PROTECT, related_name="+")
    review_day = models.PositiveSmallIntegerField(
        help_text="30, 60 or 90: the gate that waits for its answer"
    )
    metric_key = models.CharField(max_length=40, blank=True, help_text="empty: no metric of the brief")
    metric_label = models.CharField(max_length=80, help_text="what it is about, as a title")
    observation = models.TextField(blank=True, help_text="what was noticed, where it was opened by hand")
    numerator = models.PositiveBigIntegerField(null=True)
    denominator = models.PositiveBigIntegerField(null=True)
    target = models.DecimalField(max_digits=13, decimal_places=4, null=True)
    unit = models.CharField(max_length=10, choices=Unit, default=Unit.PERCENT, db_default=Unit.PERCENT)
    state = models.CharField(max_length=10, choices=FindingState, default=FindingState.OPEN)
    round = models.PositiveSmallIntegerField(default=1, help_text="one more each time that it is reopened")
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["review_day", "metric_key", "opened_at"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="finding_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "review_day", "metric_key"],
                condition=~models.Q(metric_key=""),
                name="finding_once",
                violation_error_message="There is a finding about this metric for this review already.",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    answered_at__isnull=True, state__in=[FindingState.OPEN, FindingState.REOPENED]
                )
                | models.Q(
                    answered_at__isnull=False,
                    state__in=[FindingState.ANSWERED, FindingState.FIXING, FindingState.VERIFIED],
                ),
                name="answered_when_its_state_says_so",
            ),
            models.CheckConstraint(
                condition=~models.Q(metric_key="", observation=""), name="finding_about_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric_label} at day {self.review_day}"


class Cause(models.Model):
    """What was found on one side: a cause, or (`found` is false) that none was found there, with what was looked at."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="causes")
    round = models.PositiveSmallIntegerField(default=1, help_text="of the finding, when it was stated")
    side = models.CharField(max_length=10, choices=CauseSide)
    found = models.BooleanField(default=True)
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="cause_in_engagement"),
            models.CheckConstraint(condition=~models.Q(text=""), name="cause_in_words"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Fix(models.Model):
    """An action against a root cause: done, or with an owner and a date."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="fixes")
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="fixes")
    cause = models.ForeignKey(Cause, models.CASCADE, null=True, related_name="fixes")
    action = models.CharField(max_length=300)
    owner = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["due_on"]

    def __str__(self) -> str:
        return self.action


class FindingEvent(models.Model):
    """One step in the life of a finding: who brought it into this state, when and why; append-only."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="events")
    state = models.CharField(max_length=10, choices=FindingState)
    why = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} by {self.by_name}"


class FindingEvidence(ProofPiece):
    """Proof of what a finding says: a sentence, a link or a file; append-only."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="evidence")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~(models.Q(text="") & models.Q(url="") & models.Q(path="")),
                name="finding_evidence_not_empty",
                violation_error_message="Say what proves it, link it, or attach a file.",
            ),
        ]


class CloserFeedback(models.Model):
    """What the closers say about the leads and transfers that reach them; append-only."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="feedback_in_words")]

    def __str__(self) -> str:
        return self.text[:80]
