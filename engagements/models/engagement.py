"""The engagement and the calendar that everything hangs on."""

from datetime import date, time, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7

from accounts.models import Organisation, User
from accounts.roles import Side
from common import clock
from common.days import FAR, SETUP_DAYS, WEEKDAYS, Calendar, WhenOff, WorkDays

from ..public_holidays import country_name, named_holidays


class WhenDayOff(models.TextChoices):
    """What becomes of a due date on a day that is not worked."""

    STAYS = WhenOff.STAYS.value, "The due date stays"
    NEXT = WhenOff.NEXT.value, "It moves to the next working day"
    PREVIOUS = WhenOff.PREVIOUS.value, "It moves to the working day before"


class PaperSize(models.TextChoices):
    """What reports are printed on; the values are those of a snapshot."""

    A4 = "A4", "A4"
    LETTER = "letter", "Letter"


def every_day() -> list[int]:
    """The weekdays of an engagement for which nothing else is agreed."""
    return list(WEEKDAYS)


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
    work_weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        default=every_day,
        db_default=models.Value(list(WEEKDAYS), ArrayField(models.PositiveSmallIntegerField())),
        help_text="1 is Monday",
    )
    holiday_country = models.CharField(max_length=2, blank=True, default="", db_default="")
    holiday_subdivision = models.CharField(max_length=30, blank=True, default="", db_default="")
    holidays = models.JSONField(
        default=dict,
        db_default={},
        help_text="date to name, kept so that a later edition of the list moves no agreed date",
    )
    when_off = models.CharField(
        max_length=8, choices=WhenDayOff, default=WhenDayOff.STAYS, db_default=WhenDayOff.STAYS.value
    )
    report_at = models.TimeField(
        "hour of the evening report", default=time(18, 30), db_default=time(18, 30), help_text="in the zone"
    )
    weekly_on = models.PositiveSmallIntegerField(
        "weekday of the week's summary",
        null=True,
        help_text="1 is Monday; empty: the last calling day of the week",
    )
    paper = models.CharField(
        "paper of the reports",
        max_length=6,
        choices=PaperSize,
        blank=True,
        default="",
        db_default="",
        help_text="empty: what is usual where the campaign runs",
    )
    cleared_at = models.DateTimeField(
        null=True, help_text="when both sides had signed the launch clearance: nobody dials before"
    )
    agents_masked_at = models.DateTimeField(
        null=True, help_text="since when the client sees numbers instead of the names of agents; empty: names"
    )
    is_sample = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="made up to be looked at, said when it is opened; it can be removed for good",
    )
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(work_weekdays__contained_by=list(WEEKDAYS), work_weekdays__len__gte=1),
                name="weekdays_of_a_week",
                violation_error_message="Name at least one weekday on which work is done.",
            ),
            models.CheckConstraint(
                condition=models.Q(weekly_on__in=list(WEEKDAYS)),
                name="weekly_on_a_weekday",
                violation_error_message="Choose a weekday.",
            ),
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

    @property
    def work(self) -> WorkDays:
        """Which days are worked here, and what becomes of what is due on another."""
        holidays = frozenset(date.fromisoformat(on) for on in self.holidays)
        return WorkDays(frozenset(self.work_weekdays), holidays, WhenOff(self.when_off))

    @property
    def calendar(self) -> Calendar:
        """The days of this engagement as its dates stand now: the one way from a day to a date."""
        return Calendar(self.kickoff_on, self.launch_on, self.contracted_launch_on, self.work)

    @property
    def holiday_place(self) -> str:
        """Whose public holidays count: "United States, CA"; nothing where none do."""
        country = country_name(self.holiday_country) if self.holiday_country else ""
        return ", ".join(filter(None, (country, self.holiday_subdivision)))

    def keep_holidays(self) -> None:
        """Note the public holidays of the place over the days that the plan can reach; the caller saves."""
        last = self.kickoff_on + timedelta(days=FAR)
        found = named_holidays(self.holiday_country, self.holiday_subdivision, self.kickoff_on, last)
        self.holidays = {on.isoformat(): name for on, name in found.items()}

    def organisation_of(self, side: Side) -> Organisation:
        return self.client if side is Side.CLIENT else self.operator
