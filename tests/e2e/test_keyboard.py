"""Whole ways through the program by keyboard alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from workspace.demo.cast import BEN, DEMO_PASSWORD, MARA, Person

from .hands import Hands


@pytest.fixture
def arrive(new_page: Callable[..., Page]) -> Callable[[Person], Hands]:
    """Call it with a person for the hands that have just logged them in."""

    def come(person: Person) -> Hands:
        page = new_page(reduced_motion="reduce")  # what has the focus scrolls into sight at once
        page.goto("/account/login/")
        hands = Hands(page)
        hands.write(re.compile("E-?mail", re.IGNORECASE), person.email)
        hands.reach("textbox", re.compile("Password"))
        page.keyboard.type(DEMO_PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/account/login/" not in url)
        return hands

    return come


def test_a_client_signs_the_brief(arrive: Callable[[Person], Hands]) -> None:
    hands = arrive(BEN)
    hands.follow(re.compile("^Sign ?: Campaign brief"), inside="main")
    expect(hands.page.get_by_role("heading", level=1)).to_contain_text("brief", ignore_case=True)
    hands.press(re.compile("^Sign"), inside="main")
    expect(hands.page.locator("main")).to_contain_text("In force")


def test_a_manager_finds_an_engagement_and_makes_its_report(arrive: Callable[[Person], Hands]) -> None:
    hands = arrive(MARA)
    page = hands.page
    hands.follow("Portfolio")
    hands.choose("State", "late or paused")
    hands.press("Apply", inside="main")
    hands.follow("Spring windows", inside="main")
    hands.follow("Deliverables")
    hands.press(re.compile("^Make Day-30"), inside="main")
    expect(page.get_by_role("link", name=re.compile("Download")).first).to_be_visible(timeout=90_000)
    hands.reach("link", re.compile("Download"), inside="main")


def test_the_track_is_one_stop_and_arrow_keys_go_from_date_to_date(arrive: Callable[[Person], Hands]) -> None:
    hands = arrive(MARA)
    page = hands.page
    hands.follow("Portfolio")
    hands.follow("Autumn roof check", inside="main")
    page.locator("main").focus()
    page.keyboard.press("Tab")
    stops = page.locator(".tg-track-head a[data-at]")
    while page.locator(":focus").evaluate("element => !element.dataset.at"):
        page.keyboard.press("Tab")
    page.keyboard.press("Home")
    expect(page.locator(".tg-track-tip")).to_contain_text("Kickoff session held")
    for _ in range(stops.count()):
        if page.locator(":focus").get_attribute("aria-label").startswith("Gate"):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Launch clearance")


def test_a_comment_and_its_withdrawal(arrive: Callable[[Person], Hands]) -> None:
    hands = arrive(MARA)
    hands.follow("Portfolio")
    hands.follow("Spring windows", inside="main")
    hands.follow("Plan")
    hands.write("Say something", "The installers' week is noted in the rota.")
    hands.press(re.compile("Comment, for both sides"))
    expect(hands.page.locator("main")).to_contain_text("The installers' week is noted in the rota.")
    expect(hands.page.locator(":focus")).to_have_text(
        re.compile("Comment, for both sides")
    )  # the place is kept
