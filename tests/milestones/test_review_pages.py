"""Reviews in the browser, without JavaScript: prepared, held, corrected, and their actions ended."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from milestones.models import ActionItem, Minutes, Review
from tests.factories import Cast
from tests.milestones.reviewing import hold, launched
from tests.milestones.scene import CALENDAR, on_day
from tests.milestones.test_pages import at, browser, found
from tests.stage import backstage

DAY_14 = CALENDAR.date_of(14)
LATER = DAY_14 + timedelta(days=3)


@pytest.fixture(autouse=True)
def _launched(cast: Cast) -> Iterator[None]:
    with on_day(9):
        launched(cast)
    with on_day(14):
        yield


def path(cast: Cast, verb: str = "", code: str = "day-14") -> str:
    review = found(Review, engagement=cast.engagement, code=code)
    return at(cast, f"reviews/{review.public_id}/{verb}{'/' if verb else ''}")


def test_the_next_review_stands_on_top_with_its_agenda(cast: Cast) -> None:
    page = browser(cast.client_lead).get(at(cast, "reviews/")).text
    assert "Next: Day-14 review" in page
    assert "Agents against the average" in page
    assert "No calls are imported" in page
    assert "Weekly review, week 1 after launch" in page


def test_a_review_is_held_from_date_to_closed_minutes(cast: Cast) -> None:
    client = browser(cast.campaign_manager)
    page = client.get(path(cast)).text
    assert "Set its date and time" in page
    when = {"on": str(DAY_14), "starts": "15:00", "length": "60", "place": "Room 4"}
    assert "is invited by mail" in client.post(path(cast, "schedule"), when, follow=True).text
    ics = client.get(path(cast, "calendar"))
    assert (ics.status_code, b"DTSTART:20260315T190000Z" in ics.content) == (200, True)
    assert (
        "The point is on the agenda"
        in client.post(path(cast, "point"), {"text": "Why so few?"}, follow=True).text
    )
    chairs = {
        "chair_campaign_manager": "Mara Voss", "chair_supervisor": "Sam Okafor", "chair_qa_lead": "Sam Okafor",
        "chair_client_lead": "Clara Lind",
    }  # fmt: skip
    minutes = {"text": "What was said.", "also_there": "", "seen": "0", **chairs}
    assert "saved as a draft" in client.post(path(cast, "minutes"), minutes, follow=True).text
    client.post(path(cast, "decision"), {"text": "The list stays."}, follow=True)
    owner = cast.engagement.participants
    with backstage():
        supervisor = owner.get(role="supervisor").public_id
    vague = client.post(
        path(cast, "action"), {"text": "Look into it", "owner": str(supervisor), "due_on": str(LATER)}
    )
    assert (vague.status_code, "is no action" in vague.text, "Look into it" in vague.text) == (
        422,
        True,
        True,
    )
    client.post(
        path(cast, "action"),
        {"text": "Move the calls to the evening.", "owner": str(supervisor), "due_on": str(LATER)},
    )
    page = client.get(path(cast)).text
    seen = re.search(r'name="seen" value="(\w{64})"', page)
    assert seen
    refused = client.post(path(cast, "close"), {"held_on": str(DAY_14), "seen": seen[1]})
    assert (refused.status_code, "Sam Okafor cannot stand in" in refused.text) == (422, True)
    client.post(path(cast, "minutes"), {**minutes, "chair_qa_lead": "Quinn Adler", "seen": "1"})
    seen = re.search(r'name="seen" value="(\w{64})"', client.get(path(cast)).text)
    assert seen
    done = client.post(path(cast, "close"), {"held_on": str(DAY_14), "seen": seen[1]}, follow=True).text
    assert "its minutes are closed" in done
    assert "The list stays." in done
    assert "Why so few?" in browser(cast.closer_lead).get(path(cast)).text


def test_a_later_date_of_an_agreed_review_leads_to_the_proposal(cast: Cast) -> None:
    when = {"on": str(LATER), "starts": "15:00", "length": "60", "place": "", "reason": "Clara is away."}
    refused = browser(cast.campaign_manager).post(path(cast, "schedule"), when)
    assert (refused.status_code, "propose a later date" in refused.text) == (422, True)
    assert f'href="{at(cast, "plan/dates/milestone-review-day-14/")}"' in refused.text
    free = browser(cast.campaign_manager).get(path(cast, code="week-1")).text
    assert "propose it to the other side" not in free


def test_an_action_is_done_with_a_word_of_proof(cast: Cast) -> None:
    hold(cast, "day-14", DAY_14, ("Move the calls to the evening.", LATER))
    action = found(ActionItem, engagement=cast.engagement)
    client = browser(cast.supervisor)
    url = at(cast, f"actions/{action.public_id}/done/")
    empty = client.post(url, {"said": ""})
    assert (empty.status_code, "what proves it" in empty.text) == (422, True)
    assert "is done" in client.post(url, {"said": "Seen in the plan."}, follow=True).text
    assert browser(cast.closer_lead).post(url, {"said": "Me too."}).status_code == 422


def test_a_draft_saved_over_keeps_what_was_typed(cast: Cast) -> None:
    client = browser(cast.campaign_manager)
    form = {"text": "Mine, long and dear.", "also_there": "", "seen": "0"}
    client.post(path(cast, "minutes"), form)
    stale = client.post(path(cast, "minutes"), {**form, "text": "Theirs, just as dear."})
    assert (stale.status_code, "Theirs, just as dear." in stale.text) == (422, True)
    assert found(Minutes, engagement=cast.engagement).text == "Mine, long and dear."


def test_the_day_14_review_leads_to_what_the_launch_is_watched_by(cast: Cast) -> None:
    page = browser(cast.client_lead).get(path(cast)).text
    for name in ("qa", "transfers", "windows", "breaches", "response"):
        assert f'href="{at(cast, "kpis/")}{"signals/" if name == "response" else ""}{name}/"' in page
    assert "No calls of days 11–14 are checked against their windows yet." in page
    assert "No call of an agent who was not cleared is in." in page


def test_a_review_without_a_time_has_no_calendar_file(cast: Cast) -> None:
    assert browser(cast.client_lead).get(path(cast, "calendar", "day-30")).status_code == 404


def test_only_leads_write_minutes_and_everybody_adds_points(cast: Cast) -> None:
    client = browser(cast.qa_lead)
    assert client.post(path(cast, "minutes"), {"text": "x", "seen": "0"}).status_code == 403
    assert client.post(path(cast, "point"), {"text": "A point of mine"}).status_code == 302


@pytest.mark.parametrize(("which", "most"), [("list", 10), ("one", 20)])
def test_pages_of_reviews_need_few_queries(
    cast: Cast, which: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    hold(cast, "day-14", DAY_14, *((f"Move call {n} to the evening.", LATER) for n in range(5)))
    client = browser(cast.campaign_manager)
    url = at(cast, "reviews/") if which == "list" else path(cast, code="week-1")
    client.get(url)
    with django_assert_max_num_queries(most):
        assert client.get(url).status_code == 200
