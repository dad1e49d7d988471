"""The engagement and the calendar that everything hangs on."""

from django.db import models
from django.db.models.functions import UUID7

from accounts.models import Organisation, User
from accounts.roles import Side
from common.days import SETUP_DAYS


class Engagement(models.Model):
    """One client, one operator, one campaign, and the calendar that everything hangs on.

    Days 1–10 count from `kickoff_on`, day 11 and later from `launch_on`, all in `zone`.
    """

    public_id = models.UUIDField(db_default=UUID7(), unique=True, editable=False)
    campaign = models.CharField(max_length=120)
    client = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    zone = models.CharField("time zone", max_length=64, help_text="IANA name, such as America/New_York")
    kickoff_on = models.DateField("kickoff date", help_text="day 1")
    launch_on = models.DateField(
        "launch date", help_text="day 11: the forecast, and the actual date once it came"
    )
    contracted_launch_on = models.DateField(null=True, help_text="frozen when both sides lock the timeline")
    passed_day = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="day of the last gate that both sides have passed: what it rests on stands",
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(client=models.F("operator")),
                name="two_organisations",
                violation_error_message="Client and operator must be two organisations.",
            ),
            models.CheckConstraint(
                condition=models.Q(launch_on__gt=models.F("kickoff_on")),
                name="launch_after_kickoff",
                violation_error_message="The launch date must lie after the kickoff date.",
            ),
        ]

    def __str__(self) -> str:
        return self.campaign

    @property
    def cleared(self) -> bool:
        """Whether the day-10 gate has passed: from then on the launch date stands, and so does every later day."""
        return self.passed_day >= SETUP_DAYS

    def organisation_of(self, side: Side) -> Organisation:
        return self.client if side is Side.CLIENT else self.operator
