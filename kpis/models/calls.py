"""Imported calls and what their codes mean."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from common import clock
from engagements.clearance import Lack
from engagements.models import Agent, Engagement
from engagements.outcomes import Outcome
from kpis.imports.dates import DateOrder
from tenancy.models import Job


class LeadSource(models.Model):
    """Where leads come from, by the name that the export uses."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="lead_sources")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="source_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "name"], name="source_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Disposition(models.Model):
    """What one raw code of one source system means for the funnel, in one engagement."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="dispositions")
    system = models.CharField(max_length=20, help_text="the preset whose code this is")
    code = models.CharField(max_length=80)
    outcome = models.CharField(max_length=20, choices=Outcome)
    brief_version = models.PositiveSmallIntegerField(
        null=True, help_text="of the brief that gave the meaning; empty: the export's own, or given by hand"
    )

    class Meta:
        ordering = ["system", "code"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="disposition_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "system", "code"], name="disposition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.system})"


class Import(models.Model):
    """One uploaded call log: whole or nothing. Its rows name it, so every figure can say where it came from."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="imports")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="+")
    preset = models.CharField(max_length=20)
    source_zone = models.CharField(max_length=64, help_text="the zone in which the file's times are written")
    date_order = models.CharField(
        max_length=12,
        choices=DateOrder,
        blank=True,
        db_default="",
        help_text="said by whoever started it, where the file does not tell",
    )
    measures = ArrayField(
        models.CharField(max_length=12), default=list, help_text="funnel stages the file can tell"
    )
    tells_waits = models.BooleanField(
        db_default=False, default=False, help_text="a call of it says when its lead came in"
    )
    file_name = models.CharField(max_length=200, help_text="as the person named it")
    path = models.CharField(max_length=200, help_text="below FILES_ROOT, made by the server")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    accepted = models.PositiveIntegerField(null=True)
    rejected = models.PositiveIntegerField(null=True)
    duplicates = models.PositiveIntegerField(null=True)
    joined = models.PositiveIntegerField(
        db_default=0, default=0, help_text="rows that are part of another's call"
    )
    left_out = models.PositiveIntegerField(
        db_default=0, default=0, help_text="rows that are no dials, as inbound calls"
    )
    dials = models.PositiveBigIntegerField(null=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    rejected_path = models.CharField(max_length=200, blank=True)
    rejected_summary = models.JSONField(default=list, help_text="[[reason, rows], …], most frequent first")
    unknown_codes = models.JSONField(default=list, help_text="[[code, rows], …], most frequent first")
    notes = models.JSONField(default=list, help_text="what was assumed in reading the file, in sentences")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="import_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "sha256"],
                condition=models.Q(finished_at__isnull=False),
                name="import_file_once",
                violation_error_message="This file has already been imported.",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Direction(models.TextChoices):
    INBOUND = "inbound", "Inbound"
    OUTBOUND = "outbound", "Outbound"


class CallRecord(models.Model):
    """One row of an export: usually one dial, with some systems several.

    `depth` is how far the call came in the funnel (engagements.stages); None where the file cannot tell.
    What a file does not say is blank or empty.
    """

    # The wall's two-column keys hold these together; single ones and their indexes would cost each row twice.
    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    batch = models.ForeignKey(
        Import, models.CASCADE, related_name="calls", db_index=False, db_constraint=False
    )
    call_key = models.BigIntegerField(help_text="stable hash of the source's call id, or of the row")
    row_no = models.PositiveIntegerField(help_text="line in the file, counted from 1 with the header")
    called_at = models.DateTimeField(null=True, help_text="empty where the file gives only a date")
    day = models.DateField(help_text="in the engagement's zone")
    hour = models.PositiveSmallIntegerField(null=True, help_text="in the engagement's zone")
    source = models.ForeignKey(
        LeadSource, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    disposition = models.ForeignKey(
        Disposition, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    depth = models.PositiveSmallIntegerField()
    dials = models.PositiveIntegerField(default=1)
    duration_s = models.PositiveIntegerField(null=True)
    breach = models.PositiveSmallIntegerField(
        null=True, choices=Lack, help_text="why the agent was not cleared when the call was made"
    )
    lead_ref = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    call_ref = models.CharField(max_length=120, blank=True, db_default="", help_text="the source's call id")
    region = models.CharField(max_length=80, blank=True, db_default="", help_text="state, as written")
    postal_code = models.CharField(max_length=20, blank=True, db_default="")
    lead_zone = models.CharField(max_length=64, blank=True, db_default="", help_text="as the file says")
    lead_created_at = models.DateTimeField(null=True)
    attempt = models.IntegerField(null=True, help_text="which call to this lead it was, from 1")
    closer = models.CharField(max_length=120, blank=True, db_default="")
    talk_s = models.IntegerField(null=True)
    wrap_s = models.IntegerField(null=True)
    direction = models.CharField(max_length=8, blank=True, db_default="", choices=Direction)
    recording = models.CharField(max_length=500, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "call_key"], name="call_once"),
            models.CheckConstraint(condition=models.Q(depth__lte=5), name="depth_in_funnel"),
            models.CheckConstraint(
                condition=models.Q(hour__isnull=True) | models.Q(hour__lte=23), name="hour_of_day"
            ),
        ]
        indexes = [
            models.Index(fields=["engagement", "day"], name="call_by_day"),
            # Shows and closes arrive days later, by the lead that was transferred.
            models.Index(
                fields=["engagement", "lead_ref"], condition=models.Q(depth__gte=3), name="transfer_by_lead"
            ),
            models.Index(
                fields=["engagement", "call_ref"], condition=models.Q(depth__gte=3), name="transfer_by_ref"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} row {self.row_no}"
