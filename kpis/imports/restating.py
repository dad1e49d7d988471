"""Figures that had been shown and change: each such day keeps what it said before, and why that is no more so."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from accounts.seat import Seat
from common import clock
from kpis.models import DailyFact, RestatedBy, Restatement

from .facts import COLUMNS

COUNTS = ("dials", *COLUMNS.values())
Counts = list[int | None]


@contextmanager
def restating(
    *, engagement_id: int, by: Seat, cause: RestatedBy, subject: str, sha256: str = ""
) -> Iterator[None]:
    """Compare every day's counts before and after what is done inside, and keep those that had been told otherwise.

    A day's first calls restate nothing.
    """
    before = _counts(engagement_id)
    yield
    after = _counts(engagement_id)
    Restatement.objects.bulk_create(
        Restatement(
            engagement_id=engagement_id, day=day, cause=cause, subject=subject[:200], sha256=sha256, before=told,
            after=after.get(day), by=by.user, by_name=by.written_name(), at=clock.now(),
        )
        for day, told in before.items()
        if after.get(day) != told
    )  # fmt: skip


def _counts(engagement_id: int) -> dict[date, Counts]:
    """Dials to closes of each day over its lead sources; None where one of them cannot tell."""
    found: dict[date, Counts] = {}
    for day, *counts in DailyFact.objects.filter(engagement=engagement_id).values_list("day", *COUNTS):
        held = found.get(day)
        found[day] = counts if held is None else [_plus(*pair) for pair in zip(held, counts, strict=True)]
    return found


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other
