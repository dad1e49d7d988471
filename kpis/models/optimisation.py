"""Days 31 to 90: the one plan against the bottleneck, whether it moved, scaling, and what comes after day 90."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import Side
from engagements.models import Engagement, Signature

from .findings import Finding


class EffectVerdict(models.TextChoices):
    MOVED = "moved", "Moved"
    NOT_MOVED = "not_moved", "Not moved"
    TOO_LITTLE = "too_little", "Too little data"


class OptimisationPlan(models.Model):
    """One plan against one bottleneck; a new one replaces it only before it is agreed, or when nothing moved.

    `content` is what both sides read: the bottleneck as it was computed, the causes and fixes, the expected effect and
    the frozen window before. `content_hash` is what an agreement binds to.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="plans")
    metric_key = models.CharField(max_length=40)
    metric_label = models.CharField(max_length=80)
    computed_key = models.CharField(max_length=40, blank=True, help_text="what the data say; empty: nothing")
    reason = models.TextField(blank=True, help_text="why another stage than the computed one was chosen")
    expected = models.DecimalField(
        max_digits=9, decimal_places=4, help_text="the rate that the plan promises"
    )
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_by_name = models.CharField(max_length=120)
    drafted_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, help_text="when the second side agreed")
    ended_at = models.DateTimeField(null=True, help_text="when another plan had to take its place")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="optimisation_plan_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "number"], name="optimisation_plan_once"),
            models.UniqueConstraint(
                fields=["engagement"],
                condition=models.Q(ended_at__isnull=True),
                name="one_optimisation_plan",
                violation_error_message="There is one plan at a time.",
            ),
        ]

    def __str__(self) -> str:
        return f"Plan {self.number} against {self.metric_label}"


class PlanAgreement(Signature):
    """One side's agreement to a plan; append-only."""

    plan = models.ForeignKey(OptimisationPlan, models.CASCADE, related_name="agreements")

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "plan", "side", "content_hash"],
                name="one_plan_agreement_per_side",
                violation_error_message="This side has agreed to this plan already.",
            )
        ]


class EffectCheck(models.Model):
    """Before and after of one metric, frozen with its interval and verdict; append-only.

    With `plan` it is the verdict of the day-45 checkpoint.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="checks")
    plan = models.ForeignKey(OptimisationPlan, models.CASCADE, null=True, related_name="checks")
    first_day = models.DateField(help_text="of the window after")
    last_day = models.DateField(help_text="of the window after")
    before_numerator = models.PositiveBigIntegerField()
    before_denominator = models.PositiveBigIntegerField()
    after_numerator = models.PositiveBigIntegerField()
    after_denominator = models.PositiveBigIntegerField()
    expected = models.DecimalField(max_digits=9, decimal_places=4)
    points = models.FloatField(null=True, help_text="after minus before, as a share")
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    verdict = models.CharField(max_length=12, choices=EffectVerdict)
    needed = models.PositiveBigIntegerField(null=True, help_text="how many more until it can be told")
    needed_days = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.finding.metric_label}: {self.get_verdict_display().lower()}"


class ScalingAnswer(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class ScalingProposal(models.Model):
    """More agents, more leads or a second campaign type, proposed by one side and answered by the other."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    agents = models.PositiveSmallIntegerField(null=True, help_text="how many more")
    leads_a_day = models.PositiveIntegerField(null=True, help_text="how many more")
    campaign_type = models.CharField(max_length=200, blank=True)
    why = models.TextField()
    figures = models.JSONField(help_text="each target with its figure when it was proposed")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_by_name = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=ScalingAnswer, blank=True)
    answer_reason = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"],
                condition=models.Q(answer=""),
                name="one_open_scaling_proposal",
                violation_error_message="A scaling proposal waits for its answer already.",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="scaling_answered_at",
            ),
            models.CheckConstraint(
                condition=models.Q(agents__gt=0) | models.Q(leads_a_day__gt=0) | ~models.Q(campaign_type=""),
                name="scaling_of_something",
            ),
        ]

    def __str__(self) -> str:
        parts = [
            f"{self.agents} more agents" if self.agents else "",
            f"{self.leads_a_day} more leads a day" if self.leads_a_day else "",
            f"second campaign type: {self.campaign_type}" if self.campaign_type else "",
        ]
        return "; ".join(filter(None, parts))


class ForwardPlan(models.Model):
    """The four questions of day 90 and the targets for days 91 to 180; immutable once both sides have agreed."""

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="forward_plan")
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_by_name = models.CharField(max_length=120)
    drafted_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True, help_text="when the second side agreed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="forward_plan_in_engagement")
        ]

    def __str__(self) -> str:
        return "Forward plan for days 91 to 180"


class ForwardAgreement(Signature):
    """One side's agreement to the forward plan as it stood; append-only."""

    plan = models.ForeignKey(ForwardPlan, models.CASCADE, related_name="agreements")

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "plan", "side", "content_hash"],
                name="one_forward_agreement_per_side",
                violation_error_message="This side has agreed to this version already.",
            )
        ]
