"""Charts by keyboard: every value can be reached, is announced, and is the one of the table behind it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from workspace.demo.cast import DEMO_PASSWORD, MARA


def open_hours(log_in: Callable[..., Page]) -> Page:
    """The KPIs of "Spring windows", as Mara sees them."""
    page = log_in(MARA.email, DEMO_PASSWORD)
    page.goto("/portfolio/")
    page.locator("main").get_by_role("link", name="Spring windows").first.click()
    page.get_by_role("navigation", name="Pages of the engagement").get_by_role("link", name="KPIs").click()
    return page


def test_arrow_keys_tell_the_values_of_a_chart_and_escape_hides_them(log_in: Callable[..., Page]) -> None:
    page = open_hours(log_in)
    chart = page.locator("[data-chart=trend-chart-spec].tg-drawn")
    said = page.locator("figure", has=chart).locator("[data-chart-says]")
    chart.focus()
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text(re.compile(r"day \d+: [\d.]+% \(\d+ of \d+\) \(1 of \d+\)"))
    first = said.inner_text()
    page.keyboard.press("ArrowRight")
    expect(said).not_to_have_text(first)
    page.keyboard.press("Home")
    expect(said).to_have_text(first)
    figure = re.search(r"[\d.]+% \(\d+ of \d+\)", first)
    assert figure
    expect(page.locator("figure", has=chart).locator("td", has_text=figure[0]).first).to_be_attached()
    page.keyboard.press("Escape")
    expect(said).to_be_empty()
    expect(chart.locator(".tg-tip")).to_be_hidden()
    expect(chart).to_be_focused()


def test_the_place_of_a_chart_is_kept_before_it_is_drawn(log_in: Callable[..., Page]) -> None:
    page = open_hours(log_in)
    for chart in page.locator("[data-chart].tg-drawn").all():
        asked = chart.evaluate("e => JSON.parse(document.getElementById(e.dataset.chart).textContent).height")
        box = chart.bounding_box()
        assert box
        assert abs(box["height"] - asked) <= 2
