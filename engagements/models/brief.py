"""The campaign brief in versions, with its metrics and signatures."""

from django.db import models

from accounts.models import User

from .engagement import Engagement
from .signature import Signature


class CampaignBrief(models.Model):
    """One version of the brief. It is a draft until the first signature; from then on it never changes.

    `terms` maps the keys of `engagements.terms.TERMS` to text. `content_hash` covers terms and metrics and is
    what a signature binds to.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="briefs")
    version = models.PositiveSmallIntegerField()
    terms = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    signed_at = models.DateTimeField(
        null=True, help_text="when the second side signed: in force from then on"
    )
    superseded_at = models.DateTimeField(
        null=True, help_text="when a newer version replaced this one before both sides had signed it"
    )

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="brief_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "version"], name="brief_version_once"),
            models.UniqueConstraint(
                fields=["engagement"],
                condition=models.Q(signed_at__isnull=True, superseded_at__isnull=True),
                name="one_unsigned_brief",
                violation_error_message="There is already a version that waits for signatures.",
            ),
        ]

    def __str__(self) -> str:
        return f"Campaign brief, version {self.version}"


class Direction(models.TextChoices):
    UP = "up", "at least"
    DOWN = "down", "at most"


class BriefMetric(models.Model):
    """A metric as the contract states it in one version of the brief, with its target."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    brief = models.ForeignKey(CampaignBrief, models.CASCADE, related_name="metrics")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40, help_text="such as contact_rate")
    label = models.CharField(max_length=80)
    numerator = models.CharField(max_length=120)
    denominator = models.CharField(max_length=120)
    unit = models.CharField(max_length=20, default="percent")
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.UP)
    target = models.DecimalField(
        max_digits=9, decimal_places=4, null=True, help_text="a fraction: 0.12 is 12%; empty: none agreed"
    )
    minimum_sample = models.PositiveIntegerField(
        default=30, help_text="below this denominator nothing is judged"
    )
    source_system = models.CharField(max_length=80, blank=True)
    dispute_rule = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="brief_metric_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "brief", "key"], name="brief_metric_once"),
            models.CheckConstraint(
                condition=models.Q(target__isnull=True) | models.Q(target__gte=0),
                name="target_not_negative",
                violation_error_message="A target cannot be negative.",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class BriefSignature(Signature):
    brief = models.ForeignKey(CampaignBrief, models.CASCADE, related_name="signatures")

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "brief", "side"],
                name="one_brief_signature_per_side",
                violation_error_message="This side has already signed this version.",
            )
        ]
