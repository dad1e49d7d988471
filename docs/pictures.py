"""Take the pictures of the README and of the guides from a running demo.

    .venv/bin/python docs/pictures.py http://127.0.0.1:8000 [NAME …]

All of them, or those named. 1200 px wide, light; a few as on a phone. Each becomes a PNG of at most 256 colours in
docs/pictures. Needs Chromium and pdftoppm, which `bin/test` installs.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from browsing import chromium, log_in, open_engagement, person, settle
from PIL import Image
from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent / "pictures"
RUNNING, FINISHED, IN_SETUP = "Spring windows", "Autumn roof check", "Alarm upgrades"
DESK, PHONE = (1200, 800), (390, 844)
COLOURS = 256

# An export as VICIdial writes it, with a code that the demo's brief does not know.
EXPORT_COLUMNS = (
    "call_date", "phone_number_dialed", "status", "user", "full_name", "campaign_id", "vendor_lead_code", "source_id",
    "list_id", "gmt_offset_now", "phone_code", "phone_number", "state", "length_in_sec", "lead_id", "list_name",
)  # fmt: skip
EXPORT_CODES = ("A", "A", "NI", "A", "B", "A", "CALLBK", "A", "SALE", "NI", "A", "DNC", "XQ")


@dataclass
class Studio:
    """The demo, with a browser for each person and screen."""

    browser: Browser
    address: str
    pages: dict[tuple[str, tuple[int, int]], Page] = field(default_factory=dict)
    engagements: dict[tuple[str, str], str] = field(default_factory=dict)

    def page(self, who: str, screen: tuple[int, int] = DESK) -> Page:
        """A page of this person, logged in once for each screen."""
        if (who, screen) not in self.pages:
            context = self.browser.new_context(
                base_url=self.address, locale="en-GB", color_scheme="light", reduced_motion="reduce",
                viewport={"width": screen[0], "height": screen[1]}, device_scale_factor=1 if screen == DESK else 2,
            )  # fmt: skip
            self.pages[who, screen] = log_in(context, person(who))
        return self.pages[who, screen]

    def inside(self, who: str, engagement: str, place: str = "", screen: tuple[int, int] = DESK) -> Page:
        """A page below an engagement, opened from the portfolio as a person would."""
        page = self.page(who, screen)
        if (who, engagement) not in self.engagements:
            self.engagements[who, engagement] = open_engagement(page, engagement)
        page.set_viewport_size({"width": screen[0], "height": screen[1]})
        page.goto(self.engagements[who, engagement] + place)
        settle(page)
        return page


Shot = Callable[[Studio], bytes]


def of(who: str, address: str, *, height: int = 800, screen: tuple[int, int] = DESK) -> Shot:
    """A page outside of engagements."""

    def shoot(studio: Studio) -> bytes:
        page = studio.page(who, screen)
        page.goto(address)
        settle(page)
        return shown(page, height)

    return shoot


def inside(
    who: str,
    place: str,
    *,
    engagement: str = RUNNING,
    height: int = 800,
    screen: tuple[int, int] = DESK,
    then: str = "",
) -> Shot:
    """A page below an engagement; `then` is a link to follow from there."""

    def shoot(studio: Studio) -> bytes:
        page = studio.inside(who, engagement, place, screen)
        if then:
            page.get_by_role("main").get_by_role("link", name=then).first.click()
            settle(page)
        return shown(page, height)

    return shoot


def shown(page: Page, height: int) -> bytes:
    """The picture of a page, cut to this height."""
    width = page.evaluate("window.innerWidth")
    page.set_viewport_size({"width": width, "height": height})
    settle(page)
    page.mouse.move(0, 0)
    return page.screenshot()


def report(studio: Studio) -> bytes:
    """The first page of a report, as it is downloaded."""
    page = studio.inside("mara", FINISHED, "deliverables/")
    shelf = page.locator("section", has=page.get_by_role("heading", name="Day-30 baseline"))
    link = shelf.get_by_role("link", name="Download").first.get_attribute("href")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(page.request.get(f"{studio.address}{link}").body())
        file.flush()
        command = ["pdftoppm", "-r", "90", "-png", "-f", "1", "-l", "1", "-singlefile", file.name]
        return subprocess.run(command, check=True, capture_output=True).stdout


def import_preview(studio: Studio) -> bytes:
    """Look ahead into an export before it is read, and take the upload back afterwards."""
    page = studio.inside("mara", RUNNING, "calls/")
    export: Any = {"name": "vicidial-export.txt", "mimeType": "text/plain", "buffer": dialer_export()}
    page.locator("input[type=file]").set_input_files(export)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="What would come of it").wait_for()
    taken = shown(page, 1150)
    page.get_by_text("Remove this import").click()
    page.get_by_role("button", name="Remove").click()
    return taken


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


def closer_door(studio: Studio) -> bytes:
    """What a closer without an account sees: a link is made for it and withdrawn afterwards."""
    page = studio.inside("caleb", RUNNING, "kpis/outcomes/")
    page.get_by_text("Make a link", exact=True).click()
    form = page.locator("form", has=page.get_by_role("button", name="Make the link"))
    form.locator("input[name=name]").fill("Dana Whitfield")
    form.get_by_role("button", name="Make the link").click()
    link = page.locator("input[readonly]").first.input_value()
    context = studio.browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, device_scale_factor=2, color_scheme="light"
    )
    door = context.new_page()
    door.goto(link)
    settle(door)
    taken = shown(door, PHONE[1])
    context.close()
    page.get_by_role("button", name="Withdraw the link of Dana Whitfield").last.click()
    return taken


SHOTS: Mapping[str, Shot] = {
    # of the README, and of the guides
    "portfolio": of("lena", "/portfolio/"),
    "overview": inside("mara", ""),
    "kpis": inside("mara", "kpis/", height=1150),
    "gate": inside("mara", "gates/", engagement=FINISHED, then="Day 30:"),
    "report": report,
    "control-chart": inside("mara", "kpis/signals/", engagement=FINISHED, height=980),
    "heat-map": inside("mara", "kpis/signals/hours/", engagement=FINISHED, height=980),
    "import-preview": import_preview,
    "qa-queue": inside("quinn", "kpis/qa/", engagement=FINISHED, then="Queue"),
    # of the guides alone
    "my-work": of("mara", "/"),
    "my-work-phone": of("clara", "/", screen=PHONE, height=844),
    "portfolio-phone": of("lena", "/portfolio/", screen=PHONE, height=844),
    "new-engagement": of("mara", "/engagements/new/", height=1000),
    "plan": inside("mara", "plan/", height=1000),
    "brief": inside("clara", "brief/", height=1000),
    "setup": inside("owen", "setup/", engagement=IN_SETUP, height=1000),
    "gate-open": inside("helen", "gates/", engagement=IN_SETUP, then="Day 10:", height=1000),
    "agents": inside("sam", "setup/agents/"),
    "outcomes": inside("caleb", "kpis/outcomes/", height=1000),
    "closer-door": closer_door,
    "operators": of("lena", "/operators/"),
    "members": of("mara", "/settings/members/"),
    "brand": of("mara", "/settings/brand/"),
}


def keep(name: str, png: bytes) -> int:
    """Write a picture with as few bytes as look the same; returns how many."""
    with Image.open(BytesIO(png)) as whole:
        flat = whole.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    file = HERE / f"{name}.png"
    flat.save(file, optimize=True)
    return file.stat().st_size


def main(address: str, *names: str) -> int:
    """Take the pictures named, or all; returns 1 when one could not be taken."""
    unknown = set(names) - set(SHOTS)
    if unknown:
        sys.exit(f"No such picture: {', '.join(sorted(unknown))}. There are: {', '.join(SHOTS)}")
    failed = []
    with chromium() as browser:
        studio = Studio(browser, address.rstrip("/"))
        for name in names or SHOTS:
            try:
                print(f"{name}: {keep(name, SHOTS[name](studio)) // 1024} kB", flush=True)
            except Exception as error:  # noqa: BLE001  (the others can still be taken)
                failed.append(name)
                print(f"{name}: {str(error).splitlines()[0]}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
