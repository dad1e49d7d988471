"""End-of-day totals of metrics that calls do not tell."""

from django.db import models

from accounts.models import User
from engagements.models import Engagement


class MetricTotal(models.Model):
    """One day of one metric as somebody entered it; append-only, the newest entry of a day counts.

    `numerator` is empty where the day was taken back: then it has no data.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="metric_totals")
    metric_key = models.CharField(max_length=40, help_text="of the brief; calls do not tell it")
    day = models.DateField()
    numerator = models.PositiveBigIntegerField(null=True)
    denominator = models.PositiveBigIntegerField(default=1, help_text="1 where the metric has none")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["metric_key", "day", "-id"]
        indexes = [models.Index(fields=["engagement", "metric_key", "day", "-id"], name="newest_total")]

    def __str__(self) -> str:
        return f"{self.metric_key} on {self.day}"
