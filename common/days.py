"""The days of an engagement: what day N is, and what day a date is. Pure; every app may ask.

Day 1 is the kickoff date. Days 1-10 hang on the kickoff date, day 11 and later on the launch date. When the
launch moves, the dates between day 10 and the launch are *held*: the engagement stays on day 10 until it
launches.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SETUP_DAYS = 10
LAUNCH_DAY = SETUP_DAYS + 1
CALIBRATION_LAST_DAY = 30
LAST_DAY = 90


def local_date(moment: datetime, zone: str) -> date:
    """The calendar date of an aware moment in an engagement's own time zone.

    Raises ValueError for a moment without a time zone: it would be read in the machine's own.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone has no date.")
    return moment.astimezone(ZoneInfo(zone)).date()


def contracted_launch(kickoff: date) -> date:
    """The launch date that a kickoff date promises: day 11."""
    return kickoff + timedelta(days=SETUP_DAYS)


@dataclass(frozen=True)
class Calendar:
    """Turns day numbers into dates and back for one kickoff and one launch date.

    `agreed` is the launch date that both sides have locked; None before that, when nothing can slip yet.
    """

    kickoff: date
    launch: date
    agreed: date | None = None

    def __post_init__(self) -> None:
        if self.launch < contracted_launch(self.kickoff):
            raise ValueError("The launch cannot come before day 11: days 1 to 10 are setup.")

    @classmethod
    def contracted(cls, kickoff: date) -> "Calendar":
        """The calendar that a kickoff date promises, locked by both sides: no slip."""
        return cls(kickoff, contracted_launch(kickoff), contracted_launch(kickoff))

    @property
    def slip(self) -> int:
        """Days by which the launch is behind the contracted one; negative when it comes earlier."""
        return (self.launch - self.agreed).days if self.agreed else 0

    @property
    def held_span(self) -> int:
        """Dates between day 10 and the launch: for them the engagement stands at day 10."""
        return (self.launch - contracted_launch(self.kickoff)).days

    def date_of(self, day: int) -> date:
        """Date of a day number; day 0 and below lie before the kickoff."""
        if day <= SETUP_DAYS:
            return self.kickoff + timedelta(days=day - 1)
        return self.launch + timedelta(days=day - LAUNCH_DAY)

    def day_of(self, on: date) -> int:
        """Day number of a date; held dates are day 10, dates before the kickoff are 0 and below."""
        if on >= self.launch:
            return LAUNCH_DAY + (on - self.launch).days
        return min((on - self.kickoff).days + 1, SETUP_DAYS)

    def held_days(self, on: date) -> int:
        """How many days the engagement has stood at day 10 without launching; 0 outside that time."""
        if on >= self.launch:
            return 0
        return max((on - self.date_of(SETUP_DAYS)).days, 0)

    def is_calibration(self, on: date) -> bool:
        """Whether figures of this date are calibration (days 11-30) and not final."""
        return self.launch <= on <= self.date_of(CALIBRATION_LAST_DAY)

    def with_launch(self, launch: date) -> "Calendar":
        """The same engagement with another launch date."""
        return replace(self, launch=launch)
