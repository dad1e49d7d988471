"""Another date for what both sides have locked: proposed by one side, answered by the other."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import User
from accounts.roles import Side
from engagements.models import Engagement
from kpis.models import CauseSide

LAUNCH = "launch"


class Answer(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"
    OVERTAKEN = "overtaken", "Overtaken"  # the launch was reached before anybody answered


class DateProposal(models.Model):
    """A new date for one item of a locked plan. It takes effect when the other side accepts it.

    `in_effect` is the one exception (see docs/adr/0009): a launch that could no longer be kept has moved already,
    and the other side answers for its reason and side alone.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="date_proposals")
    item = models.CharField(max_length=60, help_text='"launch", or such as "milestone-kickoff"')
    title = models.CharField(max_length=160)
    from_on = models.DateField(help_text="its date when this was proposed")
    to_on = models.DateField()
    reason = models.TextField()
    side = models.CharField(max_length=10, choices=CauseSide, help_text="whose side the delay is on")
    in_effect = models.BooleanField(default=False)
    by_side = models.CharField(max_length=10, choices=Side)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=260)
    at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answer_reason = models.TextField(blank=True)
    answered_side = models.CharField(max_length=10, choices=Side, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_name = models.CharField(max_length=260, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "engagement"], name="date_proposal_in_engagement"),
            models.UniqueConstraint(
                fields=["engagement", "item"],
                condition=models.Q(answer="", in_effect=False),
                name="one_open_proposal_per_item",
                violation_error_message="There is already a proposal for this date that waits for an answer.",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | ~models.Q(answer="") & models.Q(answered_at__isnull=False),
                name="date_proposal_answered_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer__in=["accepted", "declined"])
                | ~models.Q(answered_side=models.F("by_side")),
                name="date_proposal_answered_by_the_other_side",
                violation_error_message="The other side answers a proposal.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.to_on}"

    @property
    def open(self) -> bool:
        return not self.answer

    @property
    def days(self) -> int:
        """By how many days the date would move; negative when it comes earlier."""
        return (self.to_on - self.from_on).days
