"""The signals pages: what shifted and what did not, what moved the cost, two segments, response time, hours."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from engagements.models import Agent, Engagement, Pseudonym
from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.imports import facts, waits
from kpis.models import CallRecord, Disposition, Import, LeadSource
from kpis.selectors.breakdowns import by_agent, by_attempt, by_hour, responses
from kpis.selectors.signals import outliers, signals, what_moved
from tenancy.context import Scope
from tests.factories import Cast
from tests.kpis.scene import day_of, sign_brief, write_facts, write_import
from tests.stage import backstage

Enter = Callable[..., AbstractContextManager[Scope]]
PAGES = ("signals", "moved", "compare", "response", "hours")
DAY_75 = datetime(2026, 5, 15, 16, tzinfo=UTC)


def url(cast: Cast, name: str, **query: object) -> str:
    address = reverse(f"kpis:{name}", args=[cast.engagement.public_id])
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


@pytest.fixture
def manager(cast: Cast, client: Client) -> Client:
    client.force_login(cast.campaign_manager)
    return client


def wobble(cast: Cast, first: int, last: int, contacts: int, source: str = "Web form") -> None:
    """Days of 500 dials whose contacts wobble about a figure, and whose lower stages follow."""
    for day in range(first, last + 1):
        reached = contacts + (day * 7) % 5 - 2
        write_facts(cast, (500, reached, 25 + day % 3, 15, 9 + day % 2, 3), [day], source)


@pytest.fixture
def shifted(cast: Cast) -> Cast:
    """Contacts go from 60 to 85 of 500 on day 52; the qualified stay 25 a day."""
    sign_brief(cast)
    wobble(cast, 11, 30, 60)
    wobble(cast, 31, 51, 60)
    wobble(cast, 52, 72, 85)
    return cast


@time_machine.travel(DAY_75, tick=False)
@pytest.mark.parametrize("name", PAGES)
def test_without_calls_each_page_says_what_belongs_there(cast: Cast, manager: Client, name: str) -> None:
    page = text(manager, url(cast, name))
    assert "No " in page or "Nothing to split" in page
    assert ">0.0%" not in page


@time_machine.travel(DAY_75, tick=False)
def test_the_shift_is_told_with_its_day_and_counts_and_the_wobble_is_not(
    shifted: Cast, manager: Client
) -> None:
    page = text(manager, url(shifted, "signals"))
    assert "Contact rate shifted up on Wed 22 Apr · day 52" in page
    assert "over the 9 days with calls from then on" in page
    assert "Show rate shifted" not in page
    assert "control-chart-spec" in page
    assert '"flag": "since day 52"' in page  # beside the ninth day, on which it was seen


@time_machine.travel(DAY_75, tick=False)
def test_the_same_in_figures(
    shifted: Cast, entered: Enter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with entered(shifted.campaign_manager):
        with django_assert_num_queries(4):
            found = signals(shifted.engagement, None)
        assert found is not None
        contact = found.of("contact_rate")
        assert contact is not None
        assert [(one.first, one.seen, one.up) for one in contact.chart.shifts] == [(52, 60, True)]
        assert {day.day for day in contact.chart.days if day.low is not None} <= set(range(43, 73))
        with django_assert_num_queries(3):
            outliers(shifted.engagement, found.funnel, contact.rate)


@time_machine.travel(DAY_75, tick=False)
def test_calibration_days_count_where_the_reader_asks_for_it(shifted: Cast, manager: Client) -> None:
    left_out = text(manager, url(shifted, "signals"))
    counted = text(manager, url(shifted, "signals", calibration="count-in", metric="show_rate"))
    assert "neither base nor judged" in left_out
    assert "neither base nor judged" not in counted
    assert "Show rate by day" in counted


@time_machine.travel("2026-04-06T16:00:00Z", tick=False)
def test_too_few_days_are_told_as_such(cast: Cast, manager: Client) -> None:
    sign_brief(cast)
    wobble(cast, 11, 36, 60)
    page = text(manager, url(cast, "signals"))
    assert "No rate can be judged by day yet." in page
    assert "Contact rate is not judged by day yet: what is usual is learned from 12 days with calls" in page
    assert "too little data to tell: it takes 4 whole weeks" in page


@time_machine.travel(DAY_75, tick=False)
def test_what_moved_is_split_and_sums_to_the_change(shifted: Cast, manager: Client, entered: Enter) -> None:
    page = text(manager, url(shifted, "moved"))
    assert "One close took" in page
    assert "The parts sum to the change." in page
    with entered(shifted.campaign_manager):
        found = what_moved(
            shifted.engagement,
            (day_of(shifted, 31), day_of(shifted, 51)),
            (day_of(shifted, 52), day_of(shifted, 72)),
            None,
            Stage.QUALIFIED,
        )
    assert found.split is not None
    assert abs(sum(part.change for part in found.split.parts) - found.split.change) < 1e-9
    assert [part.key for part in found.split.parts] == ["mix", "contact_rate", "qualification_rate"]
    # More contacts and as many qualified: the contact rate made it cheaper, the qualification rate took it back.
    assert found.split.parts[1].change < 0 < found.split.parts[2].change


@time_machine.travel(DAY_75, tick=False)
def test_the_periods_of_ones_own_choice_are_kept_and_a_wrong_one_is_told(
    shifted: Cast, manager: Client
) -> None:
    days = {
        "before_first": day_of(shifted, 31),
        "before_last": day_of(shifted, 51),
        "after_first": day_of(shifted, 52),
        "after_last": day_of(shifted, 72),
    }
    page = text(manager, url(shifted, "moved", outcome="contact", **days))
    assert "One contact took" in page
    assert f'value="{day_of(shifted, 52)}"' in page
    wrong = text(manager, url(shifted, "moved", before_first="2026-05-01", before_last="2026-04-01"), 422)
    assert "The last day lies before the first." in wrong
    assert 'value="2026-05-01"' in wrong
    unread = text(manager, url(shifted, "moved", before_first="tomorrow"), 422)
    assert "Write the date as 2026-03-12." in unread


def made(
    cast: Cast, batch: Import, agent: Agent, day: int, hour: int, reached: int, of: int, wait: int
) -> None:
    """Calls of one agent in one hour, `reached` of `of`; the leads came in `wait` minutes before the call."""
    codes = {
        outcome: Disposition.objects.get_or_create(
            engagement=cast.engagement, system="tollgate", code=outcome.value, outcome=outcome
        )[0]
        for outcome in (Outcome.NO_ANSWER, Outcome.CALLBACK)
    }
    start = CallRecord.objects.count()
    at = datetime.combine(day_of(cast, day), datetime.min.time(), UTC) + timedelta(hours=hour + 4)
    web = LeadSource.objects.get_or_create(engagement=cast.engagement, name="Web form")[0]
    CallRecord.objects.bulk_create(
        CallRecord(
            engagement=cast.engagement, batch=batch, call_key=start + n, row_no=n + 2, day=day_of(cast, day), hour=hour,
            agent=agent, source=web, attempt=1, called_at=at, lead_created_at=at - timedelta(minutes=wait),
            disposition=codes[Outcome.CALLBACK if n < reached else Outcome.NO_ANSWER],
            depth=Stage.CONTACT if n < reached else Stage.DIAL, lead_ref=f"L-{start + n}",
        )
        for n in range(of)
    )  # fmt: skip


@pytest.fixture
def called(cast: Cast) -> Cast:
    """Two agents on day 40: ada in the morning after three minutes, ben at noon after six."""
    sign_brief(cast)
    with backstage():
        batch = write_import(cast, [40, 40])
        ada, ben = (Agent.objects.create(engagement=cast.engagement, name=name) for name in ("ada", "ben"))
        made(cast, batch, ada, 40, 9, 20, 200, 3)
        made(cast, batch, ben, 40, 12, 60, 200, 6)
        CallRecord.objects.filter(lead_ref__startswith="L-39").update(attempt=2)
        CallRecord.objects.filter(lead_ref="L-0").update(lead_created_at=None)
        CallRecord.objects.filter(lead_ref="L-1").update(lead_created_at=DAY_75)
        batch.tells_waits = True
        batch.save()
        facts.refresh(cast.engagement.pk)
        waits.refresh(cast.engagement.pk, cast.engagement.zone)
    return cast


@time_machine.travel(DAY_75, tick=False)
def test_hours_agents_and_attempts_are_counted_from_the_calls(
    called: Cast, entered: Enter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    span = day_of(called, 40), day_of(called, 40)
    with entered(called.campaign_manager), django_assert_num_queries(5):
        hours = by_hour(called.engagement, *span)
        agents = by_agent(called.engagement, *span, {"ada": "Agent 1"})
        attempts = by_attempt(called.engagement, *span)
        waited = responses(called.engagement, *span, "none")
    told = [
        (one.weekday, one.hour, one.group.dials, one.group.rates["contact_rate"].numerator) for one in hours
    ]
    assert told == [(5, 9, 200, 20), (5, 12, 200, 60)]
    assert [(one.label, one.rates["contact_rate"].value) for one in agents] == [
        ("Agent 1", 0.1),
        ("ben", 0.3),
    ]
    assert [(one.label, one.dials) for one in attempts] == [("Attempt 1", 389), ("Attempt 2", 11)]
    assert waited.all is not None
    assert (waited.all.leads, waited.all.within, waited.untold, waited.before) == (387, 197, 12, 1)
    assert waited.all.median == 180
    assert [(one.label, one.leads) for one in waited.by_source] == [("Web form", 387)]
    assert sum(one.leads for one in waited.by_hour) == 387


@time_machine.travel(DAY_75, tick=False)
def test_a_later_call_to_the_same_lead_is_no_response(called: Cast, entered: Enter) -> None:
    with backstage():
        CallRecord.objects.filter(hour=12).update(lead_ref="L-5", called_at=DAY_75)
        waits.refresh(called.engagement.pk, called.engagement.zone)
    with entered(called.campaign_manager):
        waited = responses(called.engagement, day_of(called, 40), day_of(called, 40), "none")
    assert waited.all is not None
    assert waited.all.leads == 197


@time_machine.travel(DAY_75, tick=False)
def test_the_pages_tell_it_in_words(called: Cast, manager: Client) -> None:
    page = text(manager, url(called, "response"))
    assert (
        "Half of 387 leads were called within 3 min of coming in; 50.9% (197 of 387) within five minutes."
        in page
    )
    assert "How long 12 more leads waited is in no file; left out here." in page
    assert "A lead counts once, by its first call" in page
    assert "Attempt 2" in page
    assert f'value="{day_of(called, 40)}"' in page  # the days that are shown stand in the form
    page = text(manager, url(called, "hours"))
    assert '<th scope="row">Web form</th>' in page
    assert '<td data-label="Talk time"><span><span class="text-secondary">no data</span>' in page
    assert "Contact rate by hour and weekday: from 10.0% (20 of 200) on Fridays at 09:00 to 30.0%" in page
    assert "heat-chart-spec" in page


@time_machine.travel(DAY_75, tick=False)
def test_two_segments_are_compared_with_the_interval_of_their_difference(
    called: Cast, manager: Client
) -> None:
    with backstage():
        ada, ben = (
            Agent.objects.get(engagement=called.engagement, name=name).public_id for name in ("ada", "ben")
        )
    page = text(
        manager,
        url(called, "compare", before_segment=f"agent:{ada}", after_segment=f"agent:{ben}", **_both(called)),
    )
    assert "Contact rate differs by more than chance: 10.0% (20 of 200)" in page
    assert "+20.0 points" in page
    nobody = text(manager, url(called, "compare", before_segment="hour:3", **_both(called)))
    assert "There are no calls for 03:00–04:00" in nobody
    unknown = text(manager, url(called, "compare", before_segment="agent:nobody"), 422)
    assert "Choose one of the list." in unknown


@time_machine.travel(DAY_75, tick=False)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_about_figures_reads_calls(called: Cast, manager: Client, name: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        text(manager, url(called, name))
    assert [query["sql"] for query in asked if "kpis_callrecord" in query["sql"]] == []


def _both(cast: Cast) -> dict[str, object]:
    return {f"{name}_{end}": day_of(cast, 40) for name in ("before", "after") for end in ("first", "last")}


@time_machine.travel(DAY_75, tick=False)
@pytest.mark.parametrize("name", PAGES)
def test_the_client_sees_no_agents_name_where_the_operator_masks_them(
    called: Cast, client: Client, name: str
) -> None:
    with backstage():
        Engagement.objects.filter(pk=called.engagement.pk).update(agents_masked_at=DAY_75)
        for number, agent in enumerate(Agent.objects.filter(engagement=called.engagement), start=1):
            Pseudonym.objects.get_or_create(
                engagement=called.engagement, agent=agent, defaults={"number": number}
            )
    client.force_login(called.client_lead)
    page = text(client, url(called, name))
    assert "ada" not in page.replace("adap", "")
    assert ">ben<" not in page
    if name in ("signals", "hours", "compare"):
        assert "Agent 1" in page
