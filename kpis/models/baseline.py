"""The day-30 numbers, frozen."""

from django.db import models

from accounts.models import User
from engagements.models import CampaignBrief, Engagement


class Baseline(models.Model):
    """The day-30 numbers, frozen: never changed, never deleted."""

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="baseline")
    brief = models.ForeignKey(CampaignBrief, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    numbers = models.JSONField(help_text="the funnel in all and by lead source, as kpis.funnel writes it")
    content_hash = models.CharField(max_length=64)
    frozen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Baseline of {self.first_day} to {self.last_day}"
