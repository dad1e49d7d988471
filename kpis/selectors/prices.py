"""Unit prices as they hold on a day, and what days came to cost by them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from common import clock
from engagements.models import Engagement
from kpis.costs import PricedDay
from kpis.models import UnitPrices
from kpis.prices import LABELS, Prices

AHEAD = timedelta(days=180)


def all_prices(engagement: Engagement) -> list[UnitPrices]:
    """Every version, the one that holds latest first. One query."""
    return list(UnitPrices.objects.filter(engagement=engagement))


def prices_on(engagement: Engagement, day: date) -> UnitPrices | None:
    """The version that holds on a day. One query."""
    return UnitPrices.objects.filter(engagement=engagement, from_on__lte=day).first()


def priced(
    versions: Sequence[UnitPrices], days: Iterable[tuple[date, tuple[int | None, ...]]]
) -> list[PricedDay]:
    """The counts of some days with the version of `all_prices` that held on each."""
    known = [(row.from_on, as_prices(row)) for row in versions]
    return [
        PricedDay(counts, next((prices for since, prices in known if since <= day), None))
        for day, counts in days
    ]


def as_prices(row: UnitPrices) -> Prices:
    """A version as the pure parts take it."""
    return Prices(row.currency, **{name: getattr(row, name) for name in LABELS})


def last_day(engagement: Engagement) -> date:
    """The last day from which prices may be said to hold."""
    return clock.today(engagement.zone) + AHEAD
