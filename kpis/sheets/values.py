"""Single cells of small files: dates in the order that the whole file shows, yes and no, amounts."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl

from common.wording import cut_short
from kpis.imports.dates import NUMERIC, DateOrder, evidence, settled

ISO = re.compile(r"^([0-9]{4})-([0-9]{2})-([0-9]{2})([T ][0-9:.+\-Z ]*(?:UTC|GMT)?)?$")
STAMP = re.compile(
    r"^[T ]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)? ?(Z|UTC|GMT|[+-][0-9]{2}:?(?:[0-9]{2})?)$"
)
YEARS = range(1900, 2200)
FIGURES = re.compile(NUMERIC)
LARGEST = Decimal("9999999999.99")  # as much as is kept: twelve digits
YES = frozenset({"y", "yes", "true", "1", "x"})
NO = frozenset({"n", "no", "false", "0"})
AMOUNT = re.compile(
    r"^(?:[$€£¥] ?|[A-Z]{3} ?)?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,10})(?:\.([0-9]{1,2}))?(?: ?[A-Za-z]{3})?$"
)


def date_order(texts: Iterable[str], said: DateOrder | None) -> DateOrder | None:
    """The order of day and month in these dates: None where nothing needs it. Raises Refused where nobody can tell."""
    given = [text for text in texts if text]
    found = evidence([pl.Series(given, dtype=pl.String)])
    return settled(found, said) if found.numeric else None


def as_date(text: str, order: DateOrder | None, zone: str = "") -> date | None:
    """A date as it is written, its time of day left aside; None for what is none.

    With `zone`, a moment that is written with its offset is the day that it was there. Midnight in UTC stays the day
    as written: so systems write a day that has no time.
    """
    try:
        if iso := ISO.match(text):
            day = _day(int(iso[1]), int(iso[2]), int(iso[3]))
            stamp = STAMP.match(iso[4] or "")
            at = _clock(stamp[1], stamp[2], stamp[3], "") if stamp else None
            offset = stamp[4] if stamp else ""
        elif (figures := FIGURES.match(text)) and order:
            first, second, year = int(figures[2]), int(figures[3]), int(figures[4])
            year += 0 if year >= 100 else 1900 if year >= 70 else 2000
            day = _day(year, second, first) if order is DateOrder.DAY_FIRST else _day(year, first, second)
            offset = figures[9] or ""
            at = _clock(figures[5], figures[6], figures[7], figures[8]) if offset else None
        else:
            return None
        return day if at is None or not zone else _day_in(zone, day, at, offset)
    except ValueError:
        return None


def _day(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise ValueError(f"{year} is no year of a campaign")
    return date(year, month, day)


def _clock(hour: str, minute: str, second: str | None, half: str | None) -> time:
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half in "Pp" else 0)
    return time(hours, int(minute), int(second or 0))


def _day_in(zone: str, day: date, at: time, offset: str) -> date:
    figures = offset.lstrip("+-").replace(":", "").ljust(4, "0")
    ahead = (
        timedelta(hours=int(figures[:2]), minutes=int(figures[2:])) if figures.isdecimal() else timedelta()
    )
    if not ahead and at == time():
        return day
    there = timezone(-ahead if offset.startswith("-") else ahead)
    return datetime.combine(day, at, tzinfo=there).astimezone(ZoneInfo(zone)).date()


def as_yes(text: str) -> bool | None:
    """Yes or no; None for anything else."""
    folded = text.casefold()
    return True if folded in YES else False if folded in NO else None


def as_amount(text: str) -> Decimal | str:
    """An amount of money such as 1,250.00, $1250 or 1250 USD; for anything else what is wrong with it."""
    found = AMOUNT.match(text.strip())
    if not found:
        return f"“{cut_short(text)}” is no amount: write it as 1250.00."
    amount = Decimal(f"{found[1].replace(',', '')}.{found[2] or '0'}")
    return amount if amount <= LARGEST else f"“{cut_short(text)}” is more than {LARGEST:,}."
