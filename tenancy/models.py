"""The outbox: background work, written in the same transaction as what it is about."""

from django.db import models
from django.db.models.functions import UUID7

from common import clock


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Job(models.Model):
    """One piece of background work, asked for by one person; it carries ids, never content.

    The database is the source of truth and the broker only a bell: a lost message is sent again by the
    sweeper, a killed worker's lease runs out.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    handler = models.CharField(max_length=80, help_text="the name under which an app registered the work")
    key = models.CharField(max_length=120, help_text="what it is about: a second request finds this one")
    arguments = models.JSONField(default=dict, help_text="ids only")
    user_id = models.BigIntegerField()
    organisation_id = models.BigIntegerField()
    engagement_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    done = models.PositiveBigIntegerField(default=0, help_text="progress: how many of `total`")
    total = models.PositiveBigIntegerField(default=0)
    note = models.CharField(
        max_length=200, blank=True, help_text="what it is doing now, in the reader's words"
    )
    error = models.TextField(blank=True, help_text="why it failed and what to do, in the reader's words")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    queued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement_id"], name="job_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement_id", "key"],
                condition=models.Q(engagement_id__isnull=False),
                name="job_once_in_engagement",
            ),
            models.UniqueConstraint(
                fields=["organisation_id", "key"],
                condition=models.Q(engagement_id__isnull=True),
                name="job_once_in_organisation",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queued_at"], condition=models.Q(state__in=["queued", "running"]), name="job_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.key} ({self.state})"

    @property
    def is_open(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)

    @property
    def percent(self) -> int | None:
        """Whole percent done, or None while the amount of work is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None
