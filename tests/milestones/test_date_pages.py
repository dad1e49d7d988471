"""The dates of a plan as a browser without JavaScript changes them."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from milestones import services
from milestones.models import DateProposal, Milestone, Slip
from tests.factories import Cast
from tests.milestones.scene import (
    CALENDAR,
    agree_date,
    as_person,
    finish_milestones,
    gate_of,
    locked,
    on_day,
    planned,
)
from tests.milestones.test_pages import at, browser, found
from tests.stage import backstage

DIALER = "plan/dates/milestone-dialer-built/"


@pytest.fixture(autouse=True)
def _day_5() -> Iterator[None]:
    with on_day(5):
        yield


def test_a_date_is_proposed_read_and_accepted(cast: Cast) -> None:
    locked(cast)
    operator, client = browser(cast.campaign_manager), browser(cast.client_lead)
    empty = operator.post(
        at(cast, f"{DIALER}propose/"), {"to_on": "soon", "reason": "A line is missing", "side": "client"}
    )
    assert empty.status_code == 422
    assert "Write a date such as" in empty.text
    assert "A line is missing" in empty.text
    early = operator.post(
        at(cast, f"{DIALER}propose/"),
        {"to_on": "2026-03-01", "reason": "A line is missing", "side": "client"},
    )
    assert (early.status_code, "must not lie in the past" in early.text) == (422, True)
    sent = operator.post(
        at(cast, f"{DIALER}propose/"),
        {"to_on": "2026-03-08", "reason": "A line is missing", "side": "client"},
        follow=True,
    )
    assert "Proposed: 1 day later. Next: the client accepts or declines it." in sent.text
    assert "Withdraw it" in sent.text
    assert "Waits for the client" in sent.text
    assert "Accept the new date" not in sent.text
    assert "New date of “Dialer built and tested”" in client.get("/").text
    page = client.get(at(cast, DIALER)).text
    assert "What moves with it" in page
    assert "All technical parts ready" in page
    assert (
        "Answer the new date that the operator proposes for “Dialer built and tested”."
        in client.get(at(cast, "plan/")).text
    )
    proposal = found(DateProposal)
    url = at(cast, f"plan/proposals/{proposal.public_id}/accept/")
    unread = client.post(url, {"seen": "of yesterday"})
    assert (unread.status_code, "What moves with it has changed" in unread.text) == (422, True)
    assert "All technical parts ready" in unread.text, "the list as it is now stands below the refusal"
    listed = re.search(r'name="seen" value="(\w{64})"', unread.text)
    assert listed
    done = client.post(url, {"seen": listed[1]}, follow=True)
    assert "What follows from it has moved too." in done.text
    assert "Clara Lind" in done.text
    twice = client.post(url, {"seen": listed[1]})
    assert (twice.status_code, "accepted already by Clara Lind" in twice.text) == (422, True)
    assert "A line is missing" in client.get(at(cast, "plan/")).text
    assert found(Slip).days == 1


def test_an_answer_without_a_reason_is_asked_for_it(cast: Cast) -> None:
    locked(cast)
    browser(cast.campaign_manager).post(
        at(cast, f"{DIALER}propose/"),
        {"to_on": "2026-03-08", "reason": "A line is missing", "side": "client"},
    )
    url, client = (
        at(cast, f"plan/proposals/{found(DateProposal).public_id}/decline/"),
        browser(cast.client_lead),
    )
    assert client.post(url, {"answer_reason": ""}).status_code == 422
    short = client.post(url, {"answer_reason": "Not now"})
    assert (short.status_code, "Not now" in short.text) == (422, True)
    done = client.post(url, {"answer_reason": "The lines are all there."}, follow=True)
    assert "Declined" in done.text
    assert "The lines are all there." in done.text


def test_a_launch_that_cannot_be_kept_moves_and_is_answered_afterwards(cast: Cast) -> None:
    locked(cast)
    operator, client = browser(cast.campaign_manager), browser(cast.client_lead)
    wish = {"launch": "2026-03-14", "reason": "CRM is late again", "side": "client"}
    assert "Move the launch date" not in operator.get(at(cast, "plan/")).text
    assert operator.post(at(cast, "plan/launch/"), wish).status_code == 422
    with on_day(10):
        operator, client = browser(cast.campaign_manager), browser(cast.client_lead)
        moved = operator.post(at(cast, "plan/launch/"), wish, follow=True)
        assert "The launch is moved 2 days later" in moved.text
        assert "launch +2 days" in moved.text
        assert "Moved date of “Launch”" in client.get("/").text
        page = client.get(at(cast, "plan/dates/launch/")).text
        assert "Agree with reason and side" in page
        url = at(cast, f"plan/proposals/{found(DateProposal).public_id}/decline/")
        assert (
            "Moved, contested"
            in client.post(url, {"answer_reason": "Access was there on day 3."}, follow=True).text
        )


def test_a_milestone_says_what_it_waits_for_and_is_opened_again(cast: Cast) -> None:
    planned(cast)
    operator = browser(cast.campaign_manager)
    item = found(Milestone, code="live-test")
    page = operator.get(at(cast, f"plan/{item.public_id}/")).text
    before = found(Milestone, code="stack-ready")
    assert "Waits for" in page
    assert f'href="{at(cast, f"plan/{before.public_id}/")}"' in page
    assert "waits for" in operator.get(at(cast, "plan/")).text
    # Links below one another are rows of a list, far enough apart for a thumb.
    assert re.search(r"Waits for</dt><dd><ul class=\"tg-links\"><li>", page)
    finish_milestones(cast, "day-10")
    assert "Open it again" in operator.get(at(cast, f"plan/{item.public_id}/")).text
    assert "Open it again" not in operator.get(at(cast, f"plan/{before.public_id}/")).text
    url = at(cast, f"plan/{item.public_id}/reopen/")
    assert operator.post(url, {"reopen_reason": " "}).status_code == 422
    assert browser(cast.client_lead).post(url, {"reopen_reason": "It was not tested."}).status_code == 422
    done = operator.post(url, {"reopen_reason": "One lead never reached a closer."}, follow=True)
    assert "is open again; its evidence stays." in done.text
    assert found(Milestone, code="live-test").done_on is None


def test_a_date_that_the_plan_does_not_have_is_not_found(cast: Cast) -> None:
    planned(cast)
    client = browser(cast.client_lead)
    for item in ("milestone-none", "check-crm-real-lead", "nonsense"):
        assert client.get(at(cast, f"plan/dates/{item}/")).status_code == 404
    assert "Its history" in client.get(at(cast, "plan/")).text
    assert "dates are changed without asking" in client.get(at(cast, "plan/dates/launch/")).text


def test_what_moved_with_an_item_stands_in_its_own_history(cast: Cast) -> None:
    locked(cast)
    agree_date(cast, "launch", CALENDAR.launch + timedelta(days=2))
    page = browser(cast.client_lead).get(at(cast, "plan/dates/gate-day-30/")).text
    assert "With “Launch”" in page
    assert "2 days later" in page
    with backstage():
        assert len(Slip.objects.get().moved) > 20


def test_what_waits_on_either_side_stands_side_by_side(cast: Cast) -> None:
    planned(cast)
    for path in ("plan/", ""):
        page = browser(cast.client_lead).get(at(cast, path)).text
        assert "Waits on the client:" in page
        assert "Waits on the operator:" in page


def test_the_date_of_a_paused_gate_says_who_paused_it(cast: Cast) -> None:
    locked(cast)
    with as_person(cast, cast.client_lead):
        gate = gate_of(cast, "day-30")
        services.hold_gate(
            gate=gate, by=cast.seat(cast.client_lead), reason="Our closers read it first.",
            until=CALENDAR.date_of(38),
        )  # fmt: skip
    page = browser(cast.campaign_manager).get(at(cast, "plan/dates/gate-day-30/")).text
    assert "The client has paused the gate until" in page
    assert "No other date has been agreed." in page
    assert "has not changed since it was planned" not in page
