"""Take the README's pictures from a running demo: `.venv/bin/python docs/pictures.py http://127.0.0.1:8000`.

Needs Chromium and pdftoppm, which `bin/test` installs.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from workspace.demo.cast import DEMO_PASSWORD, MARA

HERE = Path(__file__).parent / "pictures"
RUNNING, FINISHED = "Spring windows", "Autumn roof check"


def main(address: str) -> None:
    """Log in as the campaign manager and take one picture per page of the list."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(base_url=address, viewport={"width": 1200, "height": 800}).new_page()
        page.goto("/account/login/")
        page.locator("input[name=login]").fill(MARA.email)
        page.locator("input[name=password]").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.goto("/portfolio/")
        take(page, "portfolio")
        running = open_engagement(page, RUNNING)
        take(page, "overview")
        page.goto(f"{running}kpis/")
        page.wait_for_selector(".vega-embed svg, .vega-embed canvas")
        page.set_viewport_size({"width": 1200, "height": 1150})
        take(page, "kpis")
        page.set_viewport_size({"width": 1200, "height": 800})
        finished = open_engagement(page, FINISHED)
        page.goto(f"{finished}gates/")
        page.get_by_role("link", name="Day 30:").first.click()
        page.wait_for_load_state()
        take(page, "gate")
        page.goto(f"{finished}deliverables/")
        link = (
            page.locator("section, div", has_text="Day-30 baseline")
            .get_by_role("link", name="Download")
            .nth(2)
        )
        take_first_page(page.request.get(f"{address}{link.get_attribute('href')}").body(), "report")
        browser.close()


def open_engagement(page: Page, name: str) -> str:
    page.goto("/portfolio/")
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()
    return page.url


def take(page: Page, name: str) -> None:
    page.screenshot(path=HERE / f"{name}.png")


def take_first_page(pdf: bytes, name: str) -> None:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        subprocess.run(
            [
                "pdftoppm",
                "-r",
                "72",
                "-png",
                "-f",
                "1",
                "-l",
                "1",
                "-singlefile",
                file.name,
                str(HERE / name),
            ],
            check=True,
        )


if __name__ == "__main__":
    main(sys.argv[1])
