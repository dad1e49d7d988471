"""A dialer's own totals of each day: dials, contacts and what followed, as its report says them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from common.wording import cut_short, day_text
from kpis.imports.dates import DateOrder
from kpis.totals import whole

from .table import Table
from .values import as_date, date_order

DAY = ("day", "date", "call_date", "report_date")
COUNTS: Mapping[str, tuple[str, ...]] = {
    "dials": ("dials", "calls", "total_calls", "calls_placed", "attempts", "outbound_calls"),
    "contacts": ("contacts", "contacted", "human_answered", "human_answers", "connects", "connected"),
    "qualified": ("qualified", "qualifications"),
    "transfers": ("transfers", "transfers_set", "xfers", "transferred"),
    "shows": ("shows", "shown", "showed"),
    "closes": ("closes", "closed", "sales"),
}
COLUMNS = frozenset({*DAY, *(name for written in COUNTS.values() for name in written)})
FEWEST = 2  # columns of counts by which a header is that of totals beyond doubt


@dataclass(frozen=True, slots=True)
class SaidDay:
    """One day as a report says it; None is what it does not have."""

    row_no: int
    day: date
    counts: tuple[int | None, ...]


def is_totals(names: frozenset[str]) -> bool:
    """Whether a header is that of end-of-day totals, beyond doubt: a day, counts, and no single call or agent."""
    counted = sum(bool(names & set(written)) for written in COUNTS.values())
    single = {"call_id", "lead_id", "phone", "agent", "user", "metric", "disposition", "status"}
    return bool(names & set(DAY)) and counted >= FEWEST and not names & single


def totals_gaps(names: frozenset[str]) -> list[str]:
    """Which columns a file of totals lacks; empty: none."""
    gaps = [] if names & set(DAY) else ["A column must name the day: date."]
    if not any(names & set(written) for written in COUNTS.values()):
        gaps.append("At least one column must count: dials, contacts, qualified, transfers, shows or closes.")
    return gaps


def read_said(
    table: Table, *, said: DateOrder | None, first: date, today: date
) -> tuple[list[SaidDay], list[tuple[int, str]]]:
    """The days of a report, and the lines that cannot be used with the reason. Raises Refused for it as a whole."""
    order = date_order((row.first(DAY) for row in table.rows), said)
    found: dict[date, SaidDay] = {}
    refused = list(table.bad)
    for row in table.rows:
        text = row.first(DAY)
        day = as_date(text, order)
        counts: list[int | None] = []
        wrong = ""
        for name, written in COUNTS.items():
            cell = row.first(written)
            counts.append(whole(cell) if cell else None)
            if cell and counts[-1] is None:
                wrong = wrong or f"“{cut_short(cell)}” is no whole number of {name}."
        if day is None:
            wrong = (
                f"“{cut_short(text)}” is no day: write it as 2026-03-12." if text else "The day is missing."
            )
        elif not first <= day <= today:
            wrong = f"{day_text(day)} lies outside of the campaign's days up to today."
        elif day in found:
            wrong = f"{day_text(day)} stands in the file twice."
        elif not wrong and all(count is None for count in counts):
            wrong = "The row counts nothing."
        if wrong or day is None:
            refused.append((row.row_no, wrong))
        else:
            found[day] = SaidDay(row.row_no, day, tuple(counts))
    return list(found.values()), sorted(refused)
