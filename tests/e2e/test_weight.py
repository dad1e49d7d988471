"""What a page weighs when nothing of it is in the browser's cache, how its files are sent, and that nothing jumps."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response

from workspace.demo.cast import DEMO_PASSWORD, MARA

MOST = 200_000
MOST_WITH_CHARTS = 500_000
# Google's "good"; measured while fonts and parts come in as slowly as over a telephone.
MOST_MOVED = 0.1
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
SLOWLY = {"offline": False, "latency": 60, "downloadThroughput": 400_000, "uploadThroughput": 400_000}
NOTE_MOVES = """
window.moved = 0;
new PerformanceObserver(list => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;
}).observe({type: 'layout-shift', buffered: true});
"""
SIZES = """performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
    .map(entry => [entry.name, entry.encodedBodySize])"""
CHARTS = ("kpis/", "kpis/signals/", "kpis/signals/hours/", "kpis/signals/moved/")


@pytest.fixture
def cold(log_in: Callable[..., Page]) -> Page:
    """A page of the operator's campaign manager, whose browser keeps nothing and is not quick."""
    page = log_in(MARA.email, DEMO_PASSWORD, viewport={"width": 1280, "height": 860})
    page.add_init_script(NOTE_MOVES)
    talk = page.context.new_cdp_session(page)
    talk.send("Network.enable")
    talk.send("Network.setCacheDisabled", {"cacheDisabled": True})
    talk.send("Network.emulateNetworkConditions", SLOWLY)
    return page


def test_pages_are_light_and_nothing_on_them_jumps(cold: Page) -> None:
    cold.goto("/portfolio/")
    engagement = cold.get_by_role("link", name="Spring windows").first.get_attribute("href")
    within = (
        "",
        "plan/",
        "brief/",
        "brief/edit/",
        "setup/",
        "reviews/",
        "gates/",
        "deliverables/",
        "team/",
        "trail/",
    )
    faults = []
    for path in ("/", "/portfolio/", "/operators/", *(f"{engagement}{part}" for part in (*within, *CHARTS))):
        cold.goto(path, wait_until="networkidle")
        sizes = cold.evaluate(SIZES)
        weight = sum(size for _, size in sizes)
        most = MOST_WITH_CHARTS if path.removeprefix(str(engagement)) in CHARTS else MOST
        if not 20_000 < weight <= most:
            faults.append(
                f"{path} weighs {weight:,} bytes, of which {sorted(sizes, key=lambda one: -one[1])[:4]}"
            )
        moved = cold.evaluate("window.moved")
        if moved >= MOST_MOVED:
            faults.append(f"{path} moves by {moved:.3f}")
    assert not faults, "\n".join(faults)


def test_files_are_hashed_compressed_and_kept_for_long_and_pages_never(cold: Page) -> None:
    answers: list[Response] = []
    cold.on("response", lambda answer: answers.append(answer))
    cold.goto("/portfolio/", wait_until="networkidle")
    files = [answer for answer in answers if "/static/" in answer.url]
    assert len(files) > 8
    for answer in files:
        headers = answer.all_headers()
        assert HASHED.search(answer.url), answer.url
        assert "immutable" in headers["cache-control"], answer.url
        # A font is compressed already, and the smallest files gain nothing.
        if answer.url.endswith((".css", ".js")) and int(headers["content-length"]) > 500:
            assert headers["content-encoding"] in ("br", "gzip"), answer.url
    [page] = [answer.all_headers() for answer in answers if answer.url.endswith("/portfolio/")]
    assert page["content-encoding"] == "gzip"
    assert page["cache-control"] == "private, no-store"
