"""The main job in a browser: from an empty engagement to the signed day-30 gate and its PDF.

Two people do it, a campaign manager and a client lead, on a clock that moves through the days. Every page that they
come by is held against WCAG 2.2 AA, and against our own content policy (see conftest).
"""

import io
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from common.days import Calendar
from engagements.brief_form import ROW_TERMS, Typed
from engagements.rules import BriefContent
from engagements.terms import STANDARD_METRICS
from workspace.demo.calls import call_log
from workspace.demo.scripts import SPRING

from .conftest import Watch
from .site import Site, running_site

ZONE = "America/New_York"
KICKOFF = date(2026, 3, 2)
CALENDAR = Calendar.contracted(KICKOFF)
MARA, CLARA = "mara@northline.example", "clara@harbour.example"
PASSWORD = "nine-doors-and-a-gate"
DONE = re.compile(r"\b(Done|Passed)\b")
# The links of the rows that are due between two days; a row without a day is a check of the setup.
OWED = """(rows, [first, last]) => rows.filter(row => {
    const day = row.querySelector('[data-label=Day]')?.innerText.trim().split('–').pop();
    return !day || (first <= +day && +day <= last);
}).map(row => row.querySelector('th a').href)"""
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def on_day(day: int, hour: int = 9) -> datetime:
    return datetime.combine(CALENDAR.date_of(day), time(hour), ZoneInfo(ZONE)).astimezone(UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """An empty Tollgate a week before the kickoff."""
    with running_site(
        tmp_path_factory.mktemp("journey"), f"journey_{worker_id}", demo=False, moment=on_day(-6)
    ) as it:
        yield it


class Journey:
    """What both people do over and over."""

    def __init__(
        self,
        site: Site,
        log_in: Callable[..., Page],
        new_page: Callable[..., Page],
        axe: Callable[[Page], list[str]],
    ) -> None:
        self.site, self._log_in, self.new_page, self._axe = site, log_in, new_page, axe
        self.engagement = ""
        self._seen: set[str] = set()

    def enter(self, email: str) -> Page:
        page = self._log_in(email, PASSWORD)
        self.look(page)
        return page

    def look(self, page: Page) -> None:
        """Hold the page against WCAG; once for each kind of page and what can be done on it."""
        buttons = sorted(set(page.locator("main button").all_inner_texts()))
        kind = f"{IDENTIFIER.sub('…', page.url)} {buttons} {page.locator('.tg-reasons').count()}"
        if kind not in self._seen:
            self._seen.add(kind)
            assert self._axe(page) == [], page.url

    def go(self, page: Page, place: str) -> None:
        answer = page.goto(f"{self.engagement}{place}")
        assert answer is not None and answer.status == 200, f"{page.url}: {answer and answer.status}"
        self.look(page)

    def press(self, page: Page, button: str) -> None:
        """Press a button that sends a form, and see where it leads."""
        with page.expect_navigation():
            page.get_by_role("button", name=button).first.click()
        self.look(page)

    def mail(self, wanted: str) -> str:
        """The newest link of this kind in the mails that the web server has sent to its console."""
        mails = quopri.decodestring(self.site.log("web").encode()).decode(errors="replace")
        links = re.findall(rf"https?://[^\s]*{wanted}[^\s]*", mails)
        assert links, f"No mail with a link to {wanted}."
        return links[-1]

    def test_and_complete(self, page: Page, name: str, first: int, last: int) -> None:
        """Record every test and complete every milestone that this person owes on these days, in their order."""
        for place, button in (("setup/", "Record"), ("plan/", "Complete")):
            self.go(page, place)
            rows = page.locator("main table tbody tr", has_text=name).filter(has_not_text=DONE)
            for link in rows.evaluate_all(OWED, [first, last]):
                self._prove(page, link, button)

    def _prove(self, page: Page, link: str, button: str) -> None:
        page.goto(link)
        self.look(page)
        if page.get_by_text("Nobody ticks this").count():
            self._log(page)
            return
        page.locator("textarea[name=text]").fill("Seen and shown to the other side.")
        if button == "Record":
            page.locator("input[name=result][value=passed]").check()
        self.press(page, button)
        expect(page.locator("main")).not_to_contain_text(re.compile("Not (done|recorded):"))

    def _log(self, page: Page) -> None:
        """Log what a check follows from: a transfer line with its test call, or the real leads of its day."""
        day = "9" if "day 9" in page.locator("h1").inner_text() else "8"
        page.get_by_role("link", name=re.compile("^Go to the (transfer lines|real leads)")).click()
        self.look(page)
        if "/lines/" in page.url:
            for name, typed in (
                ("name", "Closers, first line"),
                ("number", "queue 701"),
                ("team", "Closers"),
            ):
                page.locator(f"input[name={name}]").fill(typed)
            self.press(page, "Set up")
            page.get_by_role("link", name="Closers, first line").click()
            page.locator("input[name=answered_by]").fill("Clara Lind")
            self._answer(page, "Connected and announced.", "connected", "briefed")
            self.press(page, "Record")
            return
        options = page.locator("select[name=source] option")
        for source in options.evaluate_all("all => all.map(one => one.value)") or [""]:
            page.locator("select[name=day]").select_option(day)
            page.locator("input[name=lead]").fill(f"CRM 47{day}{source}"[:40])
            if source:
                page.locator("select[name=source]").select_option(source)
            else:
                page.locator("input[name=source]").fill("Web form")
            page.locator("textarea[name=steps]").fill(
                "Form to the CRM\nCRM to the dialer\nAnswered and transferred"
            )
            page.locator("input[name=outcome]").fill("Transfer set")
            self._answer(page, "As agreed.", "crm_record", "transfer_reached", "written_back", "reached")
            self.press(page, "Log it")

    def _answer(self, page: Page, words: str, *questions: str) -> None:
        page.locator("textarea[name=text]").first.fill(words)
        for question in questions:
            page.locator(f"input[name={question}][value=yes]").check()

    def build(self, page: Page, name: str) -> bytes:
        """Have a deliverable made in the background, wait for it on its page, and take the PDF."""
        self.go(page, "deliverables/")
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile(f"of {name}")).click()
        expect(page.get_by_role("link", name=re.compile("Download")).first).to_be_visible(timeout=60_000)
        self.look(page)
        link = page.get_by_role("link", name=re.compile("Download")).first.get_attribute("href")
        answer = page.request.get(f"{self.site.url}{link}")
        assert answer.headers["x-content-type-options"] == "nosniff"
        return answer.body()

    def sign_gate(self, page: Page, day: int) -> None:
        self.go(page, "gates/")
        page.get_by_role("link", name=f"Day {day}:").first.click()
        page.wait_for_url("**/gates/*-*/")
        self.look(page)
        self.press(page, "Sign as")
        expect(page.locator("main")).not_to_contain_text("Not signed:")


@pytest.fixture
def journey(
    site: Site,
    log_in: Callable[..., Page],
    new_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    watch: Watch,
) -> Journey:
    return Journey(site, log_in, new_page, axe)


def test_from_an_empty_engagement_to_the_signed_day_30_gate(journey: Journey, tmp_path: Path) -> None:
    found_the_operator(journey)
    open_the_engagement(journey)
    plan_before_signature(journey)
    join_as_the_client(journey)
    agree(journey)
    pass_the_setup(journey)
    launch_and_import(journey, tmp_path)
    pass_day_30(journey)


def found_the_operator(journey: Journey) -> None:
    """A new server: an organisation by command, a password through the mail."""
    journey.site.manage(
        "create_organisation",
        "--name",
        "Northline Calling",
        "--admin-name",
        "Mara Voss",
        "--admin-email",
        MARA,
    )
    page = journey.new_page()
    page.goto("/account/password/reset/")
    journey.look(page)
    page.locator("input[name=email]").fill(MARA)
    with page.expect_navigation():
        page.locator("form button.btn-primary").click()
    page.goto(journey.mail("/account/password/reset/key/"))
    journey.look(page)
    for field in ("password1", "password2"):
        if page.locator(f"input[name={field}]").count():
            page.locator(f"input[name={field}]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("form button.btn-primary").click()
    journey.look(page)


def open_the_engagement(journey: Journey) -> None:
    page = journey.enter(MARA)
    page.goto("/engagements/new/")
    journey.look(page)
    page.locator("input[name=campaign]").fill("Spring windows")
    page.locator("select[name=other]").select_option("new")
    page.locator("input[name=other_name]").fill("Harbour Home Windows")
    page.locator("select[name=zone]").select_option(ZONE)
    for role in ("campaign_manager", "supervisor", "qa_lead"):
        page.locator(f"input[name={role}-name]").fill("Mara Voss")
        page.locator(f"input[name={role}-email]").fill(MARA)
    # What is missing is said, and what was typed is kept.
    journey.press(page, "Open the engagement")
    expect(page.locator("input[name=campaign]")).to_have_value("Spring windows")
    page.locator("input[name=kickoff_on]").fill(KICKOFF.isoformat())
    for role in ("client_lead", "closer_lead"):
        page.locator(f"input[name={role}-name]").fill("Clara Lind")
        page.locator(f"input[name={role}-email]").fill(CLARA)
    journey.press(page, "Open the engagement")
    found = re.search(rf"/e/{IDENTIFIER.pattern}/", page.url)
    assert found, page.url
    journey.engagement = found.group()
    for place in ("", "plan/", "team/", "trail/"):
        journey.go(page, place)


def plan_before_signature(journey: Journey) -> None:
    """Nothing is signed, and the launch plan is a PDF already."""
    page = journey.enter(MARA)
    text = words(journey.build(page, "Launch plan"))
    assert "Spring windows" in text and "Clara Lind" in text


def join_as_the_client(journey: Journey) -> None:
    page = journey.new_page()
    page.goto(journey.mail("/invitation/"))
    journey.look(page)
    for field in ("password", "password1", "password2"):
        if page.locator(f"input[name={field}]").count():
            page.locator(f"input[name={field}]").fill(PASSWORD)
    journey.press(page, "Make the account and join")


def agree(journey: Journey) -> None:
    """Both sides lock the timeline; one writes the brief, both sign it."""
    journey.site.move_clock(on_day(1))
    mara, clara = journey.enter(MARA), journey.enter(CLARA)
    for page in (mara, clara):
        journey.go(page, "plan/")
        journey.press(page, "Lock as")
    expect(clara.locator("main")).to_contain_text("Timeline locked")
    journey.go(mara, "brief/edit/")
    type_the_brief(journey, mara)
    journey.press(mara, "Save the brief")
    for page in (mara, clara):
        journey.go(page, "brief/")
        journey.press(page, "Sign as")
    expect(clara.locator("main")).to_contain_text("In force")


def type_the_brief(journey: Journey, page: Page) -> None:
    """All terms of the demo's brief, row by row, as somebody types them; the codes are Tollgate's own."""
    metrics = [
        replace(
            metric,
            target=Decimal(SPRING.targets[metric.key]),
            source_system="Dialer export",
            dispute_rule="The dialer's export counts; disputes within five days.",
        )
        for metric in STANDARD_METRICS
    ]
    form = Typed.of(BriefContent(SPRING.terms, metrics))
    for key, term in ROW_TERMS.items():
        if key == "dispositions":
            journey.press(page, "Add Tollgate’s own codes")
            continue
        for _ in form.rows[key][1:]:
            journey.press(page, f"Add a {term.row}")
    for name, value in form.initial().items():
        field = page.locator(f"[name='{name}']")
        if name.startswith("dispositions-") or name.endswith("-key") or not field.count():
            continue
        if isinstance(value, list):
            for day in value:
                page.locator(f"[name='{name}'][value='{day}']").check()
        elif isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))


def pass_the_setup(journey: Journey) -> None:
    journey.site.move_clock(on_day(10))
    mara, clara = journey.enter(MARA), journey.enter(CLARA)
    # The client's tests first: the operator's last milestones wait for them.
    for page, name in ((clara, "Clara"), (mara, "Mara"), (clara, "Clara")):
        journey.test_and_complete(page, name, 1, 10)
    assert "the campaign is clear to launch" in words(journey.build(mara, "Day-10"))
    for page in (mara, clara):
        journey.sign_gate(page, 10)
    expect(clara.locator("main")).to_contain_text("Passed")


def launch_and_import(journey: Journey, tmp_path: Path) -> None:
    """Calls of days 11 to 30, with one row that no map knows."""
    journey.site.move_clock(on_day(30, 21))
    mara, clara = journey.enter(MARA), journey.enter(CLARA)
    journey.test_and_complete(clara, "Clara", 11, 29)
    journey.test_and_complete(mara, "Mara", 11, 29)
    log = call_log(SPRING.behaviour, CALENDAR.date_of(11), CALENDAR.date_of(30), seed=5)
    odd = (
        f"odd-1,{CALENDAR.date_of(12)}T10:00:00-04:00,L1,,Web form,ana.ruiz,Ana Ruiz,zz_unknown,3\n".encode()
    )
    (tmp_path / "calls.csv").write_bytes(log + odd)
    journey.go(mara, "calls/")
    mara.locator("input[name=file]").set_input_files(tmp_path / "calls.csv")
    journey.press(mara, "Upload")
    journey.press(mara, "Read the file")
    expect(mara.get_by_role("link", name=re.compile("rejected", re.I)).first).to_be_visible(timeout=60_000)
    journey.look(mara)
    rows = log.count(b"\n") - 1
    expect(mara.locator("main")).to_contain_text(f"{rows:,}")
    journey.go(mara, "kpis/")


def pass_day_30(journey: Journey) -> None:
    """The baseline is frozen, what misses its target is answered, both sides sign the report."""
    journey.site.move_clock(on_day(30, 22))
    mara, clara = journey.enter(MARA), journey.enter(CLARA)
    journey.go(mara, "gates/")
    journey.go(mara, "kpis/")
    journey.press(mara, "Freeze the baseline")
    answer_findings(journey, mara)
    journey.test_and_complete(mara, "Mara", 30, 30)
    pdf = journey.build(mara, "Day-30")
    text = words(pdf)
    assert "Show rate" in text and "Two closers keep" in text
    assert PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/MarkInfo"]["/Marked"]
    for page in (mara, clara):
        journey.sign_gate(page, 30)
    expect(clara.locator("main")).to_contain_text("Passed")
    for page, place in ((clara, ""), (clara, "deliverables/"), (clara, "trail/"), (mara, "kpis/findings/")):
        journey.go(page, place)
    for place in ("/", "/portfolio/", "/settings/"):
        clara.goto(place)
        journey.look(clara)
    assert "chains hold" in journey.site.manage("verify_trail", role="DATABASE_WORKER_URL")


def answer_findings(journey: Journey, page: Page) -> None:
    """A fix that only looks into it is refused, with what was typed kept; one that acts is taken."""
    journey.go(page, "kpis/findings/")
    answer = page.get_by_role("link", name=re.compile("^Answer"))
    while answer.count():
        with page.expect_navigation():
            answer.first.click()
        form = page.locator("form[action$='/answer/']")
        split = form.locator("[name=found]").count() > 0
        form.locator("[name$=root_cause]").fill("Closers are in visits from 17:00 on.")
        form.locator("[name$=cause_side][value=client]").check()
        form.locator("[name$=action]").fill("Investigate it.")
        form.locator("[name$=owner]").select_option(index=1)
        form.locator("[name$=due_on]").fill((CALENDAR.date_of(30) + timedelta(days=6)).isoformat())
        with page.expect_navigation():
            form.get_by_role("button", name="Record the answer").click()
        journey.look(page)
        expect(form.locator("[name$=root_cause]")).to_have_value("Closers are in visits from 17:00 on.")
        form.locator("[name$=action]").fill("Two closers keep 17:00 to 20:00 free for transfers.")
        with page.expect_navigation():
            form.get_by_role("button", name="Record the answer").click()
        journey.look(page)
        if split:
            form.locator("[name$=root_cause]").fill("Forty transfers were heard: all connected and briefed.")
            form.locator("[name$=cause_side][value=operator]").check()
            form.locator("[name=found][value=no]").check()
            with page.expect_navigation():
                form.get_by_role("button", name="Record the answer").click()
            journey.look(page)
        journey.go(page, "kpis/findings/")


def words(pdf: bytes) -> str:
    """The text of a PDF with its white space evened out."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
