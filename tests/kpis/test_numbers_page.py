"""The KPIs page and the rows behind its figures."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from engagements.models import Engagement
from engagements.stages import Stage
from kpis.models import Baseline, DailyFact, Finding
from kpis.selectors.rows import PAGE_SIZE, Figure, rows_page
from milestones.models import Gate
from tenancy.context import Scope
from tests.factories import Cast, EngagementFactory
from tests.kpis.scene import (
    DAY_30,
    DAY_60,
    GOOD_DAY,
    WEAK_DAY,
    day_of,
    sign_brief,
    source,
    write_calls,
    write_facts,
    write_import,
)
from tests.milestones.scene import planned
from tests.stage import backstage

Enter = Callable[..., AbstractContextManager[Scope]]


def url(cast: Cast, name: str = "numbers", *args: object, **query: object) -> str:
    address = reverse(f"kpis:{name}", args=[cast.engagement.public_id, *args])
    return address + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def manager(cast: Cast, client: Client) -> Client:
    client.force_login(cast.campaign_manager)
    return client


def test_without_calls_the_page_says_so_and_where_they_come_from(cast: Cast, manager: Client) -> None:
    page = text(manager, url(cast))
    assert "No calls are imported for these days" in page
    assert reverse("kpis:calls", args=[cast.engagement.public_id]) in page
    assert ">0.0%" not in page


def test_the_answer_stands_on_top_with_its_denominator_interval_and_brief(
    cast: Cast, manager: Client
) -> None:
    sign_brief(cast, version=3)
    write_facts(cast, WEAK_DAY, range(11, 31))
    page = text(manager, url(cast))
    assert (
        "Show rate is below target: 53.3% (160 of 300, 95% interval 47.7–58.9%) against at least 65%. "
        "Contact rate misses its target too, by less."
    ) in page
    assert "judged by version 3" in page
    assert "Days 11–30 are calibration" in page
    assert page.count("tg-weakest") == 1


def test_without_a_signed_brief_nothing_is_judged(cast: Cast, manager: Client) -> None:
    write_facts(cast, WEAK_DAY, [12])
    page = text(manager, url(cast))
    assert "no figure is judged" in page
    assert "10.0%" in page
    assert "below target" not in page


def test_a_stage_that_no_file_tells_reads_no_data_never_zero(cast: Cast, manager: Client) -> None:
    sign_brief(cast)
    write_facts(cast, (500, None, None, None, None, 7), [12, 13])
    page = text(manager, url(cast))
    assert "cannot be judged: no data." in page
    assert "the files of 2 days cannot tell it" in page
    assert ">14</a>" in page  # closes are known, though no rate can be taken of them
    assert ">0.0%" not in page


def test_a_rate_says_which_days_it_leaves_out(cast: Cast, manager: Client) -> None:
    write_facts(cast, WEAK_DAY, [12])
    write_facts(cast, (500, None, None, None, None, 7), [13])
    page = text(manager, url(cast))
    assert "leaves out 500 dials of 1 day whose files cannot tell it" in page
    assert "1 day unknown" in page


@pytest.mark.parametrize(
    ("query", "dials"),
    [
        ({}, "20,000 dials"),
        ({"period": "11-30"}, "10,000 dials"),
        ({"period": "31-60"}, "10,000 dials"),
        ({"period": "61-90"}, "no dials known"),
        ({"period": "last-7"}, "3,500 dials"),
        ({"period": "custom", "first": "2026-03-12", "last": "2026-03-13"}, "1,000 dials"),
    ],
)
def test_the_period_is_chosen_in_the_address(cast: Cast, manager: Client, query: dict, dials: str) -> None:
    write_facts(cast, WEAK_DAY, range(11, 51))
    with time_machine.travel("2026-04-20T16:00:00Z", tick=False):
        assert dials in text(manager, url(cast, **query))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"period": "custom"}, "Give the first and the last day."),
        ({"period": "custom", "first": "2026-03-13", "last": "2026-03-12"}, "lies before the first"),
        ({"period": "custom", "first": "1900-01-01", "last": "2026-03-12"}, "Choose at most 1,100 days."),
        ({"period": "custom", "first": "soon", "last": "2026-03-12"}, "Write the date as 2026-03-12."),
        ({"period": "week"}, "Choose one of the periods"),
        ({"metric": "luck"}, "Choose one of the metrics"),
    ],
)
def test_a_period_that_cannot_be_is_told_beside_its_field(
    cast: Cast, manager: Client, query: dict, words: str
) -> None:
    answer = manager.get(url(cast, **query))
    assert answer.status_code == 422
    assert words in " ".join(answer.content.decode().split())


def test_the_pages_about_the_figures_lead_to_one_another(cast: Cast, manager: Client) -> None:
    page = manager.get(url(cast)).content.decode()
    nav = page[page.index('aria-label="KPIs"') :].partition("</nav>")[0]
    for name in ("numbers", "signals", "findings", "qa", "windows", "outcomes"):
        assert f'<li><a href="{url(cast, name)}"' in nav
    assert words_of(nav) == "Funnel Signals Findings QA Calling windows Outcomes and costs"
    assert nav.count("aria-current") == 1
    page = manager.get(url(cast, "transfers")).content.decode()
    nav = page[page.index('aria-label="KPIs"') :].partition("</nav>")[0]
    assert words_of(nav).endswith("Outcomes and costs QA Calibration Scorecard Transfers Closers")
    assert f'<a href="{url(cast, "transfers")}" aria-current="page">' in nav


def words_of(nav: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", nav.partition(">")[2]).split())


def test_each_metric_stands_as_it_was_contracted(cast: Cast, manager: Client) -> None:
    assert "As it is counted until a brief is signed" in text(manager, url(cast))
    brief = sign_brief(cast)
    with backstage():
        brief.metrics.filter(key="contact_rate").update(
            dispute_rule="The CRM's record counts.", source_system="CRM", minimum_sample=120
        )
    page = text(manager, url(cast))
    assert "As version 1 of the brief contracts it" in page
    for words in (
        "The CRM&#x27;s record counts.",
        "at least 12%",
        "120 dials",
        "higher is better",
        "no rule agreed",
    ):
        assert words in page


def test_the_page_asks_the_database_the_same_number_of_times_however_much_there_is(
    cast: Cast, manager: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, [11])
    planned(cast)
    manager.get(url(cast))
    with django_assert_max_num_queries(9):
        manager.get(url(cast))
    # What is asked for a period is counted anew: with one for restated days, one for prices, and one for talk time.
    with django_assert_max_num_queries(21) as few:
        manager.get(url(cast, period="all"))
    asked = len(few)
    for name in ("Referral", "Portal", "Aged list", ""):
        write_facts(cast, GOOD_DAY, range(11, 90), name)
    write_import(cast, [11, 90])
    manager.get(url(cast))  # keeps the head again
    with django_assert_max_num_queries(asked):
        manager.get(url(cast, period="all"))


@time_machine.travel(DAY_30, tick=False)
def test_the_baseline_is_frozen_by_a_post_and_leads_to_the_findings(cast: Cast, manager: Client) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    assert "Freeze the baseline" in text(manager, url(cast))
    answer = manager.post(url(cast, "freeze_baseline"))
    assert (answer.status_code, answer.url) == (302, url(cast, "findings"))
    assert "2 metrics below target ask for a root cause and a fix." in text(manager, answer.url)
    again = manager.post(url(cast, "freeze_baseline"))
    assert again.status_code == 422
    assert "does not change any more" in again.content.decode()
    with backstage():
        assert (Baseline.objects.count(), Finding.objects.count()) == (1, 2)
    page = text(manager, url(cast, period="11-30"))
    assert "Freeze the baseline" not in page
    assert "over 10,000 dials" in page
    assert "Changed since" not in page
    write_facts(cast, GOOD_DAY, [12], "Referral")
    assert "Changed since" in text(manager, url(cast, period="11-30"))


@time_machine.travel(DAY_30, tick=False)
def test_before_freezing_the_page_says_what_the_baseline_would_lack(cast: Cast, manager: Client) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 30))
    page = text(manager, url(cast))
    assert "Calls are in for 19 of its 20 days" in page
    assert ": none for day 30 itself" in page


def test_before_day_30_the_page_says_why_not(cast: Cast, manager: Client) -> None:
    with time_machine.travel("2026-03-20T16:00:00Z", tick=False):
        page = text(manager, url(cast))
        assert "Freeze the baseline" not in page
        assert "frozen from day 30 on" in page
        answer = manager.post(url(cast, "freeze_baseline"))
        assert answer.status_code == 422
        assert "Day 30 is Tue 31 Mar" in answer.content.decode()


def test_the_review_of_day_60_is_opened_from_the_page(cast: Cast, manager: Client) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(31, 61))
    with time_machine.travel(DAY_60, tick=False):
        assert "Open the findings of day 60" in text(manager, url(cast))
        assert manager.post(url(cast, "review_targets", 60)).status_code == 302
        assert "Open the findings of day 60" not in text(manager, url(cast))
    with backstage():
        assert Finding.objects.filter(review_day=60).count() == 2


@pytest.mark.parametrize("who", ["supervisor", "qa_lead", "client_lead", "closer_lead", "operator_leader"])
def test_who_may_not_freeze_is_told_403_and_not_offered_it(cast: Cast, client: Client, who: str) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, range(11, 31))
    client.force_login(getattr(cast, who))
    with time_machine.travel(DAY_30, tick=False):
        assert "Freeze the baseline" not in text(client, url(cast))
        assert client.post(url(cast, "freeze_baseline")).status_code == 403


@pytest.mark.parametrize("name", ["numbers", "findings", "rows"])
def test_strangers_find_nothing(cast: Cast, client: Client, name: str) -> None:
    assert client.get(url(cast, name)).status_code == 302
    client.force_login(cast.outsider)
    assert client.get(url(cast, name)).status_code == 404


def test_a_figure_opens_exactly_its_rows(cast: Cast, manager: Client) -> None:
    made = write_import(cast, [12, 12])
    write_calls(cast, made, 12, [Stage.DIAL, Stage.DIAL, Stage.CONTACT, Stage.TRANSFER])
    write_calls(cast, made, 13, [Stage.CONTACT])
    write_facts(cast, (4, 2, 1, 1, 0, 0), [12])
    write_facts(cast, (1, 1, 0, 0, 0, 0), [13])
    day = day_of(cast, 12)
    page = text(manager, url(cast, "rows", first=day, last=day, stage="contact"))
    assert "2 contacts, from these rows" in page
    assert page.count("march.csv</a>, line") == 2
    page = text(
        manager, url(cast, "rows", first=day, last=day_of(cast, 13), stage="contact", source="Referral")
    )
    assert "No data" in page


def test_rows_of_a_source_that_cannot_tell_the_stage_are_in_neither(cast: Cast, entered: Enter) -> None:
    made = write_import(cast, [12, 12])
    write_calls(cast, made, 12, [Stage.CONTACT, Stage.DIAL])
    write_calls(cast, made, 12, [Stage.CLOSE], "Old list")
    write_calls(cast, made, 12, [Stage.CLOSE], "")
    write_facts(cast, (2, 1, 0, 0, 0, 0), [12])
    write_facts(cast, (1, None, None, None, None, 1), [12], "Old list")
    write_facts(cast, (1, 1, 1, 1, 1, 1), [12], "")
    day = day_of(cast, 12)
    with entered(cast.campaign_manager):
        found = rows_page(cast.engagement, Figure(day, day, Stage.CONTACT))
        assert found.value == len(found.rows) == 2
        unnamed = rows_page(cast.engagement, Figure(day, day, Stage.CLOSE, ""))
        assert unnamed.value == len(unnamed.rows) == 1


def test_many_rows_come_a_page_at_a_time_each_once(cast: Cast, entered: Enter) -> None:
    made = write_import(cast, [12, 13])
    for day in (12, 13):
        write_calls(cast, made, day, [Stage.DIAL] * 60)
        write_facts(cast, (60, 0, 0, 0, 0, 0), [day])
    figure = Figure(day_of(cast, 12), day_of(cast, 13))
    with entered(cast.campaign_manager):
        seen, place = [], None
        for _ in range(3):
            found = rows_page(cast.engagement, figure, place)
            seen += [call.pk for call in found.rows]
            place = found.following
            assert len(found.rows) <= PAGE_SIZE
    assert len(seen) == len(set(seen)) == 120
    assert place is None


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"first": "2026-03-12"},
        {"first": "x", "last": "2026-03-12"},
        {"first": "2026-03-12", "last": "2026-03-12", "stage": "sale"},
        {"first": "2026-03-12", "last": "2026-03-12", "after": "2026-03-12"},
    ],
)
def test_a_figure_that_is_none_is_not_found(cast: Cast, manager: Client, query: dict) -> None:
    assert manager.get(url(cast, "rows", **query)).status_code == 404


def test_rows_of_reversed_or_foreign_dates_are_refused_with_a_reason(cast: Cast, manager: Client) -> None:
    write_facts(cast, WEAK_DAY, [12])
    wrong = manager.get(url(cast, "rows", first=day_of(cast, 13), last=day_of(cast, 11)))
    assert (wrong.status_code, "The last day lies before the first." in wrong.text) == (422, True)
    far = manager.get(url(cast, "rows", first="9990-01-01", last="9999-12-31"))
    assert (far.status_code, "These days lie outside of the engagement" in far.text) == (422, True)


def test_rows_of_all_time_are_those_of_the_engagements_days(cast: Cast, manager: Client) -> None:
    write_facts(cast, WEAK_DAY, [12])
    answer = manager.get(url(cast, "rows", first="0001-01-01", last="9999-12-31"))
    assert answer.status_code == 200
    assert (answer.context["figure"].first, answer.context["figure"].last) == (
        day_of(cast, 1),
        day_of(cast, 90),
    )


def test_another_engagements_facts_are_not_counted(cast: Cast, manager: Client) -> None:
    with backstage():
        other: Engagement = EngagementFactory(
            client=cast.client_organisation, operator=cast.operator_organisation
        )
        DailyFact.objects.create(engagement=other, day=day_of(cast, 12), dials=999)
        source(cast, "Web form")
    write_facts(cast, WEAK_DAY, [12])
    assert "500 dials" in text(manager, url(cast))


@pytest.mark.parametrize("broken", ["source", "stage", "first", "last", "after"])
def test_a_figure_that_nobody_can_have_asked_for_is_not_found(
    cast: Cast, manager: Client, broken: str
) -> None:
    figure = {"first": day_of(cast, 11), "last": day_of(cast, 13), "stage": "dial", broken: "%00"}
    assert manager.get(url(cast, "rows", **figure)).status_code == 404


@pytest.mark.parametrize("asked", ["period", "metric", "first", "last"])
def test_the_period_form_survives_what_no_browser_sends(cast: Cast, manager: Client, asked: str) -> None:
    assert manager.get(url(cast, **{asked: "%00"})).status_code == 422


def test_a_last_day_that_is_not_over_is_said_to_be_partial(cast: Cast, manager: Client) -> None:
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, [11, 12, 15, 30])
    with time_machine.travel(DAY_30, tick=False):
        assert "Day 30 is not over: its calls may not all be in." in text(manager, url(cast))
        manager.post(url(cast, "freeze_baseline"))
    with time_machine.travel(DAY_60, tick=False):
        page = text(manager, url(cast))
    assert "Day 60 is not over" in page
    assert "Day 30 was not over then: calls of that day that were imported later are not in it." in page


@time_machine.travel(DAY_60, tick=False)
def test_the_trend_stands_within_its_limits_where_there_are_days_enough(cast: Cast, manager: Client) -> None:
    sign_brief(cast)
    write_facts(cast, GOOD_DAY, range(31, 40))
    early = text(manager, url(cast, metric="contact_rate"))
    assert "control limits" not in early
    write_facts(cast, GOOD_DAY, range(40, 60))
    page = text(manager, url(cast, metric="contact_rate"))
    assert (
        "Checked against its control limits: no signal on 17 judged days." in page
    )  # twelve days are learned from
    assert "Pale band: control limits" in page
    assert reverse("kpis:signals", args=[cast.engagement.public_id]) in page
    part = text(
        manager,
        url(cast, metric="contact_rate", period="custom", first=day_of(cast, 50), last=day_of(cast, 59)),
    )
    assert "no signal on 10 judged days" in part, "days are judged by those before them, shown or not"
    long = text(
        manager,
        url(cast, metric="contact_rate", period="custom", first=day_of(cast, -60), last=day_of(cast, 59)),
    )
    assert "by spans of 7 days" in long
    assert "Control limits are those of single days: up to 100 days are drawn with them." in long
    assert "Pale band" not in long and "judged days" not in long


def test_the_gate_of_these_days_says_how_they_stand_and_that_they_are_not_judged(
    cast: Cast, manager: Client
) -> None:
    planned(cast)
    sign_brief(cast)
    write_facts(cast, WEAK_DAY, [12, 13])
    with backstage():
        gates = {gate.day: gate.public_id for gate in Gate.objects.filter(engagement=cast.engagement)}

    def page(day: int) -> str:
        return text(manager, reverse("milestones:gate", args=[cast.engagement.public_id, gates[day]]))

    with time_machine.travel(f"{day_of(cast, 14)}T18:00:00Z", tick=False):
        manager.force_login(cast.campaign_manager)
        soon, later = page(30), page(60)
    assert "Not judged yet: on day 30. As it stands: " in soon
    assert "is below target (" in soon
    assert "Not judged yet: on day 60. Owner" in later
    assert ".." not in re.sub("<[^>]*>", "", soon[soon.index("Not judged yet: on day 30") :][:400])
