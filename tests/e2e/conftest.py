"""A real Chromium on a running Tollgate. A page that breaks our rules for the browser fails its test by itself."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, sync_playwright
from toolchain.paths import ROOT
from toolchain.setup import find_chromium

from .site import Site, running_site

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# A refused form answers 422 and a missing page 404; Chromium calls both an error, as it does the 5xx: ours.
EXPECTED_NOISE = "Failed to load resource: the server responded with a status of 4"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Every rule is asked; what passes is neither described node by node nor sent over.
ASK_AXE = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})
    .then(found => found.violations)"""
NOTE_VIOLATIONS = """
window.brokenPolicies = [];
document.addEventListener('securitypolicyviolation', event => window.brokenPolicies.push(
    `${event.effectiveDirective} kept out ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`));
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """Tollgate with the demo's data: `.url`, `.manage(...)`, `.log("worker")`, `.stop("worker")`, `.start(…)`."""
    suffix = "_".join(part for part in (os.environ.get("TEST_DB_SUFFIX", ""), worker_id) if part)
    with running_site(tmp_path_factory.mktemp("site"), suffix) as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Playwright's loop makes Django believe that later tests of this process are asynchronous; they are not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    path = find_chromium()
    assert path, "No Chromium here: install the package chromium, or name one in the variable CHROMIUM."
    running = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
    yield running
    running.close()


@dataclass
class Watch:
    """What a browser had to complain about, page by page."""

    complaints: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.add_init_script(NOTE_VIOLATIONS)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_NOISE):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test when Chromium saw a script error, a broken content policy or an answer of 500 and above."""
    watching = Watch()
    yield watching
    assert not watching.complaints, "Chromium complained:\n" + "\n".join(watching.complaints)


@pytest.fixture
def new_page(browser: Browser, site: Site, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Call it for a page of another person: each has cookies of its own. Takes what Browser.new_context takes."""
    contexts = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(base_url=site.url, locale="en-GB", **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield open_page
    for context in contexts:
        for page in context.pages:
            if page.url.startswith(site.url):
                watch.complaints += page.evaluate("window.brokenPolicies")
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page of one person."""
    return new_page()


def pass_the_door(page: Page, email: str, password: str) -> None:
    """Log in on a page whose session is over or never was."""
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/account/login/" not in url)


@pytest.fixture
def log_in(new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Call it with an e-mail address and a password for a page of the person who has just logged in."""

    def enter(email: str, password: str, **options: Any) -> Page:
        page = new_page(**options)
        pass_the_door(page, email, password)
        return page

    return enter


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Call it with a page for the accessibility faults on it, WCAG 2.2 AA, one line each; none is an empty list."""
    source = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()

    def faults(page: Page) -> list[str]:
        # Evaluated by the debugger, not loaded by the page: the content policy stays as strict as it is.
        page.evaluate(source)
        return [
            f"{fault['id']} ({fault['impact']}): {fault['help']} at {node['target']}: {node['failureSummary']}"
            for fault in page.evaluate(ASK_AXE, WCAG)
            for node in fault["nodes"]
        ]

    return faults
