"""Unit prices: what may be entered, who may, and what the bottleneck makes of them."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import TrailEntry
from common.errors import Refused
from kpis.bottleneck import StageCounts, bottleneck
from kpis.models import UnitPrices
from kpis.prices import Prices, price_gaps
from kpis.selectors.prices import as_prices, prices_on
from kpis.services.prices import set_prices
from tenancy import context
from tests.factories import Cast
from tests.kpis.scene import DAY_30, day_of

PAID = Prices(
    "USD", dial=Decimal("0.10"), agent_hour=Decimal(18), dials_an_hour=Decimal(60), transfer=Decimal(5)
)
DAYS = {"from_on": date(2026, 3, 12), "kickoff_on": date(2026, 3, 2), "last": date(2026, 9, 1)}


def test_an_hour_is_part_of_its_dials() -> None:
    assert price_gaps(PAID, **DAYS) == []
    assert PAID.by_rate()["contact_rate"] == pytest.approx(0.40)
    assert PAID.by_rate()["show_rate"] == 5


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        (Prices(), "Give at least one price."),
        (Prices(dial=Decimal(-1)), "A price is 0 or more."),
        (Prices("EU", dial=Decimal(1)), "Name the currency by its three letters, such as USD."),
        (
            Prices(dial=Decimal(1), agent_hour=Decimal(9)),
            "An agent hour and the dials made in it are given together.",
        ),
    ],
)
def test_prices_that_cannot_be(prices: Prices, said: str) -> None:
    assert said in price_gaps(prices, **DAYS)
    assert price_gaps(PAID, **DAYS | {"from_on": date(2026, 3, 1)}) == [
        "Prices hold from a day between Mon 2 Mar and Tue 1 Sep."
    ]


def test_prices_name_another_bottleneck_and_tell_what_an_outcome_costs() -> None:
    stages = [
        StageCounts("contact_rate", "Contact rate", 1000, 10_000, 0.12, outcome="Contacts"),
        StageCounts("show_rate", "Show rate", 620, 1000, 0.70, outcome="Shows"),
    ]
    in_dials = bottleneck(stages, seed=1)
    paid = bottleneck(stages, seed=1, prices={"contact_rate": 0.01, "show_rate": 50.0})
    assert in_dials.first is not None
    assert paid.first is not None
    assert (in_dials.first.key, in_dials.cost) == ("contact_rate", None)
    assert paid.first.key == "show_rate"
    assert paid.cost == pytest.approx((10_000 * 0.01 + 1000 * 50) / 620)


def test_versions_hold_from_their_date_and_stay(cast: Cast, time_machine: object) -> None:
    time_machine.move_to(DAY_30)  # type: ignore[attr-defined]
    seat = cast.seat(cast.campaign_manager)
    with context.entered(user_id=cast.campaign_manager.pk):
        for day, dial in ((11, "0.10"), (20, "0.20"), (20, "0.20")):
            set_prices(
                engagement=cast.engagement,
                by=seat,
                prices=Prices(dial=Decimal(dial)),
                from_on=day_of(cast, day),
            )
        assert UnitPrices.objects.count() == 2
        first, second = (
            prices_on(cast.engagement, day_of(cast, 19)),
            prices_on(cast.engagement, day_of(cast, 25)),
        )
        assert first is not None
        assert second is not None
        assert (as_prices(first).dial, as_prices(second).dial) == (Decimal("0.10"), Decimal("0.20"))
        assert prices_on(cast.engagement, day_of(cast, 10)) is None
        assert TrailEntry.objects.filter(action="prices.set").count() == 2
        with pytest.raises(Refused, match="at least one price"):
            set_prices(engagement=cast.engagement, by=seat, prices=Prices(), from_on=day_of(cast, 20))


def test_the_campaign_manager_sets_them_and_both_sides_see_them(cast: Cast, time_machine: object) -> None:
    time_machine.move_to(DAY_30)  # type: ignore[attr-defined]
    url = f"/e/{cast.engagement.public_id}/kpis/prices/"
    manager, client = Client(), Client()
    manager.force_login(cast.campaign_manager)
    client.force_login(cast.client_lead)
    sent = {"from_on": day_of(cast, 11).isoformat(), "currency": "usd", "dial": "0.12", "agent_hour": "20"}
    refused = manager.post(url + "set/", sent)
    assert refused.status_code == 422
    assert "An agent hour and the dials made in it are given together." in refused.text
    assert 'value="0.12"' in refused.text
    assert manager.post(url + "set/", sent | {"dials_an_hour": "60"}).status_code == 302
    seen = client.get(url).text
    assert "0.12 USD" in seen
    assert 'An agent hour</dt><dd class="tg-number">20 USD' in seen  # and not 2E+1
    assert "Applies now" in seen
    assert 'name="dial"' not in seen
    assert client.post(url + "set/", sent).status_code == 403
