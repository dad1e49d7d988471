"""The pages of calling windows: the answer, the list and its file, rules with their sources, changes and answers."""

# ruff: noqa: F811  a fixture's name is an argument's

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import TrailEntry, User
from engagements.masks import full_mask
from engagements.models import CampaignBrief
from engagements.services import mask_agents
from kpis.models import CallRecord, WindowAnswer, WindowChange
from tests.factories import Cast
from tests.kpis.test_imports_service import Desk, _today, desk  # noqa: F401  (fixtures)
from tests.kpis.windows.test_judging import call, log
from tests.milestones.scene import as_person
from tests.milestones.test_pages import browser
from tests.stage import backstage

pytestmark = pytest.mark.django_db
Run = Callable[[], list[str]]


@pytest.fixture
def judged(cast: Cast, desk: Desk, run_jobs: Run) -> Cast:
    """One violation and one allowed call of Thursday 12 March, made by Kai."""
    desk.bring_in(
        log(call("2026-03-12T21:30:00", agent="Kai Moreau", lead_id="L-7"), call("2026-03-12T12:00:00"))
    )
    run_jobs()
    return cast


def url(cast: Cast, name: str, *more: str) -> str:
    return reverse(f"kpis:{name}", args=[cast.engagement.public_id, *more])


def page(cast: Cast, user: User, name: str = "windows", *more: str, query: str = "") -> str:
    response = browser(user).get(url(cast, name, *more) + query)
    assert response.status_code == 200
    return response.content.decode()


def post(cast: Cast, user: User, name: str, *more: str, **data: Any) -> tuple[int, str]:
    client: Client = browser(user)
    response = client.post(url(cast, name, *more), data)
    return response.status_code, response.content.decode()


ANSWER = {
    "day": "2026-03-12", "seen": 1, "cause": "The dialer ran on the server's clock.",
    "action": "It now runs on the lead's zone.", "done_on": "2026-03-13",
}  # fmt: skip
RULE = {
    "seen": 0, "counts": "yes", "hours": "Mon–Fri 9:00–20:00\nSat 10:00–14:00", "bounds": "[)", "holidays": "us-ny",
    "closed_on": "2026-12-24", "reason": "The client wants it stricter.",
}  # fmt: skip


def test_the_answer_stands_on_top_with_the_call_below(judged: Cast) -> None:
    told = page(judged, judged.client_lead)
    assert "1 of 2 calls was outside of the allowed hours." in told
    assert "days 11–14: 1 violation and 0 possible in 2 calls" in told
    assert "21:30:00, " in told and "America/New_York" in told
    assert (
        "08:00–21:00" in told
        and reverse("kpis:window_rule", args=[judged.engagement.public_id, "us-tcpa"]) in told
    )
    assert "lead L-7" in told and "Kai Moreau" in told
    assert "not legal advice" in told
    assert "Record the answer" not in told  # the client reads; the operator answers
    regions = told[told.index('id="regions"') : told.index("By day and region")]
    assert '<th scope="row">New York</th><td data-label="Days" class="tg-numeric">1</td>' in " ".join(
        regions.split()
    )


def test_nothing_in_yet_and_calls_that_wait(cast: Cast, desk: Desk) -> None:
    assert "No calls are in yet." in page(cast, cast.client_lead)
    batch = desk.upload(log(call("2026-03-12T12:00:00")))
    desk.start(batch)
    with backstage():
        pass
    desk.run_jobs()
    assert "checked against the windows" in page(cast, cast.client_lead)


def test_what_cannot_be_asked_is_not_found(judged: Cast) -> None:
    for query in ("?kind=worse", "?day=yesterday", "?after=-1", "?after=1e9"):
        assert browser(judged.client_lead).get(url(judged, "windows") + query).status_code == 404
    for code in ("us-zz", "own-us-zz", "own-US-NY", "brief-us-ny"):
        assert browser(judged.client_lead).get(url(judged, "window_rule", code)).status_code == 404
    assert "None." in page(judged, judged.client_lead, query="?kind=conflict")


def test_the_operator_answers_a_day_once(judged: Cast) -> None:
    status, told = post(judged, judged.campaign_manager, "windows_answer", **{**ANSWER, "action": ""})
    assert status == 422
    assert "The dialer ran on the server&#x27;s clock." in told and 'aria-invalid="true"' in told
    status, told = post(
        judged, judged.campaign_manager, "windows_answer", **{**ANSWER, "done_on": "2026-03-11"}
    )
    assert status == 422 and "between the day of the calls and today" in told
    status, told = post(judged, judged.campaign_manager, "windows_answer", **{**ANSWER, "seen": 7})
    assert status == 422 and "have changed since the page was loaded" in told
    assert post(judged, judged.client_lead, "windows_answer", **ANSWER)[0] == 403
    assert post(judged, judged.campaign_manager, "windows_answer", **ANSWER)[0] == 302
    told = page(judged, judged.client_lead)
    assert "Answered" in told and "It now runs on the lead&#x27;s zone." in told
    with as_person(judged, judged.client_lead):
        assert WindowAnswer.objects.count() == 1
        assert TrailEntry.objects.filter(action="windows.answered").count() == 1


def test_more_violations_open_the_day_again(judged: Cast, desk: Desk, run_jobs: Run) -> None:
    post(judged, judged.campaign_manager, "windows_answer", **ANSWER)
    desk.bring_in(log(call("2026-03-12T22:30:00", "+12125550155")))
    run_jobs()
    assert "More calls since the answer" in page(judged, judged.client_lead)


def test_rules_are_told_with_source_and_status_and_changed_with_a_reason(judged: Cast, run_jobs: Run) -> None:
    told = page(judged, judged.client_lead, "window_rules")
    assert "R.I. Gen. Laws 5-61-2(2)" in told and "Sources disagree" in told and "Décret 2022-1313" in told
    here, elsewhere = told.index("Rules where calls are made"), told.index("Rules of other places")
    assert here < told.index("Telephone Consumer Protection Act") < elsewhere < told.index("Décret 2022-1313")
    told = page(judged, judged.client_lead, "window_rule", "us-tcpa")
    assert "Let it hold here" in told
    assert "Let it hold here" not in page(judged, judged.supervisor, "window_rule", "us-tcpa")
    status, told = post(
        judged,
        judged.client_lead,
        "window_rule_change",
        "us-tcpa",
        **{**RULE, "reason": "", "hours": "always"},
    )
    assert status == 422
    assert "“always” is no line such as" in told and "so that the other side can follow it" in told
    assert post(judged, judged.supervisor, "window_rule_change", "us-tcpa", **RULE)[0] == 403
    assert post(judged, judged.client_lead, "window_rule_change", "us-tcpa", **RULE)[0] == 302
    run_jobs()
    told = page(judged, judged.campaign_manager, "window_rule", "us-tcpa")
    assert "09:00–20:00" in told and "The client wants it stricter." in told and "24 Dec" in told
    status, told = post(judged, judged.client_lead, "window_rule_change", "us-tcpa", **RULE)
    assert status == 422 and "since the page was loaded" in told
    out = {"seen": 1, "counts": "no", "bounds": "[)", "reason": "Everybody has consented in writing."}
    assert post(judged, judged.campaign_manager, "window_rule_change", "us-tcpa", **out)[0] == 302
    run_jobs()
    assert "Rules that do not count here" in page(judged, judged.client_lead, "window_rules")
    assert "1 violation" not in page(judged, judged.client_lead)
    back = {"seen": 2, "reason": "The consent was withdrawn."}
    assert (
        post(judged, judged.client_lead, "window_rule_restore", "us-tcpa", **{**back, "reason": ""})[0] == 422
    )
    assert post(judged, judged.client_lead, "window_rule_restore", "us-tcpa", **back)[0] == 302
    run_jobs()
    assert "1 of 2 calls was outside of the allowed hours." in page(judged, judged.client_lead)
    with as_person(judged, judged.client_lead):
        assert WindowChange.objects.count() == 3


def test_an_own_rule_for_a_place(judged: Cast, run_jobs: Run) -> None:
    response = browser(judged.client_lead).get(url(judged, "window_rules") + "?place=US-NY")
    assert response.url == url(judged, "window_rule", "own-us-ny")
    assert "New York, agreed here" in page(judged, judged.client_lead, "window_rule", "own-us-ny")
    own = {
        "seen": 0,
        "counts": "yes",
        "hours": "Mon–Fri 9:00–11:00",
        "bounds": "[)",
        "reason": "Mornings only",
    }
    assert post(judged, judged.client_lead, "window_rule_change", "own-us-ny", **own)[0] == 302
    with backstage():
        CallRecord.objects.update(region="New York")
    run_jobs()
    assert "2 of 2 calls were outside of the allowed hours." in page(judged, judged.client_lead)


def test_what_is_left_out_asks_for_a_reason(judged: Cast, run_jobs: Run) -> None:
    assert post(judged, judged.client_lead, "window_leave_out", seen=0, business="on")[0] == 422
    sent = {"seen": 0, "business": "on", "reason": "Only companies are called."}
    assert post(judged, judged.client_lead, "window_leave_out", **sent)[0] == 302
    run_jobs()
    told = page(judged, judged.campaign_manager, "window_rules")
    assert "Only companies are called." in told and "everybody called is one" in told


def test_the_file_of_the_list_is_masked_for_the_client(judged: Cast) -> None:
    with as_person(judged, judged.campaign_manager):
        mask_agents(engagement=judged.engagement, by=judged.seat(judged.campaign_manager), masked=True)
        number = full_mask(judged.engagement).of(CallRecord.objects.filter(lead_ref="L-7").get().agent)
    for name, query in (("windows", ""), ("windows_csv", "?kind=violation")):
        told = page(judged, judged.client_lead, name, query=query)
        assert "Kai Moreau" not in told and str(number) in told
    rows = page(judged, judged.campaign_manager, "windows_csv").splitlines()
    assert len(rows) == 2
    assert "Kai Moreau" in rows[1] and "Violation" in rows[1] and "'+12125550101" in rows[1]
    assert "America/New_York 2026-03-12 21:30:00" in rows[1]


def test_no_cell_of_the_file_is_a_formula(cast: Cast, desk: Desk, run_jobs: Run) -> None:
    made = ["＝HYPERLINK(1)", " =1+1", "@SUM(1)", "L-7"]
    desk.bring_in(log(*(call(f"2026-03-12T21:3{n}:00", lead_id=lead) for n, lead in enumerate(made))))
    run_jobs()
    text = page(cast, cast.campaign_manager, "windows_csv").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {row["lead_id"] for row in rows} == {"'＝HYPERLINK(1)", "'=1+1", "'@SUM(1)", "L-7"}


def test_the_page_costs_the_same_with_many_calls(
    judged: Cast, desk: Desk, run_jobs: Run, django_assert_max_num_queries: Any
) -> None:
    desk.bring_in(log(*(call(f"2026-03-12T22:{n:02}:00", f"+121255501{n:02}") for n in range(50))))
    run_jobs()
    asker = browser(judged.client_lead)
    asker.get(url(judged, "windows"))
    with django_assert_max_num_queries(19):
        told = asker.get(url(judged, "windows")).content.decode()
    assert "51 of 52 calls were" in told and "Next rows" in told


def test_abandoned_calls_are_told_where_a_file_tells_them(judged: Cast) -> None:
    assert "At most 3%" in page(judged, judged.client_lead)


def test_no_file_no_rate_of_abandoned_calls(cast: Cast) -> None:
    assert "No data: no export that is in can tell an abandoned call." in page(cast, cast.client_lead)


def test_a_call_into_a_place_that_the_brief_excludes_is_told_apart(
    cast: Cast, desk: Desk, run_jobs: Run
) -> None:
    every_day = {"days": [0, 1, 2, 3, 4, 5, 6], "hours": [[540, 1200]]}
    with backstage():
        CampaignBrief.objects.create(
            engagement=cast.engagement, version=1, content_hash="b" * 64, created_by=cast.campaign_manager,
            terms={"calling_hours": {"rows": [{"region": "New York", "code": "US-NY", **every_day}]}},
            signed_at=datetime(2026, 3, 4, tzinfo=UTC),
        )  # fmt: skip
    desk.bring_in(
        log(call("2026-03-12T08:30:00", lead_id="L-1"), call("2026-03-12T12:00:00", lead_id="L-2"),
            call("2026-03-12T23:00:00", lead_id="L-3"), call("2026-03-12T12:30:00", lead_id="L-4"))
    )  # fmt: skip
    with backstage():
        CallRecord.objects.exclude(lead_ref="L-4").update(region="Indiana")
        CallRecord.objects.filter(lead_ref="L-4").update(region="NY")
    run_jobs()
    told = " ".join(page(cast, cast.client_lead).split())
    assert "1 of 4 calls was outside of the allowed hours.</strong>" in told, "23:00 is no hour anywhere"
    assert "3 calls went to Indiana, which the brief excludes." in told and "possibly outside" not in told
    apart = page(cast, cast.client_lead, query="?kind=place")
    assert all(f"lead L-{n}" in apart for n in (1, 2, 3)) and "lead L-4" not in apart
    assert apart.count("Excluded place</") >= 2 and "also outside of the hours" in apart
    assert apart.count("No calls (brief)") == 3
    by_day = told.partition('aria-label="By day and region"')[2]
    assert "Excluded</th>" in by_day and 'data-label="Excluded"' in by_day
    assert "kind=possible" not in by_day, "what the brief excludes is no possible violation on its day either"
    lines = list(
        csv.DictReader(io.StringIO(page(cast, cast.client_lead, "windows_csv", query="?kind=place")))
    )
    assert len(lines) == 3 and all("the brief agrees no calls into Indiana" in line["why"] for line in lines)
    assert "lead L-1" not in page(cast, cast.client_lead, query="?kind=possible")
    assert "1 violation and 2 calls into Indiana, which the brief excludes" in told
    manager = cast.campaign_manager
    assert post(cast, manager, "windows_answer", **{**ANSWER, "seen": 1})[0] == 422, "there are two more"
    assert post(cast, manager, "windows_answer", **{**ANSWER, "seen": 3})[0] == 302
    told = page(cast, cast.client_lead)
    assert "The operator has answered for each of them." in told and "for 3 calls" in told
