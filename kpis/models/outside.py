"""What files say beside the calls: a dialer's own totals, reviews made elsewhere, and what a roster's file changed."""

from django.db import models

from engagements.models import Agent, Engagement, RosterEntry

from .outcomes import Sheet
from .qa import QaCall


class SaidTotal(models.Model):
    """What the dialer's end-of-day report says of one day; append-only. The calls are held against it, never changed.

    A count that the report does not have is None. The newest file that was not taken back counts.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", db_index=False)
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="totals")
    row_no = models.PositiveIntegerField(help_text="line in the file")
    day = models.DateField()
    dials = models.PositiveBigIntegerField(null=True)
    contacts = models.PositiveBigIntegerField(null=True)
    qualified = models.PositiveBigIntegerField(null=True)
    transfers = models.PositiveBigIntegerField(null=True)
    shows = models.PositiveBigIntegerField(null=True)
    closes = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "sheet", "day"], name="said_once_a_file"),
        ]
        indexes = [models.Index(fields=["engagement", "day"], name="said_of_day")]

    def __str__(self) -> str:
        return f"{self.day} as the dialer says"


class OutsideReview(models.Model):
    """A review of a call that was made elsewhere and came in by a file; append-only.

    `drawn` is the call of the sample that it was, empty outside of any sample. It counts beside the reviews made here,
    never among them: nobody here scored it by the scorecard that both sides know.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="reviews")
    row_no = models.PositiveIntegerField(help_text="line in the file")
    call_key = models.BigIntegerField()
    call_ref = models.CharField(max_length=120)
    drawn = models.ForeignKey(QaCall, models.PROTECT, null=True, related_name="+")
    day = models.DateField(help_text="of the call")
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True, help_text="percent")
    items = models.JSONField(default=dict, help_text="what each item was given, as written")
    heard_code = models.CharField(max_length=80, blank=True)
    recorded_code = models.CharField(max_length=80, help_text="the call's own, when the file came in")
    reviewer = models.CharField(max_length=120)
    on = models.DateField(help_text="when it was reviewed")
    comment = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "sheet", "call_key"], name="outside_review_once_a_file"
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__gte=0, score__lte=100),
                name="outside_score_in_percent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_ref}, by {self.reviewer}"


class RosterChange(models.Model):
    """One thing that a roster's file changed of an agent, so that it can be taken back; append-only.

    `entry` is the line of the roster that it wrote; without one it gave the agent another name. `before` and `after`
    are the names, empty for none.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="roster_changes")
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    entry = models.ForeignKey(RosterEntry, models.PROTECT, null=True, related_name="+")
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.agent} by {self.sheet}"
