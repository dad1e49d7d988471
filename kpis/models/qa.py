"""What QA hears: scorecards, samples drawn by chance, reviews, calibration; and the log of verified transfers.

Calls are named by their key and told as they stood when they were drawn: an import that is taken back takes no
review with it.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from engagements.models import Agent, Engagement
from engagements.outcomes import Outcome


class QaScorecard(models.Model):
    """One version of what a call is scored by. It is written until it comes into use; then nothing of it changes.

    `items` is a list of {key, text, points, auto_fail}; `pass_mark` is percent of the points that could be earned.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    items = models.JSONField(default=list)
    pass_mark = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField(help_text="when it was written last")
    used_at = models.DateTimeField(null=True, help_text="since when calls are scored by it")
    used_by_name = models.CharField(max_length=260, blank=True)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="qa_scorecard_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "version"], name="qa_scorecard_version_once"),
            models.UniqueConstraint(
                fields=["engagement"], condition=models.Q(used_at__isnull=True), name="one_open_qa_scorecard",
                violation_error_message="There is a scorecard already that is being written.",
            ),
            models.CheckConstraint(
                condition=models.Q(pass_mark__gte=1, pass_mark__lte=100), name="qa_pass_mark_in_percent"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"version {self.version} of the scorecard"


class QaSample(models.Model):
    """What is drawn from: the launch sample (the first three live days), or any days with a share of one's choice."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    launch = models.BooleanField()
    name = models.CharField(max_length=120)
    first_day = models.DateField(
        null=True, help_text="empty for the launch sample: its days follow from the calls"
    )
    last_day = models.DateField(null=True)
    share = models.DecimalField(max_digits=4, decimal_places=3, help_text="of the calls, between 0 and 1")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-launch", "-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="qa_sample_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement"], condition=models.Q(launch=True), name="one_launch_sample"
            ),
            models.CheckConstraint(
                condition=models.Q(launch=True, first_day__isnull=True, last_day__isnull=True)
                | models.Q(launch=False, first_day__isnull=False, last_day__gte=models.F("first_day")),
                name="qa_sample_has_its_days",
            ),
            models.CheckConstraint(
                condition=models.Q(launch=False, share__gt=0, share__lte=1)
                | models.Q(launch=True, share__gte="0.25", share__lte="0.30"),
                name="qa_share_in_bounds",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class QaDraw(models.Model):
    """One drawing for a sample; append-only. The first; a top-up for calls that came in later; or replacements for
    recordings that could not be heard, which add no calls.

    `population` maps an agent ("" for none) to the keys of the calls that this draw added; with `seed` and `method`
    it makes the same sample again. `calls` and `drawn` count this draw alone.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    sample = models.ForeignKey(QaSample, models.CASCADE, related_name="draws")
    number = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=20)
    seed = models.CharField(max_length=32, help_text="hex digits, made by chance when it was drawn")
    by_day = models.JSONField(help_text="calls of the population by day")
    by_agent = models.JSONField(help_text="calls of the population by agent")
    calls = models.PositiveIntegerField()
    drawn = models.PositiveIntegerField()
    population = models.JSONField()
    population_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="qa_draw_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "sample", "number"], name="qa_draw_number_once"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Draw {self.number} of {self.sample}"


class QaCall(models.Model):
    """A call that was drawn, as it stood in the log then; append-only."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    sample = models.ForeignKey(QaSample, models.CASCADE, related_name="calls")
    draw = models.ForeignKey(QaDraw, models.CASCADE, related_name="+")
    call_key = models.BigIntegerField()
    place = models.PositiveIntegerField(
        help_text="in the order of chance, the order in which calls are heard"
    )
    day = models.DateField()
    called_at = models.DateTimeField(null=True)
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=20)
    code = models.CharField(max_length=80, help_text="the disposition that was recorded")
    outcome = models.CharField(max_length=20, choices=Outcome)
    duration_s = models.PositiveIntegerField(null=True)
    call_ref = models.CharField(max_length=120, blank=True)
    lead_ref = models.CharField(max_length=120, blank=True)
    recording = models.CharField(max_length=500, blank=True)
    file_name = models.CharField(max_length=200)
    row_no = models.PositiveIntegerField()

    class Meta:
        ordering = ["draw", "place"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="qa_call_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "sample", "call_key"], name="qa_call_once"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, line {self.row_no}"


class QaClaim(models.Model):
    """Who has a call in hand: nobody else takes it until it is reviewed or handed back."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    call = models.ForeignKey(QaCall, models.CASCADE, related_name="claims")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "call"], name="qa_claimed_once")]

    def __str__(self) -> str:
        return f"{self.call} with {self.by_name}"


class QaRound(models.Model):
    """One call that several people score without seeing each other's scores, until the round is closed."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    call = models.ForeignKey(QaCall, models.PROTECT, related_name="rounds")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=260, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="qa_round_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "call"], name="qa_round_once"),
        ]

    def __str__(self) -> str:
        return f"Calibration of {self.call}"


class QaReview(models.Model):
    """What one person heard in one call; append-only. A correction is a new review that takes its place.

    `scores` is a list of {key, points, of, note}, points None where the item did not come up. `earned`, `possible`
    and `passed` are empty where nothing could be scored; with `heard` false the recording could not be listened to.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    call = models.ForeignKey(QaCall, models.PROTECT, related_name="reviews")
    round = models.ForeignKey(QaRound, models.PROTECT, null=True, related_name="reviews")
    scorecard = models.ForeignKey(QaScorecard, models.PROTECT, null=True, related_name="+")
    heard = models.BooleanField()
    scores = models.JSONField(default=list)
    earned = models.PositiveSmallIntegerField(null=True)
    possible = models.PositiveSmallIntegerField(null=True)
    auto_failed = ArrayField(
        models.CharField(max_length=200), default=list, help_text="what failed it, as it read"
    )
    passed = models.BooleanField(null=True)
    heard_code = models.CharField(max_length=80, blank=True)
    heard_outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    comment = models.TextField(blank=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="superseded_by")
    reason = models.CharField(max_length=500, blank=True, help_text="why it takes the place of another")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    by_side = models.CharField(max_length=10)
    started_at = models.DateTimeField(help_text="when the call was taken in hand")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="qa_review_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "call"], condition=models.Q(round__isnull=True, supersedes__isnull=True),
                name="qa_reviewed_once", violation_error_message="Somebody has reviewed this call already.",
            ),
            models.UniqueConstraint(
                fields=["engagement", "round", "by"], condition=models.Q(supersedes__isnull=True),
                name="qa_scored_once_a_round",
            ),
            models.UniqueConstraint(fields=["engagement", "supersedes"], name="qa_superseded_once"),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True) | ~models.Q(reason=""), name="qa_corrected_for_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(heard=True)
                | models.Q(possible__isnull=True, passed__isnull=True, heard_code="", scorecard__isnull=True),
                name="qa_unheard_is_not_scored",
            ),
            models.CheckConstraint(
                condition=models.Q(earned__isnull=True, possible__isnull=True)
                | models.Q(earned__lte=models.F("possible"), passed__isnull=False),
                name="qa_earned_of_possible",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.call}, by {self.by_name}"

    @property
    def score(self) -> float | None:
        """Percent of the points that could be earned; 0 where an item failed the call; None for nothing scored."""
        if self.passed is None or not self.possible:
            return None if self.passed is None else 0.0
        return 0.0 if self.auto_failed else 100 * (self.earned or 0) / self.possible


class TransferCheck(models.Model):
    """What was seen of one transfer: did it connect, did the closer know; append-only, the newest counts."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    call_key = models.BigIntegerField()
    day = models.DateField()
    agent = models.ForeignKey(Agent, models.PROTECT, null=True, related_name="+")
    connected = models.BooleanField()
    briefed = models.BooleanField(
        null=True, help_text="whether the closer was; empty where nobody was reached"
    )
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    by_side = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["engagement", "call_key"], name="transfer_check_of_call")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(connected=True, briefed__isnull=False)
                | models.Q(connected=False, briefed__isnull=True),
                name="transfer_briefed_where_connected",
            ),
            models.CheckConstraint(
                condition=models.Q(connected=True, briefed=True) | ~models.Q(note=""),
                name="failed_transfer_has_a_note",
            ),
        ]

    def __str__(self) -> str:
        return f"Transfer on {self.day}"
