"""Days 11 to 30: the first calls, the review of day 14, the baseline, its findings, the second gate."""

import csv
import io
import re

from playwright.sync_api import expect

from workspace.demo.calls import COLUMNS, Campaign, call_log

from .setup import TEAM
from .stage import CALENDAR, Person, fill, words


def bring_calls(
    person: Person, first: int, last: int, *, of: tuple[int, int], calls: Campaign, odd: bytes = b""
) -> None:
    """Upload the dialer's export of these days; `of` is the stretch of days that the calls are made up for."""
    log = call_log(
        calls,
        CALENDAR.date_of(of[0]),
        CALENDAR.date_of(of[1]),
        seed=5 + of[0],
        keep=(CALENDAR.date_of(first), CALENDAR.date_of(last)),
    )
    file = person.stage.folder / f"calls-{first}-{last}.csv"
    file.write_bytes(log + odd)
    person.go("calls/")
    person.main.locator("input[name=file]").set_input_files(file)
    person.press("Upload")
    person.press("Read the file")
    rows = log.count(b"\n") - 1 + max(odd.count(b"\n") - 1, 0)
    expect(person.main).to_contain_text(f"{rows:,} call row", timeout=60_000)
    person.look()
    if odd:
        expect(person.page.get_by_role("link", name=re.compile("rejected", re.I)).first).to_be_visible()


def odd_rows() -> bytes:
    """A call with a code that no map knows, and one of somebody who is not on the roster."""
    day = CALENDAR.date_of(12)
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    rows.writerow({
        "call_id": "odd-1", "called_at": f"{day}T10:00:00-04:00", "lead_id": "L1", "lead_source": "Web form",
        "agent": "ana.ruiz", "agent_name": "Ana Ruiz", "disposition": "zz_unknown", "duration_s": 3,
    })  # fmt: skip
    rows.writerow({
        "call_id": "odd-2", "called_at": f"{day}T10:05:00-04:00", "lead_id": "L2", "lead_source": "Web form",
        "agent": "rex.stone", "agent_name": "Rex Stone", "disposition": "no_answer", "duration_s": 3,
    })  # fmt: skip
    return out.getvalue().encode()


def answer_the_breach(mara: Person, clara: Person) -> None:
    """A call of somebody who was not cleared is answered by the operator; the client accepts the answer."""
    mara.go("kpis/breaches/")
    mara.send(
        "/answer/", "Record the answer", cause="A temporary log-in was left on the dialer.",
        action="The log-in was removed; only codes of the roster can log in.", done_on=_date(14),
    )  # fmt: skip
    clara.go("kpis/breaches/")
    clara.send("/settle/", re.compile("."), accepted="yes")
    clara.done("Every breach is answered")


def listen(quinn: Person) -> None:
    """A scorecard, the sample of the first live days, and as many of its calls heard as are asked for."""
    quinn.go("kpis/qa/scorecard/")
    quinn.send(
        "/scorecard/save/", "Keep the scorecard",
        **{"name": "First card", "items-0-text": "Says who calls", "items-0-points": "5"},
    )  # fmt: skip
    quinn.press("Put version 1 in use")
    quinn.go("kpis/qa/")
    quinn.send("/qa/draw/", "Draw the sample", share="30")
    quinn.follow("Queue")
    while (boxes := quinn.main.locator("input[name=chosen]")).count():
        for box in boxes.all():
            box.check()
        quinn.press("Keep what is ticked")
    quinn.go("kpis/qa/")
    while not quinn.main.get_by_text("Target of 25% reached").count():
        quinn.press("Review the next call")
        form = quinn.form("/review/")
        fill(form, "what", "scored")
        form.locator("[name=item_i1]").select_option("5")
        form.locator("[name=code]").select_option(index=1)
        quinn.press("Keep the review", form)
        quinn.go("kpis/qa/")


def verify_transfers(samuel: Person) -> None:
    """Whether each transfer of the supervised launch connected, and whether the closer was briefed."""
    samuel.go("kpis/transfers/")
    while (open_ones := samuel.main.locator("section[aria-labelledby=open] select")).count():
        for field in open_ones.all():
            field.select_option("good")
        samuel.press("Keep what was seen")
    samuel.done("All verified")


def answer_the_windows(samuel: Person) -> None:
    """Who was called outside the hours, and what was done about it; the judging runs behind the page."""
    for _ in range(200):
        samuel.go("kpis/windows/")
        if not samuel.main.get_by_text("load this page again").count():
            break
    while samuel.main.locator("form[action*='/windows/answer/']").count():
        samuel.send(
            "/windows/answer/", re.compile("^Record the answer"), cause="The list went out by the server's clock.",
            action="The clock was set to New York's.", done_on=_date(12),
        )  # fmt: skip
    samuel.done("The operator has answered for each of them")


def hold_review(person: Person, code: str, day: int, *, text: str, owner: str = "") -> None:
    """Set its time, write who came and what was said, undertake something, close the minutes."""
    person.go("reviews/")
    person.follow(re.compile(f"^Day-{code.removeprefix('day-')}"))
    person.send("/minutes/", "Save the draft", text=text, **_seats(person))
    person.send("/decision/", "Add the decision", text="Second attempts move to 17:00 to 20:00.")
    if owner:
        person.send(
            "/action/", "Add the action", refused=True, text="Look at it.", owner=owner, due_on=_date(day + 3)
        )
        form = person.form("/action/")
        expect(form.locator("[name=text]")).to_have_value("Look at it.")
        person.send(
            "/action/", "Add the action", text="Move half of the second attempts to the evening.", owner=owner,
            due_on=_date(day + 3),
        )  # fmt: skip
    person.send("/close/", "Close the minutes")
    person.done("minutes closed")


def _seats(person: Person) -> dict[str, str]:
    """Everybody who has to attend sits in their own chair."""
    chairs = person.form("/minutes/").locator("select[name^=chair_]").all()
    names = [str(chair.get_attribute("name")) for chair in chairs]
    return {name: TEAM[name.removeprefix("chair_")][0] for name in names}


def _date(day: int) -> str:
    return CALENDAR.date_of(day).isoformat()


def closers_tell(mara: Person, samuel: Person) -> None:
    """What became of transfers comes later: one by a file, one by a closer who has only a link."""
    told = next(row for row in _calls_of(samuel, 15, 30) if row["disposition"] == "no_show")
    file = mara.stage.folder / "outcomes.csv"
    file.write_text(f"call_id,stage,date\n{told['call_id']},show,{_date(30)}\n")
    mara.go("kpis/outcomes/")
    mara.send("/outcomes/upload/", "Upload", file=str(file))
    mara.press("Take it in")
    mara.done("Taken in")
    mara.go("kpis/outcomes/")
    mara.send(
        "/outcomes/links/", "Make the link", name="Rita of the evening closers", closer="*", first=_date(11),
        last=_date(30), days="14",
    )  # fmt: skip
    rita = mara.stage.new_page(viewport={"width": 390, "height": 860})
    rita.goto(mara.main.locator("#address").input_value())
    mara.stage.look(rita)
    said = rita.locator("select[name$='-said']").first
    row = str(said.get_attribute("name")).removesuffix("said")
    said.select_option("closed")
    for field, value, seen in (("value", "250", "Say on which day."), ("on", _date(30), "Kept: 1 transfer.")):
        rita.locator(f"[name='{row}{field}']").fill(value)
        rita.get_by_role("button", name="Keep what I said").click()
        expect(rita.locator("body")).to_contain_text(seen)
        mara.stage.look(rita)
    mara.go("kpis/outcomes/")
    mara.done("2 of")


def _calls_of(person: Person, first: int, last: int) -> list[dict[str, str]]:
    """The rows of the export that was brought for these days."""
    with (person.stage.folder / f"calls-{first}-{last}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def freeze_the_baseline(mara: Person) -> None:
    mara.go("gates/")
    mara.go("kpis/")
    mara.press("Freeze the baseline")


def answer_findings(person: Person, day: int, review: int) -> int:
    """A fix that only looks into it is refused, with what was typed kept; one that acts is taken."""
    answered = 0
    while True:
        person.go("kpis/findings/")
        link = person.main.get_by_role("link", name=re.compile("^Answer"))
        if not link.count():
            return answered
        person.follow(re.compile("^Answer"))
        cause = "Closers are in visits from 17:00 on."
        typed = {
            "root_cause": cause,
            "cause_side": "client",
            "action": "Investigate it.",
            "due_on": _date(day + 6),
        }
        _answer(person, typed, refused=True)
        expect(person.form("/answer/").locator("[name$=root_cause]")).to_have_value(cause)
        _answer(person, typed | {"action": "Two closers keep 17:00 to 20:00 free for transfers."})
        if person.main.get_by_role("button", name="Record the answer").first.is_visible():
            _answer(
                person,
                {
                    "cause_side": "operator",
                    "found": "no",
                    "root_cause": "Thirty hand-overs heard: all briefed.",
                },
            )
        answered += 1
        assert answered < 12, f"Findings of day {review} do not end."


def _answer(person: Person, typed: dict[str, str], *, refused: bool = False) -> None:
    form = person.form("/answer/")
    for name, value in typed.items():
        field = form.locator(f"[name$='{name}']")
        if field.count():
            fill(form, str(field.first.get_attribute("name")), value)
    owner = form.locator("[name$=owner]")
    if owner.count() and "action" in typed:
        owner.select_option(index=1)
    person.press("Record the answer", form, refused=refused)


def pass_day_30(mara: Person, clara: Person, caleb: Person) -> None:
    """The client declines the first version with a reason; the second one is signed by both."""
    text = words(mara.build("Day-30"))
    assert "Show rate" in text and "Two closers keep" in text
    clara.open_gate(30)
    clara.send("/decline/", "Decline", reason="The closers' word is missing; add it.")
    mara.cannot_sign(30)
    caleb.go("kpis/closers/")
    caleb.send(
        "/closers/tell/", re.compile("."), text="Leads are well briefed; some had signed elsewhere already."
    )
    assert "some had signed elsewhere already" in words(mara.build("Day-30"))
    for person in (mara, clara):
        person.sign_gate(30)
    clara.done("Passed")


def read_the_day_14_paper(mara: Person) -> None:
    text = words(mara.build("Day-14"))
    assert "Calibration" in text and "Move half of the second attempts" in text


def do_what_was_undertaken(samuel: Person) -> None:
    """What was undertaken in a review waits in one's work, and ends with a word of proof."""
    samuel.go("/")
    samuel.done("Move half of the second attempts to the evening.")
    samuel.go("reviews/")
    samuel.send("/done/", re.compile("^Mark as done"), said="Dialer plan of that week, seen by Clara.")


def download_as_an_executive(erin: Person) -> None:
    """The newest report, without a right to sign anything."""
    erin.go("deliverables/")
    link = erin.main.get_by_role("link", name=re.compile("Download.*Day-30")).first
    answer = erin.page.request.get(f"{erin.stage.site.url}{link.get_attribute('href')}")
    assert "Baseline" in words(answer.body())
    erin.cannot_sign(60)
