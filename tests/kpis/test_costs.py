"""What one of each stage cost by the prices that held on each day, and how long was spoken."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from engagements.stages import Stage
from kpis.costs import PricedDay, average_prices, costs
from kpis.costs_page import cost_rows, cost_sentence
from kpis.models import DailyFact
from kpis.prices import Prices
from kpis.selectors.signals import what_moved
from kpis.services.prices import set_prices
from kpis.telling.moved import moved_sentences
from kpis.telling.talk import talk_cell
from tenancy import context
from tests.factories import Cast
from tests.kpis.scene import GOOD_DAY, WEAK_DAY, day_of, sign_brief, write_facts
from tests.stage import backstage

AN_HOUR = Prices("USD", agent_hour=Decimal(18), dials_an_hour=Decimal(60), transfer=Decimal("4.50"))
DEARER = Prices("USD", agent_hour=Decimal(24), dials_an_hour=Decimal(60), transfer=Decimal("4.50"))
EUROS = Prices("EUR", dial=Decimal("0.20"))
DAY_75 = datetime(2026, 5, 15, 16, tzinfo=UTC)


def test_one_of_each_costs_what_was_paid_on_the_way_to_all_of_them() -> None:
    found = costs([PricedDay(WEAK_DAY, AN_HOUR), PricedDay(GOOD_DAY, DEARER)])
    assert found.currency == "USD"
    by_stage = {one.stage: one for one in found.stages}
    assert by_stage[Stage.DIAL].paid == pytest.approx(500 * 0.3 + 500 * 0.4)
    assert by_stage[Stage.CONTACT].each == pytest.approx(350 / 120)
    assert by_stage[Stage.TRANSFER].paid == pytest.approx(350 + 35 * 4.5)
    assert by_stage[Stage.CLOSE].each == pytest.approx((350 + 35 * 4.5) / 5)
    assert cost_sentence(found) == "A close cost 101.50 USD: 507.50 USD were paid on the way to 5."
    assert "fewer than 30" in cost_rows(found)[-1].cells[0].note


def test_what_is_not_known_or_not_priced_is_left_out_and_said() -> None:
    unknown = (500, 50, None, None, None, None)
    found = costs([PricedDay(unknown, AN_HOUR), PricedDay(WEAK_DAY, None), PricedDay((None,) * 6, None)])
    contact, close = found.stages[Stage.CONTACT], found.stages[Stage.CLOSE]
    assert (contact.number, contact.left_out) == (50, 1)
    assert (close.each, close.left_out) == (None, 2)
    assert cost_rows(found)[-1].cells[0].text == "no data"
    assert costs([PricedDay(WEAK_DAY, None)]).stages == ()
    assert costs([PricedDay(WEAK_DAY, AN_HOUR), PricedDay(WEAK_DAY, EUROS)]).mixed


def test_average_prices_pay_for_exactly_what_the_days_cost() -> None:
    days = [PricedDay(WEAK_DAY, AN_HOUR), PricedDay(GOOD_DAY, DEARER)]
    assert average_prices(days, Stage.TRANSFER) == ("USD", (0.35, 0.0, 0.0, 4.5))
    assert average_prices([*days, PricedDay(GOOD_DAY, None)], Stage.TRANSFER) is None
    assert average_prices([*days, PricedDay(GOOD_DAY, EUROS)], Stage.TRANSFER) is None


def test_talk_time_is_told_in_all_and_by_call() -> None:
    assert talk_cell(0, 0).text == "no data"
    told = talk_cell(7_380, 60)
    assert (told.text, told.note) == ("2 h 3 min", "2 min 3 s a call, 60 timed")


@pytest.fixture
def priced(cast: Cast) -> Cast:
    """Weak days until day 40 at 18 an hour, good ones after it at 24."""
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(31, 41))
    write_facts(cast, GOOD_DAY, range(41, 51))
    with backstage():
        DailyFact.objects.filter(day=day_of(cast, 31)).update(talk_s=3_600, talked=40)
    with (
        time_machine.travel(DAY_75, tick=False),
        context.entered(user_id=cast.campaign_manager.pk),
    ):
        seat = cast.seat(cast.campaign_manager)
        for day, prices in ((11, AN_HOUR), (41, DEARER)):
            set_prices(engagement=cast.engagement, by=seat, prices=prices, from_on=day_of(cast, day))
    return cast


def page(client: Client, cast: Cast, path: str, status: int = 200) -> str:
    answer = client.get(f"/e/{cast.engagement.public_id}/kpis/{path}")
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


@pytest.fixture
def client_lead(priced: Cast, client: Client) -> Client:
    client.force_login(priced.client_lead)
    return client


@time_machine.travel(DAY_75, tick=False)
def test_the_figures_tell_cost_and_talk_time_to_both_sides(priced: Cast, client_lead: Client) -> None:
    told = page(client_lead, priced, "")
    # 5,000 dials at 0.30, 5,000 at 0.40, 350 transfers at 4.50, and 50 closes.
    assert "A close cost 101.50 USD: 5,075.00 USD were paid on the way to 50." in told
    assert (
        "Talk time: 1 h 0 min, 1 min 30 s a call, 40 timed; median no data" in told
    )  # no call stands behind it
    assert 'id="spent-by-source"' not in told  # there is one source
    write_facts(priced, WEAK_DAY, range(31, 41), "Fair")
    told = page(client_lead, priced, "")
    assert "A close cost 103.57 USD: 7,250.00 USD were paid on the way to 70." in told
    sources = told[told.index('id="spent-by-source"') :].partition("</table>")[0]
    # At the fair 5,000 dials at 0.30 and 150 transfers came to 20 closes, and too few of them to say much.
    fair = sources[sources.index(">Fair<") :].partition("</tr>")[0]
    assert "108.75 USD" in fair and "of 20, says little" in fair
    assert "14.50 USD" in fair  # a transfer


@time_machine.travel(DAY_75, tick=False)
def test_the_cost_that_moved_is_money_and_prices_are_a_part_of_it(priced: Cast, client_lead: Client) -> None:
    spans = [(day_of(priced, 31), day_of(priced, 40)), (day_of(priced, 41), day_of(priced, 50))]
    with context.entered(user_id=priced.client_lead.pk):
        found = what_moved(priced.engagement, *spans, None)
        in_dials = what_moved(priced.engagement, *spans, None, in_dials=True)
    assert found.split is not None
    assert found.currency == "USD"
    assert (found.split.before, found.split.after) == pytest.approx(
        ((500 * 0.3 + 15 * 4.5) / 2, (500 * 0.4 + 20 * 4.5) / 3)
    )
    parts = {part.key: part.change for part in found.split.parts}
    assert parts["prices"] > 0
    assert sum(parts.values()) == pytest.approx(found.split.change)
    assert moved_sentences(found)[0].startswith(
        "One close cost 108.75 USD before (20 of 5,000 dials) and 96.67 USD"
    )
    assert in_dials.split is not None
    assert (in_dials.currency, in_dials.split.before) == ("", 250)
    query = "&".join(
        f"{name}_{end}={day}"
        for name, span in zip(("before", "after"), spans, strict=True)
        for end, day in zip(("first", "last"), span, strict=True)
    )
    assert "in USD." in page(client_lead, priced, f"signals/moved/?{query}")
    assert "One close took 250 dials before" in page(
        client_lead, priced, f"signals/moved/?unit=dials&{query}"
    )


@time_machine.travel(DAY_75, tick=False)
def test_days_without_prices_are_counted_in_dials_and_the_page_says_why(cast: Cast, client: Client) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(31, 51))
    with context.entered(user_id=cast.campaign_manager.pk):
        seat = cast.seat(cast.campaign_manager)
        set_prices(engagement=cast.engagement, by=seat, prices=AN_HOUR, from_on=day_of(cast, 45))
    client.force_login(cast.client_lead)
    told = page(client, cast, "signals/moved/")
    assert "The cost is counted in dials: prices in one currency did not hold on all of these days." in told
    shown = page(client, cast, "")
    assert "leaves out 14 days without prices" in shown
    assert "a number may be smaller than in the funnel: up to 14 days are left out." in shown
