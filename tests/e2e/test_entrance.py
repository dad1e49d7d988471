"""The way in, as Chromium sees it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_stranger_is_asked_to_log_in_on_a_page_without_faults(
    page: Page, axe: Callable[[Page], list[str]]
) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert axe(page) == []


def test_a_wrong_password_says_so_and_keeps_the_address(page: Page) -> None:
    page.goto("/account/login/")
    page.locator("input[name=login]").fill("nobody@tollgate.example")
    page.locator("input[name=password]").fill("certainly not this one")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("input[name=login]")).to_have_value("nobody@tollgate.example")
