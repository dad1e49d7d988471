"""Unit prices are set by the campaign manager, from a date on; both sides see them."""

from dataclasses import asdict
from datetime import date

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from engagements.locking import hold
from engagements.models import Engagement
from kpis.models import UnitPrices
from kpis.prices import Prices, price_gaps
from kpis.selectors.prices import as_prices, last_day


@transaction.atomic
def set_prices(
    *, engagement: Engagement, by: Seat, prices: Prices, from_on: date, note: str = ""
) -> UnitPrices:
    """Say what the work costs from a date on. Earlier versions stay; the same prices for the same date count once.

    Raises Refused with everything that is wrong.
    """
    by.require(Permission.SET_PRICES)
    engagement = hold(engagement.pk)
    if reasons := price_gaps(
        prices, from_on=from_on, kickoff_on=engagement.kickoff_on, last=last_day(engagement)
    ):
        raise Refused(reasons)
    before = UnitPrices.objects.filter(engagement=engagement, from_on__lte=from_on).first()
    if before and before.from_on == from_on and as_prices(before) == prices and before.note == note.strip():
        return before
    made = UnitPrices.objects.create(
        engagement=engagement, from_on=from_on, note=note.strip(), by=by.user, by_name=by.written_name(),
        at=clock.now(), **asdict(prices),
    )  # fmt: skip
    trail.record(
        by=by,
        action="prices.set",
        subject=str(made),
        engagement_id=engagement.pk,
        before={name: str(value) for name, value in asdict(as_prices(before)).items()} if before else None,
        after={name: str(value) for name, value in asdict(prices).items()} | {"from_on": from_on},
    )
    return made
