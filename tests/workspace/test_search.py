"""Search: what fits, in what a person may see, and nothing that a mask hides."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements.models import Agent, Engagement
from tests.factories import Cast
from tests.milestones.scene import as_person, on_day, planned
from tests.stage import backstage
from workspace.selectors.search import search


@pytest.fixture(autouse=True)
def _day_5() -> Iterator[None]:
    with on_day(5):
        yield


def found(cast: Cast, user: object, text: str) -> dict[str, list[str]]:
    with as_person(cast, user):
        return {group.label: [hit.title for hit in group.hits] for group in search(cast.seat(user), text)}


def test_things_are_found_by_their_words_and_the_campaigns(cast: Cast) -> None:
    planned(cast)
    campaign = cast.engagement.campaign
    assert found(cast, cast.campaign_manager, campaign)["Engagements"] == [campaign]
    assert found(cast, cast.campaign_manager, "kickoff held")["Milestones"] == ["Kickoff session held"]
    both = found(cast, cast.campaign_manager, f"KICKOFF {campaign}")
    assert both["Milestones"] == ["Kickoff session held"]
    assert "Milestones" not in found(cast, cast.campaign_manager, campaign), (
        "the campaign alone is no milestone"
    )
    assert found(cast, cast.campaign_manager, "clara")["People"] == ["Clara Lind"]
    assert found(cast, cast.campaign_manager, "campaign manager")["People"]
    assert found(cast, cast.client_lead, "clearance")["Gates"] == ["Launch clearance"]
    assert found(cast, cast.campaign_manager, "zebra") == {}
    assert found(cast, cast.campaign_manager, "100%") == {}, "a sign of the database's own is a letter here"


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.outsider):
        assert search(cast.seat(cast.outsider), "kickoff") == []
        assert search(cast.seat(cast.outsider), cast.engagement.campaign) == []


def test_behind_a_mask_an_agent_is_found_by_number_alone(cast: Cast) -> None:
    planned(cast)
    with backstage():
        Agent.objects.create(engagement=cast.engagement, name="quokka7", display_name="Quinn Okka")
    assert found(cast, cast.client_lead, "okka")["Agents"] == ["Quinn Okka"]
    with backstage():
        Engagement.objects.filter(pk=cast.engagement.pk).update(agents_masked_at="2026-03-01T00:00Z")
    assert found(cast, cast.client_lead, "okka") == {}
    assert found(cast, cast.client_lead, "agent")["Agents"] == ["Agent 1"]
    assert found(cast, cast.campaign_manager, "okka")["Agents"] == ["Quinn Okka"]


def test_the_number_of_questions_does_not_grow(cast: Cast) -> None:
    planned(cast)
    with (
        as_person(cast, cast.campaign_manager),
        CaptureQueriesContext(
            connection,
        ) as few,
    ):
        search(cast.seat(cast.campaign_manager), "zebra")
    with as_person(cast, cast.campaign_manager), CaptureQueriesContext(connection) as many:
        search(cast.seat(cast.campaign_manager), "e r")
    assert len(many) <= len(few) <= 13


def test_the_page_says_what_it_found_and_where(cast: Cast, client: Client) -> None:
    planned(cast)
    client.force_login(cast.campaign_manager)
    assert "as far as they are open to you" in client.get("/search/").content.decode()
    assert "at least two letters" in client.get("/search/?q=k").content.decode()
    assert "Nothing fits" in client.get("/search/?q=zebra").content.decode()
    page = client.get("/search/?q=kickoff")
    assert "Kickoff session held" in page.content.decode()
    assert "HX-Request" in page["Vary"]
    part = client.get("/search/?q=kickoff", headers={"HX-Request": "true"}).content.decode()
    assert "Kickoff session held" in part
    assert "<html" not in part
    assert client.get("/search/?q=" + "x" * 81).status_code == 422
