"""The stage of the ninety days: a running Tollgate whose clock moves, and people who come to it with a browser."""

import io
import quopri
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from common.days import SETUP_DAYS, Calendar
from tests.e2e.conftest import pass_the_door
from tests.e2e.site import Site

expect.set_options(timeout=20_000)  # a busy machine is not a broken page

ZONE = "America/New_York"
KICKOFF = date(2026, 3, 2)
CALENDAR = Calendar.contracted(KICKOFF)
PASSWORD = "nine-doors-and-a-gate"
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NUMBER = re.compile(r"/\d+/")


def on_day(day: int, hour: int = 9) -> datetime:
    """A moment of a day of the engagement, in its own zone."""
    return datetime.combine(CALENDAR.date_of(day), time(hour), ZoneInfo(ZONE)).astimezone(UTC)


def date_on(day: int) -> str:
    """The date of a day as a date field takes it."""
    return CALENDAR.date_of(day).isoformat()


def words(pdf: bytes) -> str:
    """The text of a PDF with its white space evened out."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@dataclass
class Stage:
    """What everybody shares: the site, the address of the engagement, and which pages have been looked at."""

    site: Site
    enter: Callable[..., Page]
    new_page: Callable[..., Page]
    axe: Callable[[Page], list[str]]
    folder: Path
    engagement: str = ""
    faults: list[str] = field(default_factory=list)  # against WCAG; told together at the end
    _seen: set[str] = field(default_factory=set)

    def on(self, day: int, hour: int = 9) -> None:
        """Let it be this day."""
        self.site.move_clock(on_day(day, hour))

    def look(self, page: Page) -> None:
        """Hold the page against WCAG; once for each kind of page, and once more where it refuses something."""
        address = NUMBER.sub("/…/", IDENTIFIER.sub("…", page.url)).partition("#")[0]
        kind = f"{address} {page.locator('.tg-reasons').count()}"
        if kind not in self._seen:
            self._seen.add(kind)
            self.faults += [f"{page.url}: {fault}" for fault in self.axe(page)[:3]]

    def mail(self, wanted: str, to: str = "") -> str:
        """The newest link of this kind in the mails that were sent to the console, to one person or to anybody."""
        logs = "".join(self.site.log(name) for name in ("web", "worker"))
        mails = quopri.decodestring(logs.encode()).decode(errors="replace").split("\nFrom: ")
        found = [
            link for mail in mails if to in mail for link in re.findall(rf"https?://\S*{wanted}\S*", mail)
        ]
        assert found, f"No mail to {to or 'anybody'} with a link to {wanted}."
        return found[-1]


@dataclass
class Person:
    """Somebody with a browser of their own. Every page that they come by is looked at."""

    stage: Stage
    name: str
    email: str
    role: str
    page: Page = None  # type: ignore[assignment]  # nobody is there before they come

    def come(self) -> "Person":
        """Log in anew: a session does not live through weeks. The browser keeps its cache, as people's do."""
        if self.page is None:
            self.page = self.stage.enter(self.email, PASSWORD)
        else:
            self.page.context.clear_cookies()
            pass_the_door(self.page, self.email, PASSWORD)
        self.look()
        return self

    def join(self) -> None:
        """Take the invitation that came by mail, with a password of one's own."""
        self.page = self.stage.new_page()
        self.page.goto(self.stage.mail("/invitation/", self.email))
        self.look()
        self.set_password("Make the account and join")

    def set_password(self, button: str) -> None:
        for name in ("password", "password1", "password2"):
            if self.page.locator(f"input[name={name}]").count():
                self.page.locator(f"input[name={name}]").fill(PASSWORD)
        self.press(button)

    def look(self) -> None:
        self.stage.look(self.page)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def go(self, place: str = "") -> None:
        """Open a page of the engagement; one that begins with a slash is an address of its own."""
        answer = self.page.goto(place if place.startswith("/") else f"{self.stage.engagement}{place}")
        assert answer is not None and answer.status == 200, f"{self.page.url}: {answer and answer.status}"
        self.look()

    def follow(self, link: str | re.Pattern[str]) -> None:
        """Go where the first link of this name in the page leads."""
        address = self.main.get_by_role("link", name=link).first.get_attribute("href")
        assert address
        self.go(address)

    def press(
        self, button: str | re.Pattern[str], within: Locator | None = None, *, refused: bool = False
    ) -> None:
        """Press a button that sends a form, and see where it leads; `refused`: the page says why not."""
        with self.page.expect_navigation() as led:
            (within or self.main).get_by_role("button", name=button).first.click()
        if (
            "/reauthenticate/" in self.page.url
        ):  # a slow machine took minutes since the log-in: the password again
            self.page.locator("input[name=password]").fill(PASSWORD)
            with self.page.expect_navigation():
                self.page.get_by_role("button", name="Confirm").click()
            self.press(button, within, refused=refused)
            return
        said = [*self.main.locator(".tg-reasons, .invalid-feedback").all_inner_texts()]
        assert (led.value.status >= 400) == refused, f"{self.page.url}: {led.value.status} {said}"
        self.look()

    def form(self, action: str) -> Locator:
        """The first form that is sent to an address of this end, unfolded."""
        form = self.main.locator(f"form[action*='{action}']").first
        expect(form).to_be_attached()
        form.evaluate(UNFOLD)
        return form

    def send(
        self, action: str, button: str | re.Pattern[str], /, *, refused: bool = False, **typed: str
    ) -> None:
        """Fill in the form of this address and press its button. Fields go by their names."""
        form = self.form(action)
        for name, value in typed.items():
            fill(form, name, value)
        self.press(button, form, refused=refused)

    def say(self, text: str, *, private: bool = False) -> None:
        """Write a comment, or a note that one's own side keeps, at the first place of the page that takes one."""
        form = self.form("/comments/say/")
        form.locator("[name=text]").fill(text)
        if private:
            form.locator("[name=private]").check()
        form.get_by_role("button").first.click()
        expect(self.main.get_by_text(text).first).to_be_visible()
        self.look()

    def done(self, text: str | re.Pattern[str]) -> None:
        """The page says so."""
        expect(self.main).to_contain_text(text)

    def finish(self, first: int, last: int, *, but: str = "") -> int:
        """Record each test and complete each milestone that this person owes on these days and that waits for nothing.

        Returns how many there were.
        """
        count = 0
        setup = (("setup/", "Record"),) if first <= SETUP_DAYS else ()
        for place, button in (*setup, ("plan/", "Complete")):
            self.go(place)
            rows = self.main.locator("table tbody tr", has_text=self.name).filter(has_not_text=DONE)
            for link in rows.evaluate_all(OWED, [first, last, but]):
                self.page.goto(link)
                self.look()
                if self.main.get_by_role("button", name=re.compile(f"^{button}")).count():
                    self.prove(button)
                    count += 1
        return count

    def prove(
        self, button: str, result: str = "passed", text: str = "Seen and shown to the other side."
    ) -> None:
        """Say what was seen, on the page of a milestone or of a check."""
        pressed = self.page.get_by_role("button", name=re.compile(f"^{button}"))
        form = self.main.locator("form").filter(has=pressed).first
        form.locator("[name=text]").fill(text)
        if button == "Record":
            form.locator(f"input[name=result][value={result}]").check()
        self.press(re.compile(f"^{button}"), form)

    def build(self, name: str) -> bytes:
        """Have a deliverable made in the background, wait for it on its page, and take the PDF."""
        self.go("deliverables/")
        self.press(re.compile(f"^Make .*{name}"))
        return self.take()

    def take(self) -> bytes:
        """The PDF of the deliverable whose page is open, once it is there."""
        link = self.page.get_by_role("link", name=re.compile("Download")).first
        expect(link).to_be_visible(timeout=90_000)
        self.look()
        answer = self.page.request.get(f"{self.stage.site.url}{link.get_attribute('href')}")
        assert answer.headers["x-content-type-options"] == "nosniff"
        return answer.body()

    def open_gate(self, day: int) -> None:
        self.go("gates/")
        self.follow(f"Day {day}:")

    def sign_gate(self, day: int) -> None:
        self.open_gate(day)
        self.send("/sign/", "Sign as")

    def cannot_sign(self, day: int) -> None:
        """The gate's page offers no signature now."""
        self.open_gate(day)
        expect(self.main.get_by_role("button", name="Sign as")).to_have_count(0)


UNFOLD = (
    "form => { for (let at = form; at; at = at.parentElement) if (at.matches('details')) at.open = true; }"
)
DONE = re.compile(r"\b(Done|Passed)\b")
# The links of the rows that are due between two days; a row without a day is a check of the setup.
OWED = """(rows, [first, last, but]) => rows.filter(row => {
    const day = row.querySelector('[data-label=Day]')?.innerText.trim().split('–').pop();
    return (!day || (first <= +day && +day <= last)) && !(but && row.innerText.includes(but));
}).map(row => row.querySelector('th a')?.href).filter(Boolean)"""


def fill(form: Locator, name: str, value: str) -> None:
    """Give one field of a form its value, whatever kind of field it is."""
    found = form.locator(f"[name='{name}']")
    kind = found.first.evaluate("field => field.tagName === 'SELECT' ? 'select' : field.type")
    if kind == "select":
        options = found.first.locator("option").evaluate_all(
            "all => all.map(one => [one.value, one.innerText])"
        )
        found.first.select_option(next(key for key, text in options if value in (key, text) or value in text))
    elif kind in ("radio", "checkbox"):
        form.locator(f"[name='{name}'][value='{value}']").check()
    elif kind == "file":
        found.first.set_input_files(value)
    else:
        found.first.fill(value)
