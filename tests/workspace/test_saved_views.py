"""Views of the portfolio that a person keeps: filter and order under a name, for that person alone."""

from collections.abc import Iterator

import pytest
from django.test import Client

from accounts import services
from accounts.models import SavedView
from common.errors import Refused
from tests.factories import Cast
from tests.milestones.scene import as_person, on_day, planned

SAVE = "/portfolio/views/save/"


@pytest.fixture(autouse=True)
def _day_5() -> Iterator[None]:
    with on_day(5):
        yield


@pytest.fixture
def manager(cast: Cast, client: Client) -> Client:
    planned(cast)
    client.force_login(cast.campaign_manager)
    return client


def only(cast: Cast) -> SavedView:
    with as_person(cast, cast.campaign_manager):
        return SavedView.objects.get()


def test_a_view_is_kept_shown_renamed_opened_first_and_removed(cast: Cast, manager: Client) -> None:
    answer = manager.post(SAVE, {"name": "Ours", "query": "sort=gate&show=us&junk=1"}, follow=True)
    assert answer.redirect_chain == [("/portfolio/?show=us&sort=gate", 302)]
    assert (
        '<a href="/portfolio/?show=us&amp;sort=gate" aria-current="page">Ours</a>' in answer.content.decode()
    )
    at = f"/portfolio/views/{only(cast).public_id}"
    manager.post(f"{at}/rename/", {"name": "With us"})
    assert only(cast).name == "With us"
    assert manager.get("/portfolio/").status_code == 200
    manager.post(f"{at}/land/", {"lands": "on"})
    assert manager.get("/portfolio/")["Location"] == "/portfolio/?show=us&sort=gate"
    assert manager.get("/portfolio/?all").status_code == 200
    manager.post(f"{at}/land/", {"lands": "off"})
    assert manager.get("/portfolio/").status_code == 200
    manager.post(f"{at}/remove/")
    with as_person(cast, cast.campaign_manager):
        assert not SavedView.objects.exists()


def test_what_is_refused_keeps_what_was_typed(cast: Cast, manager: Client) -> None:
    answer = manager.post(SAVE, {"name": "", "query": "show=us"})
    assert answer.status_code == 422
    assert 'value="show=us"' in answer.content.decode()
    assert manager.post(SAVE, {"name": "All", "query": ""}).status_code == 422
    manager.post(SAVE, {"name": "One", "query": "show=us"})
    manager.post(SAVE, {"name": "Two", "query": "show=them"})
    with as_person(cast, cast.campaign_manager):
        one = SavedView.objects.get(name="One")
    answer = manager.post(f"/portfolio/views/{one.public_id}/rename/", {"name": "Two"})
    assert answer.status_code == 422
    assert "You have another view called “Two”." in answer.content.decode()


def test_the_same_name_keeps_the_newer_filter_and_there_is_an_end(cast: Cast) -> None:
    with as_person(cast, cast.campaign_manager):
        seat = cast.seat(cast.campaign_manager)
        for query in ("show=us", "show=them"):
            services.save_view(by=seat, page="portfolio", name="Mine", query=query)
        assert SavedView.objects.get().query == "show=them"
        for number in range(1, services.MOST_VIEWS):
            services.save_view(by=seat, page="portfolio", name=f"View {number}", query="show=us")
        with pytest.raises(Refused):
            services.save_view(by=seat, page="portfolio", name="One more", query="show=us")


def test_a_colleague_sees_no_view_of_mine(cast: Cast, manager: Client) -> None:
    manager.post(SAVE, {"name": "Ours", "query": "show=us"})
    at = f"/portfolio/views/{only(cast).public_id}"
    with as_person(cast, cast.operator_leader):
        assert not SavedView.objects.exists()
    colleague = Client()
    colleague.force_login(cast.operator_leader)
    assert "Ours" not in colleague.get("/portfolio/?show=us").content.decode()
    assert colleague.post(f"{at}/remove/").status_code == 404


def test_shortcuts_can_be_switched_off(cast: Cast, manager: Client) -> None:
    assert 'data-keys="on"' in manager.get("/keyboard/").content.decode()
    manager.post("/settings/shortcuts/", {"shortcuts": "off"})
    page = manager.get("/keyboard/").content.decode()
    assert "data-keys" not in page
    assert "keys.js" not in page
    manager.post("/settings/shortcuts/", {"shortcuts": "on"})
    assert "keys.js" in manager.get("/").content.decode()
