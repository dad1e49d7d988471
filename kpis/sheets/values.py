"""Single cells of small files: dates in the order that the whole file shows, yes and no, amounts."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import polars as pl

from common.wording import cut_short
from kpis.imports.dates import NUMERIC, DateOrder, evidence, settled

ISO = re.compile(r"^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.+\-Z ]*)?$")
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


def as_date(text: str, order: DateOrder | None) -> date | None:
    """A date as it is written, its time of day left aside; None for what is none."""
    try:
        if iso := ISO.match(text):
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if (figures := FIGURES.match(text)) and order:
            first, second, year = int(figures[2]), int(figures[3]), int(figures[4])
            year += 0 if year >= 100 else 1900 if year >= 70 else 2000
            day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
            return date(year, month, day)
    except ValueError:
        return None
    return None


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
