"""Unit prices as they hold on a day."""

from datetime import date, timedelta

from common import clock
from engagements.models import Engagement
from kpis.models import UnitPrices
from kpis.prices import LABELS, Prices

AHEAD = timedelta(days=180)


def all_prices(engagement: Engagement) -> list[UnitPrices]:
    """Every version, the one that holds latest first. One query."""
    return list(UnitPrices.objects.filter(engagement=engagement))


def prices_on(engagement: Engagement, day: date) -> UnitPrices | None:
    """The version that holds on a day. One query."""
    return UnitPrices.objects.filter(engagement=engagement, from_on__lte=day).first()


def as_prices(row: UnitPrices) -> Prices:
    """A version as the pure parts take it."""
    return Prices(row.currency, **{name: getattr(row, name) for name in LABELS})


def last_day(engagement: Engagement) -> date:
    """The last day from which prices may be said to hold."""
    return clock.today(engagement.zone) + AHEAD
