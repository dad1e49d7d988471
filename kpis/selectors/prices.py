"""Unit prices as they hold on a day, and what days came to cost by them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from common import clock
from engagements.models import Engagement
from kpis.agent_hours import Covered
from kpis.costs import PricedDay, by_real_hours
from kpis.models import UnitPrices
from kpis.prices import LABELS, Prices
from kpis.selectors.agent_hours import covered as covered_hours

AHEAD = timedelta(days=180)


def all_prices(engagement: Engagement) -> list[UnitPrices]:
    """Every version, the one that holds latest first. One query."""
    return list(UnitPrices.objects.filter(engagement=engagement))


def prices_on(engagement: Engagement, day: date) -> UnitPrices | None:
    """The version that holds on a day. One query."""
    return UnitPrices.objects.filter(engagement=engagement, from_on__lte=day).first()


def priced(
    versions: Sequence[UnitPrices],
    days: Iterable[tuple[date, tuple[int | None, ...]]],
    covered: Covered | None = None,
    *,
    besides: bool = True,
) -> list[PricedDay]:
    """The counts of some days with the version of `all_prices` that held on each; an hour of `covered` days by
    its own dials.

    `besides` adds what was paid for covered hours without a dial.
    """
    known = [(row.from_on, as_prices(row)) for row in versions]

    def held(day: date) -> Prices | None:
        return next((prices for since, prices in known if since <= day), None)

    return by_real_hours(list(days), held, covered or Covered(), besides=besides)


def hours_behind(engagement: Engagement, versions: Sequence[UnitPrices], first: date, last: date) -> Covered:
    """The real hours that costs of these days rest on. Two queries at most, none where no price is one of an hour."""
    if not any(row.agent_hour for row in versions):
        return Covered()
    return covered_hours(engagement, first, last)


def as_prices(row: UnitPrices) -> Prices:
    """A version as the pure parts take it."""
    return Prices(row.currency, **{name: getattr(row, name) for name in LABELS})


def last_day(engagement: Engagement) -> date:
    """The last day from which prices may be said to hold."""
    return clock.today(engagement.zone) + AHEAD
