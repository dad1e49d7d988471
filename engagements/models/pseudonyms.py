"""The number by which an agent is known where names are masked."""

from django.db import models

from .agents import Agent
from .engagement import Engagement


class Pseudonym(models.Model):
    """One agent's number within the engagement. The database gives it when the agent comes in, and it never changes.

    Agents of one file get theirs in a drawn order, so that numbers tell nothing about names.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    agent = models.ForeignKey(Agent, models.CASCADE, related_name="pseudonyms")
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "agent"], name="one_pseudonym_each"),
            models.UniqueConstraint(fields=["engagement", "number"], name="pseudonym_once"),
        ]

    def __str__(self) -> str:
        return f"Agent {self.number}"
