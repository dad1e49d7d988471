"""Who takes part, and who dials."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import ParticipantRole, Side

from .engagement import Engagement


class Participant(models.Model):
    """A person in one role on one side. `user` is empty until the person has accepted the invitation."""

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="participants")
    side = models.CharField(max_length=10, choices=Side)
    role = models.CharField(max_length=20, choices=ParticipantRole)
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="participations")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["side", "role", "name"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="participant_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "email", "role"],
                condition=models.Q(ended_at__isnull=True),
                name="one_current_participation",
                violation_error_message="This person already has this role here.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """Somebody who dials, known by the name that the dialer's export uses."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="agents")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="agent_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "name"], name="agent_once"),
        ]

    def __str__(self) -> str:
        return self.name
