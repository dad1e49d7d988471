"""Reviews: when they are, what was said and decided in them, and the actions that come out of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import Side
from engagements.models import Engagement, Participant

from .timeline import Dated


class ReviewKind(models.TextChoices):
    """A review of one day of the 90, or one of a rhythm."""

    DAY = "day", "Review of a day"
    WEEKLY = "weekly", "Weekly review"
    MONTHLY = "monthly", "Monthly review"


class Review(Dated):
    """A review on the timeline, with who must attend and what it covers.

    It is on `planned_on` where people have made another appointment for it than the plan has: selectors.reviews says
    which date counts. It has no invitation before it has a time. `sequence` counts its invitations, `invited_sequence`
    those that were sent.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=ReviewKind, default=ReviewKind.DAY)
    attendee_roles = ArrayField(models.CharField(max_length=20))
    agenda = ArrayField(models.CharField(max_length=200))
    planned_on = models.DateField(null=True)
    starts = models.TimeField(null=True, help_text="in the engagement's zone")
    length = models.PositiveSmallIntegerField(default=60, help_text="in minutes")
    place = models.CharField(max_length=300, blank=True)
    move_reason = models.CharField(max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    invited_sequence = models.PositiveIntegerField(null=True)
    held_on = models.DateField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="review_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "code"], name="review_once"),
            models.CheckConstraint(
                condition=models.Q(held_on__isnull=True) | models.Q(cancelled_at__isnull=True),
                name="review_held_or_cancelled",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at__isnull=True)
                | (~models.Q(cancel_reason="") & ~models.Q(kind=ReviewKind.DAY)),
                name="review_cancelled_with_reason",
            ),
        ]


class Minutes(models.Model):
    """What was said in a review. A draft until it is closed; then nothing in it changes any more.

    `attendance` is [{role, side, name, substitute}, …] with an empty name for who was missing; `agenda` is frozen on
    closing: [{kind, text}, …]. `version` counts the saved drafts.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    attendance = models.JSONField(default=list)
    also_there = models.CharField(max_length=300, blank=True)
    agenda = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_by_name = models.CharField(max_length=120, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "review"], name="minutes_once"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True)
                | (~models.Q(text="") & ~models.Q(content_hash="") & ~models.Q(closed_by_name="")),
                name="minutes_closed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Minutes of the {self.review}"


class ReviewPoint(models.Model):
    """A point that somebody put on the agenda before the review; append-only."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="points")
    text = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    side = models.CharField(max_length=10, choices=Side)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text


class Decision(models.Model):
    """Something that was decided in a review."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="decisions")
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Addendum(models.Model):
    """A correction of closed minutes; append-only, as the minutes themselves do not change."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="addenda")
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    side = models.CharField(max_length=10, choices=Side)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class ActionItem(models.Model):
    """What somebody undertook in a review: open, done with a word of proof, or dropped because both sides agreed.

    The first side to want it dropped says why (`drop_reason`); it is dropped once the other side agrees.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="actions")
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done_by_name = models.CharField(max_length=120, blank=True)
    proof = models.CharField(max_length=500, blank=True)
    drop_reason = models.CharField(max_length=300, blank=True)
    drop_side = models.CharField(max_length=10, choices=Side, blank=True)
    drop_asked_by = models.CharField(max_length=120, blank=True)
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.CharField(max_length=120, blank=True, help_text="who agreed for the other side")

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="action_in_engagement"),
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True, done_by__isnull=True, proof="")
                | (models.Q(done_on__isnull=False, done_by__isnull=False) & ~models.Q(proof="")),
                name="action_done_with_proof",
            ),
            models.CheckConstraint(
                condition=models.Q(dropped_at__isnull=True)
                | (
                    ~models.Q(drop_reason="")
                    & ~models.Q(drop_side="")
                    & ~models.Q(dropped_by="")
                    & models.Q(done_on__isnull=True)
                ),
                name="action_dropped_by_both",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.dropped_at is None


class CarryOver(models.Model):
    """An action was still open when a later review closed; append-only."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    action = models.ForeignKey(ActionItem, models.CASCADE, related_name="carried")
    review = models.ForeignKey(Review, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "action", "review"], name="carried_once_per_review")
        ]

    def __str__(self) -> str:
        return f"{self.action} over {self.review}"
