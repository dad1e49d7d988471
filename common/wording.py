"""How dates, counts and rates read, on pages, on paper and in e-mails.

Pure functions: the same words stand in a page and in the PDF made from the same facts.
"""

from collections.abc import Sequence
from datetime import date

NEAR_DAYS = 7
NO_DATA = "no data"


def day_text(value: date, *, number: int | None = None, today: date | None = None) -> str:
    """Say a date as "Thu 12 Mar · day 33"; the year is added when it is not the year of `today`."""
    text = f"{value:%a} {value.day} {value:%b}"
    if today is not None and value.year != today.year:
        text = f"{text} {value.year}"
    return text if number is None else f"{text} · day {number}"


def full_day_text(value: date) -> str:
    """Say a date in full: "Thursday 12 March 2026"."""
    return f"{value:%A} {value.day} {value:%B} {value.year}"


def near_text(value: date, today: date) -> str:
    """Say how far a date is from today ("in 2 days", "yesterday"), or nothing when it is not near."""
    days = (value - today).days
    if abs(days) > NEAR_DAYS:
        return ""
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def count_text(value: int | None) -> str:
    """Say a count with its thousands ("2,500"); a missing one says so."""
    return NO_DATA if value is None else f"{value:,}"


def plural(number: int, one: str, many: str = "") -> str:
    """Say a number with its noun in agreement: "1 open item", "2,500 dials"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent_text(value: float | None, *, digits: int = 1) -> str:
    """Say a share between 0 and 1 as "12.4%"; a missing one says so."""
    return NO_DATA if value is None else f"{value * 100:.{digits}f}%"


def rate_text(numerator: int | None, denominator: int | None) -> str:
    """Say a rate with what it was counted from: "12.4% (310 of 2,500)". Nothing counted is no data, not 0%."""
    if numerator is None or not denominator:
        return NO_DATA
    return f"{percent_text(numerator / denominator)} ({numerator:,} of {denominator:,})"


def interval_text(low: float | None, high: float | None) -> str:
    """Say an interval of shares as "11.2–13.7%", or nothing when there is none."""
    if low is None or high is None:
        return ""
    return f"{low * 100:.1f}–{high * 100:.1f}%"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Join names as a sentence does: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
