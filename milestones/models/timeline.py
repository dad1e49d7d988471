"""What everything on the timeline shares: a phase and three dates."""

from django.db import models

from engagements.models import Engagement


class Phase(models.TextChoices):
    SETUP = "setup", "Setup"
    LAUNCH = "launch", "Launch and baseline"
    OPTIMISATION = "optimisation", "Optimisation"
    STEADY = "steady", "Steady state"


class Dated(models.Model):
    """A thing on the timeline, with its three dates."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    phase = models.CharField(max_length=12, choices=Phase)
    day = models.PositiveSmallIntegerField(help_text="due on this day of the engagement")
    contracted_on = models.DateField(null=True, help_text="frozen when both sides lock the timeline")
    forecast_on = models.DateField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title
