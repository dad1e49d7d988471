"""Take the README's pictures from a running demo: `.venv/bin/python docs/pictures.py http://127.0.0.1:8000`.

Needs Chromium and pdftoppm, which `bin/test` installs.
"""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from workspace.demo.cast import DEMO_PASSWORD, MARA, QUINN, Person

HERE = Path(__file__).parent / "pictures"
RUNNING, FINISHED = "Spring windows", "Autumn roof check"


# An export as VICIdial writes it, with a code that the demo's brief does not know.
EXPORT_COLUMNS = (
    "call_date", "phone_number_dialed", "status", "user", "full_name", "campaign_id", "vendor_lead_code", "source_id",
    "list_id", "gmt_offset_now", "phone_code", "phone_number", "state", "length_in_sec", "lead_id", "list_name",
)  # fmt: skip
EXPORT_CODES = ("A", "A", "NI", "A", "B", "A", "CALLBK", "A", "SALE", "NI", "A", "DNC", "XQ")


def main(address: str) -> None:
    """Take one picture per page of the list, as the campaign manager and the QA lead see it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = log_in(browser, address, MARA)
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
        shelf = page.locator("section", has=page.get_by_role("heading", name="Day-30 baseline"))
        link = shelf.get_by_role("link", name="Download").first
        take_first_page(page.request.get(f"{address}{link.get_attribute('href')}").body(), "report")
        for place, name in (("signals/", "control-chart"), ("signals/hours/", "heat-map")):
            page.goto(f"{finished}kpis/{place}")
            page.wait_for_selector(".vega-embed svg, .vega-embed canvas")
            page.set_viewport_size({"width": 1200, "height": 980})
            take(page, name)
        preview(page, running)
        listener = log_in(browser, address, QUINN)
        listener.goto(f"{finished}kpis/qa/")
        listener.get_by_role("link", name="Queue").click()
        listener.wait_for_load_state()
        take(listener, "qa-queue")
        browser.close()


def log_in(browser: Browser, address: str, person: Person) -> Page:
    page = browser.new_context(base_url=address, viewport={"width": 1200, "height": 800}).new_page()
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(person.email)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/account/login/" not in url)
    return page


def preview(page: Page, engagement: str) -> None:
    """Look ahead into an export before it is read, and take the upload back afterwards."""
    page.goto(f"{engagement}calls/")
    export = {"name": "vicidial-export.txt", "mimeType": "text/plain", "buffer": dialer_export()}
    page.locator("input[type=file]").set_input_files(export)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="What would come of it").wait_for()
    page.set_viewport_size({"width": 1200, "height": 1150})
    take(page, "import-preview")
    page.get_by_text("Remove this import").click()
    page.get_by_role("button", name="Remove").click()


def dialer_export() -> bytes:
    """A hundred and fifty calls of two days ago."""
    day = (datetime.now(UTC) - timedelta(days=2)).date()
    rows = [EXPORT_COLUMNS]
    for n in range(150):
        code, phone = EXPORT_CODES[n % len(EXPORT_CODES)], f"212555{100 + n % 100:04d}"
        rows.append(
            (f"{day} {9 + n // 15:02d}:{n % 15 * 4:02d}:00", phone, code, "ana.ruiz", "Ana Ruiz", "WINDOWS", "",
             "Web form", "101", "-5.00", "1", phone, "NY", str(12 + n), str(5000 + n), "November")
        )  # fmt: skip
    return "\r\n".join("\t".join(row) for row in rows).encode()


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
