"""Look at every kind of page of a running demo, in three widths and two themes, with axe on each.

    .venv/bin/python docs/every_page.py http://127.0.0.1:8000
    .venv/bin/python docs/every_page.py http://127.0.0.1:8000 --people clara --only kpis/
    .venv/bin/python docs/every_page.py http://127.0.0.1:8000 --people mara /portfolio/ /operators/

Follows the links of a campaign manager and a client lead, then adds the pages that only others reach. Writes to
var/pages: each look as a picture, a sheet with the six looks of a page side by side, index.html with all sheets.
Prints every fault: what axe finds (WCAG 2.2 AA), a page wider than the screen, a script error, a broken content
policy, a request to another host, another status than expected, not exactly one first heading. Ends with 1 then.
"""

import argparse
import html
import os
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import django
from browsing import ROOT, chromium, links, log_in, person, settle
from django.urls import Resolver404, resolve
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

HEIGHT = 860
PEOPLE = ("nobody", "mara", "clara", "nora", "helen", "quinn", "sam", "caleb", "lena")
# They see pages of one address differently, so both are shown all of them; the others add what only they reach.
SHOWN_ALL = ("mara", "clara")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
NOTE_VIOLATIONS = """
window.brokenPolicies = [];
document.addEventListener('securitypolicyviolation', event => window.brokenPolicies.push(
    `${event.effectiveDirective} kept out ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`));
"""
# Pages that no link of somebody logged in leads to, and what each answers.
FOR_ANYBODY = {"/account/login/": 200, "/account/password/reset/": 200, "/no-such-page/": 404}
# How an engagement stands shows best on these: they are looked at in each engagement.
IN_EACH = ("workspace:overview",)
# Half way through, with calls, findings and reports: its pages are the fullest, so they stand for their kinds.
FULLEST = "Spring windows"
# A number or an id in an address says which, not what.
WHICH = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
SHEET_SCALE, SHEET_HEIGHT, GAP = 0.5, 1000, 12


@dataclass(frozen=True)
class Stop:
    """One address to look at."""

    who: str
    address: str
    status: int = 200

    @property
    def slug(self) -> str:
        """For a file name: who, and the address without what is only an id."""
        kind = WHICH.sub("", self.address).lower()
        return f"{self.who}-{re.sub(r'[^a-z0-9]+', '-', kind).strip('-') or 'first'}"[:70]


@dataclass
class Watch:
    """What a browser complains about while it loads one page."""

    host: str
    heard: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.add_init_script(NOTE_VIOLATIONS)
        page.on("pageerror", lambda error: self.heard.append(f"script error: {error}"))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        # Chromium calls a 404 an error; the status of the page itself is compared with what it should be.
        if kind == "error" and not text.startswith(
            "Failed to load resource: the server responded with a status of 404"
        ):
            self.heard.append(f"console: {text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self.heard.append(f"asks another host: {url}")

    def taken(self) -> list[str]:
        heard, self.heard = self.heard, []
        return heard


type Kind = tuple[str, frozenset[str]]


def kind_of(address: str) -> Kind | None:
    """The route of an address and the names of what its query says; None for what is no address of ours."""
    parts = urlsplit(address)
    try:
        return resolve(parts.path).view_name, frozenset(key for key, _ in parse_qsl(parts.query))
    except Resolver404:
        return None


def discover(page: Page, who: str, known: dict[Kind, int], of_a_kind: int) -> list[Stop]:
    """Follow the links: each address of a kind that has not been met often enough, the fullest engagement's first."""
    page.goto("/portfolio/")
    fullest = page.get_by_role("link", name=FULLEST, exact=True)
    starts = [address for one in fullest.all()[:1] if (address := one.get_attribute("href"))]
    found, seen = ["/", *starts], {"/", *starts}
    for start in starts:
        _follow(page, start, [start], found, seen, known, of_a_kind)
    _follow(page, "", ["/"], found, seen, known, of_a_kind)
    return [Stop(who, address) for address in found]


def _follow(
    page: Page,
    under: str,
    waiting: list[str],
    found: list[str],
    seen: set[str],
    known: dict[Kind, int],
    of_a_kind: int,
) -> None:
    """Follow the links below one address from those that wait on; what is new joins what was found."""
    for address in waiting:
        page.goto(address)
        for link in links(page):
            kind = kind_of(link)
            if kind is None or link in seen or not link.startswith(under):
                continue
            seen.add(link)
            if known[kind] < of_a_kind or (kind[0] in IN_EACH and not kind[1]):
                known[kind] += 1
                waiting.append(link)
                found.append(link)


def look(page: Page, watch: Watch, stop: Stop, file: Path) -> list[str]:
    """Open a page, take its picture, and say what is wrong with it."""
    answer = page.goto(stop.address)
    faults = []
    if answer is None or answer.status != stop.status:
        faults.append(f"answered {answer and answer.status}, not {stop.status}")
    settle(page)
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG)
    faults += [
        f"{one['id']} ({one['impact']}) at {', '.join(map(str, node['target']))}: {one['help']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
    beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if beyond > 0:
        faults.append(f"{beyond} px wider than the screen")
    if (heads := page.locator("h1").count()) != 1:
        faults.append(f"{heads} first-level headings")
    faults += page.evaluate("window.brokenPolicies") + watch.taken()
    width = page.evaluate("window.innerWidth")
    # A screen as high as the page: what is fixed to an edge of the screen would stand in the middle of the picture.
    page.set_viewport_size(
        {"width": width, "height": max(HEIGHT, page.evaluate("document.documentElement.scrollHeight"))}
    )
    page.screenshot(path=file, full_page=True)
    page.set_viewport_size({"width": width, "height": HEIGHT})
    return faults


@dataclass(frozen=True)
class Eye:
    """One width and one theme of one person."""

    width: int
    theme: str
    page: Page
    watch: Watch


def eyes(browser: Browser, base: str, cookies: Any, widths: str, themes: str) -> list[Eye]:
    """A browser for each width and theme, all of one session."""
    opened = []
    for theme in themes.split(","):
        for width in map(int, widths.split(",")):
            context = browser.new_context(
                base_url=base, locale="en-GB", viewport={"width": width, "height": HEIGHT},
                color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce", storage_state=cookies,
            )  # fmt: skip
            page, watch = context.new_page(), Watch(urlsplit(base).netloc)
            watch.over(page)
            opened.append(Eye(width, theme, page, watch))
    return opened


def sheet(pictures: dict[tuple[str, int], Path], title: str, file: Path) -> None:
    """The looks of one page on one picture: a row for each theme, the widths side by side."""
    themes = list(dict.fromkeys(theme for theme, _ in pictures))
    widths = sorted({width for _, width in pictures}, reverse=True)
    across = sum(int(width * SHEET_SCALE) + GAP for width in widths) + GAP
    small = {key: _small(picture) for key, picture in pictures.items()}
    rows = [max(small[theme, width].height for width in widths) for theme in themes]
    whole = Image.new("RGB", (across, sum(rows) + GAP * (len(rows) + 1) + 24), "#888888")
    ImageDraw.Draw(whole).text((GAP, 8), title, fill="white", font=ImageFont.load_default(14))
    top = 24 + GAP
    for theme, row in zip(themes, rows, strict=True):
        left = GAP
        for width in widths:
            whole.paste(small[theme, width], (left, top))
            left += int(width * SHEET_SCALE) + GAP
        top += row + GAP
    whole.save(file)


def _small(picture: Path) -> Image.Image:
    with Image.open(picture) as whole:
        cut = whole.convert("RGB").crop(
            (0, 0, whole.width, min(whole.height, int(SHEET_HEIGHT / SHEET_SCALE)))
        )
    return cut.resize((int(cut.width * SHEET_SCALE), int(cut.height * SHEET_SCALE)), Image.Resampling.LANCZOS)


@dataclass(frozen=True)
class Looked:
    """One address that was looked at, under a name for its files."""

    stop: Stop
    name: str
    faults: list[str]


def see(stop: Stop, name: str, opened: list[Eye], folder: Path) -> Looked:
    """Look at one address with every eye, write its sheet, and say how it went."""
    faults, pictures = [], {}
    for eye in opened:
        file = folder / f"{name}--{eye.width}-{eye.theme}.png"
        try:
            said = look(eye.page, eye.watch, stop, file)
        except PlaywrightError as error:
            said = [f"could not be looked at: {str(error).splitlines()[0]}", *eye.watch.taken()]
        else:
            pictures[eye.theme, eye.width] = file
        faults += [f"{eye.width} {eye.theme}: {one}" for one in said]
    if len(pictures) == len(opened):
        sheet(pictures, f"{stop.who}  {stop.address}", folder / f"sheet-{name}.png")
    print(
        f"{'FAULT' if faults else 'ok   '} {name}  {stop.address}",
        *(f"        {one}" for one in faults),
        sep="\n",
    )
    sys.stdout.flush()
    return Looked(stop, name, faults)


def write_index(folder: Path, looked: list[Looked]) -> None:
    """A page with every sheet, those with faults first."""
    parts = []
    for one in sorted(looked, key=lambda each: not each.faults):
        said = "".join(f"<li>{html.escape(fault)}</li>" for fault in one.faults)
        files = [file.name for file in sorted(folder.glob(f"{one.name}--*.png"))]
        looks = " · ".join(f'<a href="{file}">{file.split("--")[1][:-4]}</a>' for file in files)
        parts.append(
            f"<h2>{one.name}</h2><p>{html.escape(one.stop.address)} · {looks}</p><ul>{said}</ul>"
            f'<img src="sheet-{one.name}.png" loading="lazy" alt="">'
        )
    (folder / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>Every page</title>"
        "<style>body{font:16px system-ui;margin:2rem}img{max-width:100%}li{color:#b00}</style>"
        f"<h1>{len(looked)} pages, {sum(bool(one.faults) for one in looked)} with faults</h1>{''.join(parts)}"
    )


def stops(
    browser: Browser, who: str, chosen: argparse.Namespace, known: dict[Kind, int]
) -> tuple[Any, list[Stop]]:
    """What this person is to be shown, named or found by their links, with the cookies of their session."""
    named = [Stop(who, address) for address in chosen.pages]
    if who == "nobody":
        return None, named or [Stop(who, address, status) for address, status in FOR_ANYBODY.items()]
    context = browser.new_context(base_url=chosen.address, viewport={"width": 1280, "height": HEIGHT})
    page = log_in(context, person(who))
    found = named or discover(page, who, known, chosen.of_a_kind)
    cookies = context.storage_state()
    context.close()
    return cookies, found


def options() -> argparse.ArgumentParser:
    """What the script takes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", help="of the running demo, such as http://127.0.0.1:8000")
    parser.add_argument(
        "pages", nargs="*", help="look at these alone, such as /portfolio/; else every kind is found"
    )
    parser.add_argument(
        "--people", default=",".join(PEOPLE), help="whose pages, by first name (all: %(default)s)"
    )
    parser.add_argument("--only", default="", help="only addresses in which this regular expression is found")
    parser.add_argument("--of-a-kind", type=int, default=1, help="how many pages of one route (%(default)s)")
    parser.add_argument("--widths", default="390,768,1280", help="in CSS pixels (%(default)s)")
    parser.add_argument("--themes", default="light,dark", help="%(default)s")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "pages", help="where the pictures go")
    return parser


def main() -> int:
    """Look, write, and return how many pages have faults, at most 1."""
    chosen = options().parse_intermixed_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for old in chosen.folder.glob("*.png"):
        old.unlink()
    django.setup()
    looked: list[Looked] = []
    known: dict[Kind, int] = defaultdict(int)
    with chromium() as browser:
        for who in chosen.people.split(","):
            if who in SHOWN_ALL:
                known = defaultdict(int)
            cookies, found = stops(browser, who, chosen, known)
            opened = eyes(browser, chosen.address, cookies, chosen.widths, chosen.themes)
            for stop in found:
                if re.search(chosen.only, stop.address):
                    looked.append(see(stop, f"{len(looked) + 1:03}-{stop.slug}", opened, chosen.folder))
            for eye in opened:
                eye.page.context.close()
    write_index(chosen.folder, looked)
    faulty = sum(bool(one.faults) for one in looked)
    print(f"{len(looked)} pages, {faulty} with faults: {chosen.folder / 'index.html'}")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
