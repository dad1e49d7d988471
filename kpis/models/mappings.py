"""What the columns of a file mean that no preset knows, as somebody said for one engagement."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from common import clock
from engagements.models import Engagement
from kpis.imports.dates import DateOrder


class DurationUnit(models.TextChoices):
    """In what a bare number counts a duration."""

    SECONDS = "seconds", "Seconds, or H:MM:SS"
    MILLISECONDS = "milliseconds", "Milliseconds"
    MINUTES = "minutes", "Minutes, also fractions"


class ColumnMapping(models.Model):
    """A form of file under a name: known again by its header, with codes of its own."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="column_mappings")
    name = models.CharField(max_length=80)
    header = models.JSONField(help_text="the names of all columns, in their order")
    headless = models.BooleanField(default=False, help_text="the first line is a row already")
    columns = models.JSONField(help_text="{field: column}")
    unit = models.CharField(max_length=12, choices=DurationUnit, default=DurationUnit.SECONDS)
    date_order = models.CharField(max_length=12, choices=DateOrder, blank=True)
    source_zone = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "name"], name="mapping_once"),
        ]

    def __str__(self) -> str:
        return self.name
