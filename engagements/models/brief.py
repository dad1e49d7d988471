"""The campaign brief in versions, with its metrics and signatures."""

from django.db import models
from django.db.models import Value

from accounts.models import User
from common import clock
from engagements.terms import SCHEMA, Unit
from engagements.terms.measures import Measure

from .engagement import Engagement
from .signature import Signature


class CampaignBrief(models.Model):
    """One version of the brief. It is a draft until the first signature; from then on it never changes.

    `terms` maps the keys of `engagements.terms.TERMS` to values in the shape of `schema`; schema 1 is text alone.
    `content_hash` covers terms and metrics and is what a signature binds to. `edited` says for each term, and for
    "metrics", who changed it last: {key: {by, side, at}}.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="briefs")
    version = models.PositiveSmallIntegerField()
    schema = models.PositiveSmallIntegerField(default=SCHEMA, db_default=1)
    terms = models.JSONField(default=dict)
    edited = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    content_hash = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    signed_at = models.DateTimeField(
        null=True, help_text="when the second side signed: in force from then on"
    )
    superseded_at = models.DateTimeField(
        null=True,
        help_text="when a newer version replaced this one, or it was discarded, before both had signed",
    )
    proposed_at = models.DateTimeField(
        null=True, help_text="when somebody asked both sides to sign this content"
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    discarded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    discard_reason = models.CharField(max_length=300, blank=True, db_default="")

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
            models.CheckConstraint(
                condition=models.Q(discard_reason="", discarded_by=None)
                | models.Q(discarded_by__isnull=False, superseded_at__isnull=False, signed_at=None)
                & ~models.Q(discard_reason=""),
                name="discarded_with_reason",
                violation_error_message="A discarded draft says by whom and why, and was never in force.",
            ),
        ]

    def __str__(self) -> str:
        return f"Campaign brief, version {self.version}"

    @property
    def discarded(self) -> bool:
        return bool(self.discard_reason)

    @property
    def open(self) -> bool:
        """Whether it waits: neither in force, nor replaced, nor discarded."""
        return self.signed_at is None and self.superseded_at is None


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
    denominator = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=20, choices=Unit, default=Unit.PERCENT)
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.UP)
    target = models.DecimalField(
        max_digits=13,
        decimal_places=4,
        null=True,
        help_text="in percent a fraction: 0.12 is 12%; else the figure; empty: none agreed",
    )
    minimum_sample = models.PositiveIntegerField(
        default=30, help_text="below this denominator nothing is judged"
    )
    source_system = models.CharField(max_length=80, blank=True)
    dispute_rule = models.CharField(max_length=300, blank=True)
    numerator_measure = models.CharField(
        max_length=10, blank=True, db_default="", default="", choices=Measure
    )
    numerator_which = models.CharField(max_length=400, blank=True, db_default="", default="")
    denominator_measure = models.CharField(
        max_length=10, blank=True, db_default="", default="", choices=Measure
    )
    denominator_which = models.CharField(max_length=400, blank=True, db_default="", default="")

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
