"""The periods that the KPIs page offers, as dates. Pure."""

from datetime import date, timedelta

from common.days import CALIBRATION_LAST_DAY, LAUNCH_DAY, Calendar

ALL, LAST_7, CUSTOM = "all", "last-7", "custom"
PHASES = {"11-30": (LAUNCH_DAY, CALIBRATION_LAST_DAY), "31-60": (31, 60), "61-90": (61, 90)}
CHOICES = (
    (ALL, "All days"),
    ("11-30", "Baseline, days 11–30"),
    ("31-60", "Optimisation, days 31–60"),
    ("61-90", "Steady state, days 61–90"),
    (LAST_7, "Last 7 days"),
    (CUSTOM, "Dates of your choice"),
)
MOST_DAYS = 1100


def named_period(
    name: str, calendar: Calendar, today: date, span: tuple[date, date] | None
) -> tuple[date, date]:
    """First and last date of a period other than CUSTOM. `span` is where there is data: ALL covers it."""
    if name in PHASES:
        first, last = PHASES[name]
        return calendar.date_of(first), calendar.date_of(last)
    if name == LAST_7:
        return today - timedelta(days=6), today
    return span or (calendar.launch, max(calendar.launch, today))


def period_gaps(first: date | None, last: date | None) -> list[str]:
    """Say why two dates are no period."""
    if first is None or last is None:
        return ["Give the first and the last day."]
    if last < first:
        return ["The last day lies before the first."]
    if (last - first).days >= MOST_DAYS:
        return [f"Choose at most {MOST_DAYS:,} days."]
    return []


def within(
    asked: tuple[date, date], calendar: Calendar, span: tuple[date, date] | None
) -> tuple[date, date] | None:
    """The part of two dates that lies in the engagement's 90 days or where there is data; None for no part."""
    begin, end = calendar.date_of(1), calendar.date_of(90)
    if span:
        begin, end = min(begin, span[0]), max(end, span[1])
    first, last = max(asked[0], begin), min(asked[1], end)
    return (first, last) if first <= last else None


def rows_gaps(first: date, last: date, *, within: tuple[date, date] | None) -> list[str]:
    """Say why two dates, of which `within` is the part that can have calls, show no rows."""
    if last < first:
        return ["The last day lies before the first."]
    if within is None:
        return ["These days lie outside of the engagement, and no call was made on them."]
    return []
