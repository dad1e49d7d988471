"""Which of the kinds a file is that is no call log: told by its header, else asked."""

from collections.abc import Callable, Mapping

from common.errors import Refused
from kpis.models import SheetKind

from . import outcomes, roster, totals
from .hours import hours_gaps, is_hours, is_report, read_file
from .outcomes import is_outcomes, outcome_gaps
from .reviews import is_column, is_reviews, reviews_gaps
from .roster import is_roster, roster_gaps
from .table import Table, any_column, read_table
from .totals import is_totals, totals_gaps

# In this order: what has a reviewer is a review, whatever else it tells.
TOLD_BY: Mapping[SheetKind, Callable[[frozenset[str]], bool]] = {
    SheetKind.REVIEWS: is_reviews,
    SheetKind.OUTCOMES: is_outcomes,
    SheetKind.ROSTER: is_roster,
    SheetKind.TOTALS: is_totals,
    SheetKind.HOURS: is_hours,
}
GAPS: Mapping[SheetKind, Callable[[frozenset[str]], list[str]]] = {
    SheetKind.REVIEWS: reviews_gaps,
    SheetKind.OUTCOMES: outcome_gaps,
    SheetKind.ROSTER: roster_gaps,
    SheetKind.TOTALS: totals_gaps,
    SheetKind.HOURS: hours_gaps,
}
# Which columns are read; of hours that is for somebody to say, so every one may be.
READ: Mapping[SheetKind, Callable[[str], bool]] = {
    SheetKind.REVIEWS: is_column,
    SheetKind.OUTCOMES: outcomes.COLUMNS.__contains__,
    SheetKind.ROSTER: roster.COLUMNS.__contains__,
    SheetKind.TOTALS: totals.COLUMNS.__contains__,
    SheetKind.HOURS: any_column,
}


def read(kind: SheetKind, data: bytes) -> Table:
    """The rows of a file of this kind. Raises Refused where its columns are others."""
    table = read_table(data, lambda names: not GAPS[kind](names), READ[kind])
    if gaps := GAPS[kind](frozenset(table.names)):
        raise Refused(gaps)
    return table


def check(kind: SheetKind, data: bytes) -> None:
    """Raise Refused where a file cannot be of this kind."""
    if kind is SheetKind.HOURS:
        read_file(data)
    else:
        read(kind, data)


def of_agents(data: bytes) -> SheetKind | None:
    """Agent hours where a file is a dialer's report on agents; None for any other."""
    return SheetKind.HOURS if is_report(data) else None


def recognised(names: frozenset[str]) -> SheetKind | None:
    """What a file with these columns is beyond doubt; None for what nobody knows."""
    return next((kind for kind, told in TOLD_BY.items() if told(names)), None)
