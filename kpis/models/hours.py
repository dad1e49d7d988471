"""How long agents were logged in, as reports say it: by day, or for a period that nobody spreads over its days."""

from django.db import models
from django.db.models import F, Q

from engagements.models import Agent, Engagement

from .outcomes import Sheet


class AgentHours(models.Model):
    """One agent's time over one day, or over all days from `first_day` to `last_day` together; append-only.

    The newest file that was not taken back counts. A part that the report does not have is None. `agent` is the person
    where the report names one of several codes of theirs.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="hours")
    row_no = models.PositiveIntegerField(help_text="line in the file, the first where several count together")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    worked_s = models.PositiveIntegerField(help_text="seconds logged in or paid")
    calls = models.PositiveIntegerField(null=True)
    talk_s = models.PositiveIntegerField(null=True)
    wrap_s = models.PositiveIntegerField(null=True)
    wait_s = models.PositiveIntegerField(null=True)
    pause_s = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "sheet", "agent", "first_day", "last_day"], name="hours_once_a_file"
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="hours_have_their_days"),
        ]
        indexes = [models.Index(fields=["engagement", "first_day"], name="hours_of_days")]

    def __str__(self) -> str:
        return f"{self.agent_id}, {self.first_day} to {self.last_day}"
