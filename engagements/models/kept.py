"""What pages say of an engagement, kept as it was computed: a copy, never the place where anything is so."""

from django.conf import settings
from django.db import models

from .engagement import Engagement


class Copy(models.Model):
    """What was computed, with what it was computed under: it counts on its day, for the code that computed it, until
    the trail has a newer line or what it rests on beside that says something else (ADR 0016). Whoever finds it old
    computes it anew.
    """

    day = models.DateField(help_text="in the engagement's zone")
    sequence = models.BigIntegerField(help_text="the newest line of the trail before it was computed")
    beside = models.CharField(
        max_length=60, default="", db_default="", help_text="what else it rests on, which leaves no line"
    )
    code = models.PositiveSmallIntegerField(help_text="the number of the code that computed it")

    class Meta:
        abstract = True


class Kept(Copy):
    """One part of an engagement's pages (`engagements.kept`)."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="kept")
    part = models.CharField(max_length=60)
    facts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "part"], name="kept_once")]

    def __str__(self) -> str:
        return f"{self.part} of {self.engagement_id} on {self.day}"


class KeptPage(Copy):
    """A page of an engagement as one reader was last shown it (`engagements.kept_page`). Nobody else sees the row."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="kept_pages")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=60)
    pieces = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "reader", "page"], name="page_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.page} of {self.engagement_id} for {self.reader_id} on {self.day}"
