"""When, and may we go on: the dated plan, its proof, and the gates."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import ParticipantRole, Side
from engagements.models import Engagement, Participant, Signature
from kpis.models import CauseSide


class Phase(models.TextChoices):
    SETUP = "setup", "Setup"
    LAUNCH = "launch", "Launch and baseline"
    OPTIMISATION = "optimisation", "Optimisation"
    STEADY = "steady", "Steady state"


class Plan(models.Model):
    """The launch plan of one engagement. It keeps the playbook version that it was made from."""

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="plan")
    playbook = models.CharField(max_length=60)
    playbook_version = models.PositiveSmallIntegerField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    locked_at = models.DateTimeField(null=True, help_text="when the second side locked it")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "engagement"], name="plan_in_engagement")]

    def __str__(self) -> str:
        return f"Launch plan of {self.engagement}"


class PlanLock(Signature):
    """One side's lock: it binds to the hash of the plan that this side saw."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="locks")

    class Meta:
        ordering = ["signed_at"]


class Dated(models.Model):
    """A thing on the timeline, with its three dates."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    phase = models.CharField(max_length=12, choices=Phase)
    day = models.PositiveSmallIntegerField(help_text="due on this day of the engagement")
    contracted_on = models.DateField(null=True, help_text="frozen when both sides lock the timeline")
    forecast_on = models.DateField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Milestone(Dated):
    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    start_day = models.PositiveSmallIntegerField(help_text="equal to `day` where it is no window")
    owner = models.ForeignKey(Participant, models.PROTECT, null=True, related_name="+")
    owner_role = models.CharField(max_length=20, choices=ParticipantRole)
    side = models.CharField(max_length=10, choices=Side)
    evidence_asked = models.CharField(max_length=300)
    technical = models.BooleanField(default=False, help_text="cannot be completed before the brief is signed")
    gate_code = models.CharField(max_length=20)
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["day", "start_day", "code"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="milestone_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "code"], name="milestone_once"),
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True, done_by__isnull=True)
                | models.Q(done_on__isnull=False, done_by__isnull=False),
                name="done_by_somebody",
            ),
        ]


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

    class Meta:
        ordering = ["-tested_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["id", "engagement"], name="result_in_engagement")]

    def __str__(self) -> str:
        return f"{self.check_tested}: {'passed' if self.passed else 'failed'}"


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


class Review(Dated):
    """A review on the timeline, with who must attend and what it covers."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    attendee_roles = ArrayField(models.CharField(max_length=20))
    agenda = ArrayField(models.CharField(max_length=200))
    held_on = models.DateField(null=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["engagement", "code"], name="review_once")]


class Slip(models.Model):
    """The launch date was moved: by how many days, why, and whose side it was on; append-only."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="slips")
    from_launch_on = models.DateField()
    to_launch_on = models.DateField()
    days = models.SmallIntegerField()
    side = models.CharField(max_length=10, choices=CauseSide)
    reason = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.days} days: {self.reason}"


class Gate(Dated):
    """A gate between phases. Whether it may be passed is computed, never typed.

    The `document_*` fields name the one deliverable version on the table: signatures bind to its hash, and
    `document_fingerprint` is the fingerprint of the facts that it was made from.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    deliverable_kind = models.CharField(max_length=20)
    document_sha256 = models.CharField(max_length=64, blank=True)
    document_version = models.PositiveSmallIntegerField(null=True)
    document_fingerprint = models.CharField(max_length=64, blank=True)
    passed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="gate_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "code"], name="gate_once"),
        ]


class SignOff(Signature):
    """One side's signature under a gate, bound to the hash of exactly one deliverable version; append-only."""

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="sign_offs")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "gate", "side", "content_hash"],
                name="one_sign_off_per_side_and_document",
                violation_error_message="This side has already signed this document.",
            )
        ]
