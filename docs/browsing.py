"""What the scripts that take pictures share: a Chromium, a person logged in, an engagement opened by its name."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

from toolchain.setup import find_chromium  # noqa: E402  (the path above leads there)

from workspace.demo.cast import DEMO_PASSWORD, PEOPLE, Person  # noqa: E402

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
# Answers that are no page: downloads, and PDF files that the browser itself shows.
NO_PAGE = re.compile(
    r"/file/|/view/|/download/|/rejected|/calendar/$|\.(csv|pdf|json|ics|zip)$|^/api/|^/static/"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    path = find_chromium()
    if path is None:
        sys.exit("No Chromium here: install the package chromium, or name one in the variable CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def person(name: str) -> Person:
    """Whoever of the demo's people has this first name or address."""
    for one in PEOPLE:
        if name.lower() in (one.email, one.email.split("@")[0]):
            return one
    sys.exit(f"Nobody in the demo is called {name}: {', '.join(one.email.split('@')[0] for one in PEOPLE)}")


def log_in(context: BrowserContext, who: Person) -> Page:
    """A page of this person, who has just logged in."""
    page = context.new_page()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(who.email)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/account/login/" not in url)
    return page


def open_engagement(page: Page, name: str) -> str:
    """Open this engagement from the portfolio; returns the address of its overview, with a slash at the end."""
    page.goto("/portfolio/")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()
    return page.url.split("?")[0].split("#")[0]


def settle(page: Page) -> None:
    """Wait until what the page fetches is there and its charts are drawn."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    if page.locator("[data-chart]").count():
        page.wait_for_function(
            "[...document.querySelectorAll('[data-chart]')].every(one => one.querySelector('svg, canvas'))",
            timeout=15_000,
        )


def links(page: Page) -> list[str]:
    """The page's links to other pages of ours, as paths, each once."""
    found: dict[str, None] = {}
    hrefs: list[Any] = page.eval_on_selector_all(
        "a[href]", "all => all.map(link => link.getAttribute('href'))"
    )
    for href in hrefs:
        parts = urlsplit(href)
        if parts.netloc or not parts.path.startswith("/") or NO_PAGE.search(parts.path):
            continue
        found[parts.path + (f"?{parts.query}" if parts.query else "")] = None
    return list(found)
