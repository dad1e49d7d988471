"""What pages say of an engagement, kept as it was computed: a copy, never the place where anything is so."""

from django.db import models

from .engagement import Engagement


class Kept(models.Model):
    """One part of an engagement's pages as it stood on a day, after a line of its trail. Whoever finds it older than
    either, or of another shape, computes it anew and keeps that (`engagements.kept`, ADR 0016).
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="kept")
    part = models.CharField(max_length=60)
    day = models.DateField(help_text="in the engagement's zone")
    sequence = models.BigIntegerField(help_text="the newest line of the trail before it was computed")
    beside = models.CharField(
        max_length=60, default="", db_default="", help_text="what else it rests on, which leaves no line"
    )
    shape = models.PositiveSmallIntegerField()
    facts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["engagement", "part"], name="kept_once")]

    def __str__(self) -> str:
        return f"{self.part} of {self.engagement_id} on {self.day}"
