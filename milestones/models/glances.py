"""What is shown of an engagement, and what waits in it, kept as computed: a copy, never the place where it is so."""

from django.db import models

from engagements.models import Copy, Engagement


class Glance(Copy):
    """One engagement's row, with what waits in it; it rests on verdicts on calls where it says something of them."""

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="glance")
    facts = models.JSONField()
    drawn = models.JSONField(default=list, help_text="the cells of its row")
    duties = models.JSONField(default=list, help_text="what waits in it, and for whom")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id", "engagement"], name="glance_in_engagement")]

    def __str__(self) -> str:
        return f"{self.engagement_id} on {self.day}"
