"""How dates, counts and rates read, on pages, on paper and in e-mails.

Pure functions: the same words stand in a page and in the PDF made from the same facts.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from common.days import WEEKDAYS, WhenOff, WorkDays

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


def zone_text(value: datetime) -> str:
    """The short name of a moment's zone: "EST"; where the zone has none, its distance: "UTC+04"."""
    name = value.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name


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


def shift_text(days: int) -> str:
    """Say by how much a date has moved: "3 days later", "1 day earlier"."""
    return f"{plural(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def percent_text(value: float | None, *, digits: int = 1) -> str:
    """Say a share between 0 and 1 as "12.4%"; a missing one says so."""
    return NO_DATA if value is None else f"{value * 100:.{digits}f}%"


def target_text(
    target: Decimal | float | None,
    direction: str = "up",
    *,
    digits: int = 0,
    unit: str = "percent",
    missing: str = "no target",
) -> str:
    """Say a target as it was agreed: "at least 12%", "at most 12.25%"; in another unit "at most 24 hours"."""
    if target is None:
        return missing
    figure = share_text(target, digits=digits) if unit == "percent" else figure_text(target, unit)
    return f"{'at most' if direction == 'down' else 'at least'} {figure}"


def figure_text(value: Decimal | float, unit: str) -> str:
    """Say a figure in its unit: "24 hours", "1 day"; a count or an amount of money is the number alone."""
    number = Decimal(f"{Decimal(str(value)):.4f}").normalize()
    text = f"{number:,f}"
    return (
        f"{text} {unit.removesuffix('s') if number == 1 else unit}"
        if unit in ("seconds", "minutes", "hours", "days")
        else text
    )


def value_text(value: float | None, unit: str = "percent", *, digits: int = 1) -> str:
    """Say a figure in its unit with a decimal: "12.4%", "21.4 hours", "14"; a missing one says so."""
    if value is None or unit == "percent":
        return percent_text(value, digits=digits)
    return figure_text(Decimal(f"{value:.1f}"), unit)


def share_text(share: Decimal | float, *, digits: int = 0) -> str:
    """Say an agreed share in full, without needless zeros but with at least so many decimals."""
    number = Decimal(f"{Decimal(str(share)) * 100:.4f}").normalize()
    places = -int(number.as_tuple().exponent)
    return f"{number:.{max(places, digits, 0)}f}%"


def digits_beside(value: float | None, target: Decimal | float | None, direction: str = "up") -> int:
    """With how many decimals a rate has to stand beside its target so that nobody reads the opposite verdict.

    One as a rule; two and more where 11.96% would read "12.0%" beside a target of 12% that it misses.
    """
    if value is None or target is None:
        return 1
    goal = Decimal(str(target)) * 100

    def met(share: Decimal) -> bool:
        return share <= goal if direction == "down" else share >= goal

    exact = met(Decimal(str(value)) * 100)
    return next((n for n in range(1, 8) if met(Decimal(f"{value * 100:.{n}f}")) == exact), 8)


def rate_text(
    numerator: int | None, denominator: int | None, *, digits: int = 1, unit: str = "percent"
) -> str:
    """Say a rate with what it was counted from: "12.4% (310 of 2,500)", in another unit "21.4 hours (2,140 over 100)".

    Nothing counted is no data, not 0%.
    """
    if numerator is None or not denominator:
        return NO_DATA
    if unit != "percent":
        return f"{value_text(numerator / denominator, unit)} ({numerator:,} over {denominator:,})"
    return f"{percent_text(numerator / denominator, digits=digits)} ({numerator:,} of {denominator:,})"


def points_text(value: float | None) -> str:
    """Say a difference of shares as "+3.1 points", "−0.4 points"; a missing one says so."""
    if value is None:
        return NO_DATA
    return f"{'−' if value < 0 else '+'}{abs(value) * 100:.1f} points"


def interval_text(low: float | None, high: float | None, unit: str = "percent") -> str:
    """Say an interval as "11.2–13.7%", in another unit as "19.8–23.1 hours", or nothing when there is none."""
    if low is None or high is None:
        return ""
    if unit != "percent":
        return f"{low:,.1f}–{value_text(high, unit)}"
    return f"{low * 100:.1f}–{high * 100:.1f}%"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Join names as a sentence does: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def cut_short(text: str, longest: int = 60) -> str:
    """What somebody wrote, on one line, cut where it is too long to be quoted in a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_OFF_SENTENCES = {
    WhenOff.STAYS: "What is due on a day off stays due on it.",
    WhenOff.NEXT: "What is due on a day off is due on the next working day; setup stays before the launch.",
    WhenOff.PREVIOUS: "What is due on a day off is due on the working day before it.",
}


def weekdays_text(weekdays: Sequence[int] | frozenset[int]) -> str:
    """Say weekdays: "every day of the week", "Monday to Friday", "Sunday, Tuesday and Thursday"."""
    days = sorted(weekdays)
    names = [WEEKDAY_NAMES[day - 1] for day in days]
    if tuple(days) == WEEKDAYS:
        return "every day of the week"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]} to {names[-1]}"
    return joined(names)


_CALLS_SENTENCE = "On which days people are called stands in the campaign brief."


def work_text(work: WorkDays, place: str) -> str:
    """Say on which days things are due, whose public holidays count, and what becomes of what is due on another day."""
    if not place and tuple(sorted(work.weekdays)) == WEEKDAYS:
        return f"Due dates may fall on any day of the week, public holidays too. {_CALLS_SENTENCE}"
    holidays = f"The public holidays of {place} are days off." if place else "No public holidays count."
    every = tuple(sorted(work.weekdays)) == WEEKDAYS
    days = "any day of the week" if every else weekdays_text(work.weekdays)
    return f"Due dates fall on {days}. {holidays} {_OFF_SENTENCES[work.when_off]} {_CALLS_SENTENCE}"
