"""What was agreed: the engagement, its people, and the campaign brief in versions."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import Organisation, User
from accounts.roles import ParticipantRole, Side
from common.days import SETUP_DAYS


class Engagement(models.Model):
    """One client, one operator, one campaign, and the calendar that everything hangs on.

    Days 1–10 count from `kickoff_on`, day 11 and later from `launch_on`, all in `zone`.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    campaign = models.CharField(max_length=120)
    client = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    zone = models.CharField("time zone", max_length=64, help_text="IANA name, such as America/New_York")
    kickoff_on = models.DateField("kickoff date", help_text="day 1")
    launch_on = models.DateField(
        "launch date", help_text="day 11: the forecast, and the actual date once it came"
    )
    contracted_launch_on = models.DateField(null=True, help_text="frozen when both sides lock the timeline")
    passed_day = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="day of the last gate that both sides have passed: what it rests on stands",
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(client=models.F("operator")),
                name="two_organisations",
                violation_error_message="Client and operator must be two organisations.",
            ),
            models.CheckConstraint(
                condition=models.Q(launch_on__gt=models.F("kickoff_on")),
                name="launch_after_kickoff",
                violation_error_message="The launch date must lie after the kickoff date.",
            ),
        ]

    def __str__(self) -> str:
        return self.campaign

    @property
    def cleared(self) -> bool:
        """Whether the day-10 gate has passed: from then on the launch date stands, and so does every later day."""
        return self.passed_day >= SETUP_DAYS

    def organisation_of(self, side: Side) -> Organisation:
        return self.client if side is Side.CLIENT else self.operator


class Participant(models.Model):
    """A person in one role on one side. `user` is empty until the person has accepted the invitation."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="participants")
    side = models.CharField(max_length=10, choices=Side)
    role = models.CharField(max_length=20, choices=ParticipantRole)
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="participations")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["side", "role", "name"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="participant_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "email", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="one_current_participation",
                violation_error_message="This person already has this role here.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """Somebody who dials, known by the name that the dialer's export uses."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="agents")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="agent_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "name"], name="agent_once"),
        ]

    def __str__(self) -> str:
        return self.name


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


class Signature(models.Model):
    """What every signature keeps: who, for whom, when, from where, and the exact content."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    organisation_name = models.CharField(max_length=120)
    address = models.CharField(max_length=45, blank=True)
    signed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    consent = models.TextField(help_text="the sentence that the person agreed to")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} for {self.organisation_name}"


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
