"""Which comes first in `5/6/2026`, the day or the month: told by the whole file, or asked; never guessed by row."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import polars as pl
from django.db.models import TextChoices

from common.errors import Refused

CLOCK = (
    r"(?:[ ,T]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\.[0-9]{1,9})? ?(?:([AaPp])\.?[Mm]\.?)?"
    r"(?: ?(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?(?: \((?:UTC|GMT)\))?)?$"
)
WEEKDAY = r"(?:([A-Za-z]{3,9}),? )?"
NUMERIC = "^" + WEEKDAY + r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})" + CLOCK
WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), 1)}


class DateOrder(TextChoices):
    """How dates of figures alone are written."""

    DAY_FIRST = "day_first", "Day first: 31/12/2026"
    MONTH_FIRST = "month_first", "Month first: 12/31/2026"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the dates of a file say: how many are of figures alone, and how many of these can be read one way only.

    The texts are the first date that can only be day first, and the first that can only be month first.
    """

    numeric: int = 0
    day_first: int = 0
    month_first: int = 0
    day_example: str = ""
    month_example: str = ""

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.numeric + other.numeric,
            self.day_first + other.day_first,
            self.month_first + other.month_first,
            self.day_example or other.day_example,
            self.month_example or other.month_example,
        )

    @property
    def order(self) -> DateOrder | None:
        """The order that the file shows; None when no date of it decides, or when they contradict each other."""
        if self.day_first and not self.month_first:
            return DateOrder.DAY_FIRST
        if self.month_first and not self.day_first:
            return DateOrder.MONTH_FIRST
        return None

    @property
    def told(self) -> str:
        """The evidence in one sentence; empty where there was nothing to decide."""
        if not self.numeric:
            return ""
        if self.order is DateOrder.DAY_FIRST:
            return (
                f"Dates are day first: {self.day_first:,} can be nothing else, such as “{self.day_example}”."
            )
        if self.order is DateOrder.MONTH_FIRST:
            return f"Dates are month first: {self.month_first:,} can be nothing else, such as “{self.month_example}”."
        return ""


def evidence(texts: Iterable[pl.Series]) -> Evidence:
    """What the dates in these pieces of one column say together."""
    total = Evidence()
    for piece in texts:
        total += _evidence(piece)
    return total


def _evidence(texts: pl.Series) -> Evidence:
    found = texts.str.extract_groups(NUMERIC).struct.unnest()
    frame = pl.DataFrame({"text": texts}).with_columns(
        name=found["1"]
        .str.to_lowercase()
        .str.head(3)
        .replace_strict(WEEKDAYS, default=None, return_dtype=pl.Int8),
        first=found["2"].cast(pl.Int32),
        second=found["3"].cast(pl.Int32),
        year=full_year(found["4"]),
    )
    frame = frame.filter(pl.col("first").is_not_null())
    day_first = pl.date("year", _month("second"), _day("first")).dt.weekday() == pl.col("name")
    month_first = pl.date("year", _month("first"), _day("second")).dt.weekday() == pl.col("name")
    named = pl.col("name").is_not_null()
    frame = frame.with_columns(
        by_day=(pl.col("first") > 12) | (named & day_first.fill_null(False) & ~month_first.fill_null(False)),
        by_month=(pl.col("second") > 12)
        | (named & month_first.fill_null(False) & ~day_first.fill_null(False)),
    )
    days, months = frame.filter("by_day"), frame.filter("by_month")
    return Evidence(
        frame.height,
        days.height,
        months.height,
        days["text"][0] if days.height else "",
        months["text"][0] if months.height else "",
    )


def _month(column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_between(1, 12)).then(pl.col(column))


def _day(column: str) -> pl.Expr:
    # A day that its month does not have is no evidence; 28 of them every month has.
    return pl.when(pl.col(column).is_between(1, 28)).then(pl.col(column))


def full_year(text: pl.Series) -> pl.Series:
    """Years of four figures as they are, of two as 1970 to 2069."""
    year = text.cast(pl.Int32)
    return pl.select(
        pl.when(year >= 100).then(year).when(year >= 70).then(year + 1900).otherwise(year + 2000)
    ).to_series()


def settled(found: Evidence, chosen: DateOrder | None) -> DateOrder:
    """The order to read by. Raises Refused where the file contradicts itself or the choice, and where nobody said."""
    if found.day_first and found.month_first:
        raise Refused(
            f"The file writes its dates in two ways: “{found.day_example}” can only be day first, "
            f"“{found.month_example}” only month first. Export it again with one form of date."
        )
    if found.order and chosen and chosen is not found.order:
        example = found.day_example or found.month_example
        raise Refused(
            f"“{example}” cannot be read as {chosen.label.split(':')[0].lower()}. Choose the other order."
        )
    order = found.order or chosen
    if order is None:
        raise Refused(
            "No date in this file tells whether the day or the month comes first. Say which, then read the file."
        )
    return order
