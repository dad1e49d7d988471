"""What the portfolio shows of an engagement, kept as it was computed: a copy, never the place where anything is so."""

from django.db import models

from engagements.models import Engagement


class Glance(models.Model):
    """One engagement's row as it stood on a day, after a line of its trail. Whoever finds it older than either, or of
    another shape, computes it anew and keeps that (ADR 0016).
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="glance")
    day = models.DateField(help_text="in the engagement's zone")
    sequence = models.BigIntegerField(help_text="the newest line of the trail before it was computed")
    shape = models.PositiveSmallIntegerField()
    facts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "engagement"], name="glance_in_engagement")]

    def __str__(self) -> str:
        return f"{self.engagement_id} on {self.day}"
