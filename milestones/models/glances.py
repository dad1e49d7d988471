"""What is shown of an engagement, and what waits in it, kept as computed: a copy, never the place where it is so."""

from django.db import models

from engagements.models import Engagement


class Glance(models.Model):
    """One engagement's row as it stood on a day, after a line of its trail and the verdicts on its calls. Whoever finds
    it older than any of them, or of another shape, computes it anew and keeps that (ADR 0016).
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="glance")
    day = models.DateField(help_text="in the engagement's zone")
    sequence = models.BigIntegerField(help_text="the newest line of the trail before it was computed")
    verdicts = models.CharField(
        max_length=60,
        blank=True,
        default="",
        help_text="how many days of calls were judged, and the last when",
    )
    shape = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    drawn = models.JSONField(default=list, help_text="the cells of its row")
    duties = models.JSONField(default=list, help_text="what waits in it, and for whom")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "engagement"], name="glance_in_engagement")]

    def __str__(self) -> str:
        return f"{self.engagement_id} on {self.day}"
