"""Every page that a person can reach by links: it opens, fits the screen, has no accessibility fault."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Page, expect

from workspace.demo.cast import CLARA, DEMO_PASSWORD, MARA, Person

# Downloads and PDF files shown by the browser itself.
NO_PAGE = re.compile(r"/file/|/view/|/download/|/rejected|/calendar/$|\.(csv|pdf)$|/api/")
# Of pages of one kind (one route), so many are looked at.
OF_A_KIND = 2


def crawl(page: Page, look: Callable[[str, int, int], None]) -> int:
    """Follow every link of our own from the first page on; returns how many pages were looked at.

    `look` is told which of its kind a page is, and how many of that kind are known by then.
    """
    waiting, seen, kinds = [("/", "", 1)], {"/"}, {"": 1}
    while waiting:
        address, kind, number = waiting.pop(0)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address} answered {answer.status}"
        look(address, number, kinds[kind])
        for href in page.eval_on_selector_all(
            "a[href]", "links => links.map(link => link.getAttribute('href'))"
        ):
            parts = urlsplit(href)
            link = parts.path + (f"?{parts.query}" if parts.query else "")
            if parts.netloc or not link.startswith("/") or link in seen or NO_PAGE.search(parts.path):
                continue
            seen.add(link)
            kind = resolve(parts.path).route
            kinds[kind] = kinds.get(kind, 0) + 1
            if kinds[kind] <= OF_A_KIND:
                waiting.append((link, kind, kinds[kind]))
    return sum(min(number, OF_A_KIND) for number in kinds.values())


@pytest.mark.parametrize(
    ("person", "width", "colours", "asked"),
    [(MARA, 1280, "light", 1), (CLARA, 390, "dark", OF_A_KIND)],
    ids=["operator at a desk", "client on a phone"],
)
def test_every_page_fits_and_has_no_fault(
    log_in: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    person: Person,
    width: int,
    colours: str,
    asked: int,
) -> None:
    """Axe, which takes most of the time, looks at one page of a kind: the first at the desk, the last on the phone."""
    page = log_in(person.email, DEMO_PASSWORD, viewport={"width": width, "height": 860}, color_scheme=colours)
    faults: list[str] = []

    def look(address: str, number: int, known: int) -> None:
        if number == min(asked, known):
            faults.extend(f"{address}: {fault}" for fault in axe(page))
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if beyond > 0:
            faults.append(f"{address}: {beyond} px wider than the screen")
        if page.locator("h1").count() != 1:
            faults.append(f"{address}: {page.locator('h1').count()} first-level headings")

    looked_at = crawl(page, look)
    assert not faults, "\n".join(faults)
    assert looked_at > 25, "the pages should lead to one another"


def test_the_chosen_colours_stay(log_in: Callable[..., Page]) -> None:
    page = log_in(MARA.email, DEMO_PASSWORD, color_scheme="light")
    page.get_by_role("button", name="Dark colours").click()
    page.goto("/portfolio/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="Light colours")).to_be_visible()


def test_the_keyboard_reaches_the_content_first(log_in: Callable[..., Page]) -> None:
    page = log_in(MARA.email, DEMO_PASSWORD)
    page.goto("/portfolio/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
