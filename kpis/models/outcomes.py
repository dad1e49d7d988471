"""Files that are no call logs, and what became of transfers days after the call: told by a file or a closer's link."""

from django.db import models
from django.db.models import Value
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import Side
from engagements.models import Engagement
from engagements.stages import Stage


class SheetKind(models.TextChoices):
    OUTCOMES = "outcomes", "Outcomes of transfers"
    ROSTER = "roster", "Roster of agents"
    TOTALS = "totals", "End-of-day totals"
    REVIEWS = "reviews", "QA reviews"
    HOURS = "hours", "Agent hours"


class Sheet(models.Model):
    """An uploaded file that is no call log: looked at first, then taken in whole, and taken back whole."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=SheetKind)
    file_name = models.CharField(max_length=200, help_text="as the person named it")
    path = models.CharField(max_length=200, help_text="below FILES_ROOT, made by the server")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    date_order = models.CharField(max_length=12, blank=True, help_text="said where the file does not tell")
    said = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), help_text="what else was said"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, help_text="when what it says was taken in")
    taken_by_name = models.CharField(max_length=260, blank=True)
    kept = models.PositiveIntegerField(null=True, help_text="rows that said something new")
    known = models.PositiveIntegerField(null=True, help_text="rows that said what was known")
    refused = models.JSONField(default=list, help_text="[[row, reason], …] of rows that could not be used")
    first_day = models.DateField(null=True, help_text="of the days that it says something of")
    last_day = models.DateField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by_name = models.CharField(max_length=260, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="sheet_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "kind", "sha256"], condition=models.Q(taken_back_at__isnull=True),
                name="sheet_once", violation_error_message="This file is here already.",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=False) | models.Q(taken_back_at__isnull=True, kept__isnull=True),
                name="sheet_taken_in_before_back",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.file_name


class CloserLink(models.Model):
    """A link by which a closer says what became of their transfers, without an account; only its hash is kept.

    It shows the transfers of its days that went to `closer`, of everybody where that is empty.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, help_text="who holds it: what it writes is written in this name")
    closer = models.CharField(max_length=120, blank=True, help_text="as the calls name them")
    first_day = models.DateField()
    last_day = models.DateField()
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    by_side = models.CharField(max_length=10, choices=Side)
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_name = models.CharField(max_length=260, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="closer_link_in_engagement"),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="closer_link_has_its_days"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ToldOutcome(models.Model):
    """What somebody said of one transfer, by a file or by a closer's link; append-only, the newest that stands counts.

    `stage` is TRANSFER for a no-show, SHOW or CLOSE; `tells_close` is false where nothing is said of a close. The call
    is named by its key: an import that is taken back takes nothing of this with it.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    call_key = models.BigIntegerField()
    stage = models.PositiveSmallIntegerField(
        choices=[(Stage.TRANSFER, "No-show"), (Stage.SHOW, "Shown"), (Stage.CLOSE, "Closed")]
    )
    tells_close = models.BooleanField()
    on = models.DateField(help_text="when it was shown, closed or missed")
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    sheet = models.ForeignKey(Sheet, models.PROTECT, null=True, related_name="outcomes")
    row_no = models.PositiveIntegerField(null=True, help_text="line in the file")
    link = models.ForeignKey(CloserLink, models.PROTECT, null=True, related_name="outcomes")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["engagement", "call_key", "-id"], name="told_of_call")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sheet__isnull=False, link__isnull=True)
                | models.Q(sheet__isnull=True, link__isnull=False),
                name="told_by_file_or_link",
            ),
            models.CheckConstraint(condition=models.Q(stage__gte=3, stage__lte=5), name="told_after_transfer"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0), name="told_value_not_negative"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_stage_display()} on {self.on}"
