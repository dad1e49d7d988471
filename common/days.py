"""The days of an engagement: what day N is, and what day a date is. Pure; every app may ask.

Day 1 is the kickoff date. Days 1-10 hang on the kickoff date, day 11 and later on the launch date. When the
launch moves, the dates between day 10 and the launch are *held*: the engagement stays on day 10 until it
launches.

Day numbers are calendar days. An engagement may agree on which days it works; what is due on another day is then due
on that day all the same, or on a working day beside it (`Calendar.due`).
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SETUP_DAYS = 10
LAUNCH_DAY = SETUP_DAYS + 1
CALIBRATION_LAST_DAY = 30
OPTIMISATION_LAST_DAY = 60
LAST_DAY = 90
# The gate of each of these days judges the days up to it, so that nothing of it can be asked for before.
JUDGED_DAYS = (CALIBRATION_LAST_DAY, 60, LAST_DAY)
WEEKDAYS = (1, 2, 3, 4, 5, 6, 7)  # Monday to Sunday, as ISO 8601 counts
FAR = 400  # days; whoever works on none of so many is taken at the calendar's word


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


class WhenOff(StrEnum):
    """What becomes of a due date on a day that is not worked."""

    STAYS = "stays"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True)
class WorkDays:
    """Which days are worked, and what becomes of what is due on another."""

    weekdays: frozenset[int] = frozenset(WEEKDAYS)
    holidays: frozenset[date] = field(default_factory=frozenset)
    when_off: WhenOff = WhenOff.STAYS

    def works(self, on: date) -> bool:
        return on.isoweekday() in self.weekdays and on not in self.holidays

    def from_(self, on: date, last: date | None = None) -> date | None:
        """The first day worked on or after a date, and no later than `last`."""
        return self._nearest(on, 1, last)

    def until(self, on: date, first: date | None = None) -> date | None:
        """The last day worked on or before a date, and no earlier than `first`."""
        return self._nearest(on, -1, first)

    def _nearest(self, on: date, step: int, end: date | None) -> date | None:
        reach = FAR if end is None else (end - on).days * step
        days = (on + timedelta(days=step * n) for n in range(min(reach, FAR) + 1))
        return next((day for day in days if self.works(day)), None)


@dataclass(frozen=True)
class Calendar:
    """Turns day numbers into dates and back for one kickoff and one launch date.

    `agreed` is the launch date that both sides have locked; None before that, when nothing can slip yet. `work` says
    which days are worked.
    """

    kickoff: date
    launch: date
    agreed: date | None = None
    work: WorkDays = field(default_factory=WorkDays)

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

    @property
    def eve(self) -> date:
        """The last day on which setup can be done: before the launch, and worked where due dates care."""
        eve = self.launch - timedelta(days=1)
        if self.work.when_off is WhenOff.STAYS:
            return eve
        return self.work.until(eve, self.kickoff) or eve

    def due(self, day: int) -> date:
        """Date by which what is due on a day is due: the day's own, or by the agreed rule a working day beside it.

        Setup stays between the kickoff and the eve of the launch, later work never moves before the launch or before
        the end of days that are judged, and nothing overtakes what is due before it.
        """
        on, work = self.date_of(day), self.work
        if work.when_off is WhenOff.STAYS or work.works(on):
            return on
        if day <= SETUP_DAYS:
            inside = min(self.kickoff, on), self.launch - timedelta(days=1)
            before, after = work.until(on, inside[0]), work.from_(on, inside[1])
            return (after or before or on) if work.when_off is WhenOff.NEXT else (before or after or on)
        after = work.from_(on)
        if work.when_off is WhenOff.NEXT or day in JUDGED_DAYS:
            return after or on
        earlier = max((judged for judged in JUDGED_DAYS if judged < day), default=None)
        floor = self.due(earlier) if earlier else self.launch
        return work.until(on, floor) or work.from_(floor) or on

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
