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
from engagements.terms.hours import USUAL_EVENING
from reports.snapshots import Kind

EVENING = USUAL_EVENING
# The hours that an engagement may choose: late enough to have worked, early enough to be of that date.
EVENINGS = tuple(time(hour, minute) for hour in range(15, 24) for minute in (0, 30))
MORNING = time(7)  # from which on days that changed overnight are made and sent again
NOON = time(12)
FRIDAY = 5
# A week's summary covers seven days; between two weekdays of the summary, and after the launch, the nearest to that.
SHORTEST_WEEK, WEEK, LONGEST_WEEK = 4, 7, 10


class Slot(StrEnum):
    """What brings a round: the evening of a date, its morning with what changed overnight, or figures that changed."""

    EVENING = "evening"
    MORNING = "morning"
    CHANGED = "changed"


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


def next_moment(at: time, zone: str, now: datetime) -> datetime:
    """When the hour `at` comes next in this zone."""
    return datetime.combine(newest(at, zone, now) + timedelta(days=1), at, ZoneInfo(zone))


def has_come(on: date, at: time, zone: str, now: datetime) -> bool:
    """Whether it is `at` on this date, or later, in this zone."""
    return newest(at, zone, now) >= on


@dataclass(frozen=True, slots=True)
class Weeks:
    """What decides which days the next summary of a week is about."""

    weekday: int  # 1 is Monday
    launch: date
    told_until: date | None = None  # the last day that a summary has told of
    asked_from: date | None = None  # the first day that had a report: somebody has asked since


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What decides which reports an evening brings."""

    day: date
    number: int  # of the engagement
    launch: date
    cleared: bool
    works: bool
    has_calls: bool
    weeks: Weeks


@dataclass(frozen=True, slots=True)
class Due:
    """One report that an evening brings, and the days that it is about."""

    kind: Kind
    first: date
    last: date


def due_on(facts: DayFacts) -> list[Due]:
    """The reports of one evening.

    A working day has its report, also without calls: that they are missing is its news. A day off has one when there
    are calls, and so has a day after the last. A week has its summary when any of its days is live.
    """
    if not facts.cleared or facts.day < facts.launch:
        return []
    due = []
    if facts.has_calls or (facts.works and facts.number <= LAST_DAY):
        due.append(Due(Kind.DAILY, facts.day, facts.day))
    week = week_due(facts.day, facts.weeks)
    if week and facts.number - (facts.day - week[0]).days <= LAST_DAY:
        due.append(Due(Kind.WEEKLY, *week))
    return due


def first_news(facts: DayFacts, *, on_time: bool = True) -> News:
    """What the first report of a day has to say before anything else.

    Calls of a day off that are told later came later; a working day would have had its report in any case.
    """
    if not facts.has_calls:
        return News.MISSING
    return News.NONE if on_time or facts.works else News.LATE


def evenings_of(day: date, at: time, zone: str, since: datetime | None) -> list[date]:
    """The evenings that the round of a day holds: its own, and those of the week before that came since somebody asked.

    One that no worker held is made up for; one that has its report is left as it is.
    """
    earlier = (day - timedelta(days=n) for n in range(WEEK - 1, 0, -1))
    return [*(on for on in earlier if since is not None and not has_come(on, at, zone, since)), day]


def week_due(day: date, weeks: Weeks) -> tuple[date, date] | None:
    """The days that the summary due on this evening is about: up to the newest of its weekday; None when none is due.

    Each begins where the last one ended, so that another weekday, or an evening that no worker held, tells no day twice
    and leaves none out. What nobody asked for at its time is not made up for later: after a gap, the summary is due on
    its own evening only.
    """
    end = day - timedelta(days=(day.isoweekday() - weeks.weekday) % WEEK)
    whole = end - timedelta(days=WEEK - 1)
    if weeks.told_until is not None:
        first = weeks.told_until + timedelta(days=1)
    else:
        asked = weeks.asked_from or day
        if end < asked:
            return None
        first = max(weeks.launch, min(asked, whole))
    days = (end - first).days + 1
    if days > LONGEST_WEEK:
        return (whole, end) if end == day else None
    return (first, end) if days >= SHORTEST_WEEK else None


def next_week(day: date, weeks: Weeks) -> tuple[date, date]:
    """The days that the next summary will be about, as things stand on this day."""
    evenings = (max(day, weeks.launch) + timedelta(days=n) for n in range(2 * WEEK))
    return next(week for on in evenings if (week := week_due(on, weeks)))


def weekday_of(chosen: int | None, called: Collection[int], worked: Collection[int]) -> int:
    """On which weekday the week's summary is made: the chosen one, else the last on which anybody is called.

    Where the brief does not say when that is, the last working day counts; who works every day ends the week on Friday.
    """
    if chosen:
        return chosen
    if called:
        return max(called)
    return max(worked) if worked and len(worked) < WEEK else FRIDAY


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
