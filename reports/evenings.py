"""When a day's report is due, and for whom. Pure; the doors of 0008 ask the same of the database.

An evening is a time on the wall of the engagement's own zone: it comes once on every date, whether that day has 23, 24
or 25 hours. All comparing is done between times on that wall.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from common.days import LAST_DAY
from reports.snapshots import Kind

EVENING = time(18, 30)
# The hours that an engagement may choose: late enough to have worked, early enough to be of that date.
EVENINGS = tuple(time(hour, minute) for hour in range(15, 24) for minute in (0, 30))
MORNING = time(7)  # from which on days that changed overnight are made and sent again
NOON = time(12)
SUNDAY = 7


class Slot(StrEnum):
    """What comes round once a date: the evening's report, and a look in the morning at what changed overnight."""

    EVENING = "evening"
    MORNING = "morning"


class News(StrEnum):
    """What sets a report apart from an ordinary one."""

    NONE = ""
    MISSING = "missing"  # no calls imported on a working day
    LATE = "late"  # its calls came after its report
    RESTATED = "restated"  # its figures changed after its report


def newest(at: time, zone: str, now: datetime) -> date:
    """The last date whose hour `at` has come in this zone."""
    local = now.astimezone(ZoneInfo(zone))
    return local.date() if local.time() >= at else local.date() - timedelta(days=1)


def has_come(on: date, at: time, zone: str, now: datetime) -> bool:
    """Whether it is `at` on this date, or later, in this zone."""
    return newest(at, zone, now) >= on


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What decides which reports an evening brings."""

    day: date
    number: int  # of the engagement
    launch: date
    cleared: bool
    works: bool
    has_calls: bool


def due_on(facts: DayFacts) -> list[Kind]:
    """The reports of one evening.

    A working day has its report, also without calls: that they are missing is its news. A day off has one when there
    are calls, and so has a day after the last. A week ends on Sunday; it has its summary when any of its days is live.
    """
    if not facts.cleared or facts.day < facts.launch:
        return []
    due = []
    if facts.has_calls or (facts.works and facts.number <= LAST_DAY):
        due.append(Kind.DAILY)
    if facts.day.isoweekday() == SUNDAY and facts.number <= LAST_DAY + 6:
        due.append(Kind.WEEKLY)
    return due


def first_news(facts: DayFacts) -> News:
    """What the first report of a day has to say before anything else."""
    return News.NONE if facts.has_calls else News.MISSING


def week_of(day: date, launch: date) -> tuple[date, date]:
    """Monday (or the launch, where that came later) and Sunday of the week of a date."""
    monday = day - timedelta(days=day.weekday())
    return max(monday, launch), monday + timedelta(days=6)


type Figures = tuple[tuple[int | None, ...], dict[str, tuple[int, int]]]


def again(told: Figures, now: Figures) -> News | None:
    """How a day has to be told again: its stage counts and its rates as they were told, and as they are now.

    Only rates that both know are compared: a metric that a later brief brings restates nothing. None when there is
    nothing new.
    """
    (counts, rates), (counts_now, rates_now) = told, now
    common = rates.keys() & rates_now.keys()
    if not has_figures(told) and has_figures(now):
        return News.LATE
    gone = has_figures(told) and not has_figures(now)
    if gone or counts != counts_now or any(rates[key] != rates_now[key] for key in common):
        return News.RESTATED
    return None


def has_figures(figures: Figures) -> bool:
    """Whether there is anything to tell: a count, or a rate from totals."""
    return any(count is not None for count in figures[0]) or bool(figures[1])


def is_unread(made_on: date, zone: str, now: datetime, readers: Collection[str], side: str) -> bool:
    """Whether nobody of a side has read a report by noon of the day after it was made."""
    return side not in readers and has_come(made_on + timedelta(days=1), NOON, zone, now)
