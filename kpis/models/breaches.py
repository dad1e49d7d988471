"""Calls of agents who were not cleared, and the answers to them."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from engagements.clearance import Lack
from engagements.models import Agent, Engagement


class Breach(models.Model):
    """One day on which one agent dialed without being cleared: always equal to the marked rows, never deleted.

    `calls` is 0 once the import that brought them was taken back.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="breaches")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    day = models.DateField()
    reason = models.PositiveSmallIntegerField(choices=Lack, help_text="the first that held for a call")
    calls = models.PositiveIntegerField()
    first_at = models.DateTimeField(null=True, help_text="empty where the file gives only dates")
    last_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="breach_in_engagement"),
            models.UniqueConstraint(fields=["engagement", "agent", "day"], name="breach_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} on {self.day}"


class BreachAnswer(models.Model):
    """The operator's answer to one breach; append-only. `calls` is what it answered for."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    breach = models.ForeignKey(Breach, models.PROTECT, related_name="answers")
    cause = models.TextField()
    action = models.TextField(help_text="what was done about it")
    done_on = models.DateField()
    calls = models.PositiveIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="breach_answer_in_engagement")
        ]

    def __str__(self) -> str:
        return f"Answer to {self.breach}"


class BreachDecision(models.Model):
    """What the client says to one answer: accepted, or sent back with the reason; append-only."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    answer = models.ForeignKey(BreachAnswer, models.PROTECT, related_name="decisions")
    accepted = models.BooleanField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "answer"], name="breach_answer_decided_once")
        ]

    def __str__(self) -> str:
        return f"{self.answer}: {'accepted' if self.accepted else 'sent back'}"
