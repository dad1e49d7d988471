"""Who gets the reports of the evenings by mail, who has read them, and what was sent."""

from django.db import models

from accounts.models import User
from accounts.roles import Side
from engagements.models import Engagement

from .deliverables import Deliverable


class Cadence(models.TextChoices):
    """How often somebody hears of an engagement by mail; whoever has no subscription hears nothing."""

    DAILY = "daily", "Every evening, and once a week its summary"
    WEEKLY = "weekly", "Once a week"


class ReportSubscription(models.Model):
    """One person's own choice for one engagement. `side` is theirs in it."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=Side)
    cadence = models.CharField(max_length=10, choices=Cadence)
    since = models.DateTimeField(help_text="reports made before are not sent")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["engagement", "user"], name="one_report_subscription")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_cadence_display()}"


class ReportReading(models.Model):
    """That somebody opened the page of a daily or weekly report while logged in: the first time counts; append-only."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    deliverable = models.ForeignKey(Deliverable, models.CASCADE, related_name="readings")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    by_side = models.CharField(max_length=10, choices=Side)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "deliverable", "by"], name="report_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.by_name}, {self.at}"


class ReportMail(models.Model):
    """One mail to one person. It is taken before the mail goes out, so that no second one follows.

    `number` counts the mails of one date: the evening's own, and those about days that changed. `items` names the
    reports that it tells of by their public ids, and never more than that.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    day = models.DateField()
    number = models.PositiveSmallIntegerField()
    items = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    refused = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="why the mail host will never take it",
    )

    class Meta:
        ordering = ["-day", "-number"]
        constraints = [models.UniqueConstraint(fields=["user", "day", "number"], name="one_report_mail")]

    def __str__(self) -> str:
        return f"{self.user}, {self.day}"
