"""The day-14 paper: what a first review asks for, before it as a pre-read and after it with its action plan."""

from dataclasses import replace
from io import BytesIO

from pypdf import PdfReader

from reports.render import build_pdf, compose, paper_html
from reports.snapshots import (
    Action,
    Chair,
    Count,
    CoverageRow,
    Kind,
    Listening,
    Pattern,
    PatternRow,
    ReviewRecord,
    Snapshot,
    Suspicion,
    TransferLog,
    digest,
    freeze,
    thaw,
)
from tests.reports.samples import IMPORTS, at, base, by_day, by_source, funnel, on_day

PLACED = {
    "above": (0.2, 0.15, 0.25, 0.1),
    "below": (0.05, 0.03, 0.08, 0.2),
    "too-few": (None, None, None, None),
}
CHAIRS = (
    Chair("campaign manager", "operator", "Dana Ortiz", "Dana Ortiz"),
    Chair("client lead", "client", "Maya Lindqvist", "Tomás Ferreira", substitute=True),
    Chair("QA lead", "operator", "Ifeoma Balogun"),
)
ACTIONS = (
    Action("Dial the aged list from 17:00 to 20:00", "Wei Sun", "operator", on_day(18)),
    Action("Tell the closers which price to name", "Tomás Ferreira", "client", on_day(16), "done"),
)


def rows(*named: tuple[str, str]) -> tuple[PatternRow, ...]:
    return tuple(
        PatternRow(label, 20 if place == "above" else 5, 100, *PLACED[place], place) for label, place in named
    )


PATTERNS = (
    Pattern("sources", "contact rate", "lead source", 30, "Contact rate is below the rest: Aged list.",
            rows(("Aged list", "below"), ("Portal", "above"), ("Fair", "too-few"))),
    Pattern("hours", "contact rate", "hour", 30, "Contact rate is above the rest: 17:00–18:00.",
            rows(("09:00–10:00", "below"), ("17:00–18:00", "above"))),
    Pattern("weekdays", "contact rate", "weekday", 30, "There is too little data by weekday."),
    Pattern("agents-contact", "contact rate", "agent", 30, "Contact rate is below the rest: Farah Aziz.",
            rows(("Farah Aziz", "below"), ("Wei Sun", "above"))),
    Pattern("agents-qualified", "qualification rate", "agent", 30, "No agent differs in the qualification rate."),
)  # fmt: skip


def pre_read() -> Snapshot:
    asked = tuple(replace(chair, name="", substitute=False) for chair in CHAIRS)
    return replace(
        base(Kind.DAY_14, 14, 11, 14),
        funnel=funnel(1900, 209, 70, 41, 22, None), by_source=by_source(), by_day=by_day(11, 14), patterns=PATTERNS,
        suspicions=(Suspicion("Farah Aziz", "CB", "Call back later", 25, 30, "contacts", 0.5, True),),
        dispositions="Farah Aziz gives “CB” more often. Calls with these codes are to be heard first.",
        surprises=("The aged list answers in the evening.",), imports=IMPORTS,
        review=ReviewRecord("Day-14 review", on_day(14), agenda=("First data against target",), chairs=asked),
    )  # fmt: skip


HEARD = Listening(
    "50 of 190 calls reviewed (26.3%), of 52 drawn by chance (27.4%); 1 still to be heard, "
    "1 recording that cannot be heard.", (),
    days=(CoverageRow("Thu 12 Mar", 190, 52, 50, 1, 1),), agents=(CoverageRow("Farah Aziz", 190, 52, 50, 1, 1),),
    mean=86.4, scored=9, passed=Count(7, 9), right=Count(48, 50),
    auto_failed=("Farah Aziz, Thu 12 Mar: Tells that the call is recorded",), confusions=(("CB", "NI", "2"),),
    agreement=("Quinn Adler and Sam Okafor scored 2 calls: 1 passed or failed alike, too few to judge.",),
    seed="5eed" * 8, population_sha256="9" * 64,
)  # fmt: skip
LOG = TransferLog(
    "2 of 3 transfers verified: 1 connected, 1 of them with a briefed closer; 1 not verified.",
    ("Fri 13 Mar, Wei Sun, lead L-7",), ("Fri 13 Mar, Wei Sun, lead L-8: did not connect. Engaged.",),
)  # fmt: skip


def held() -> Snapshot:
    record = ReviewRecord(
        "Day-14 review", on_day(15), held=True, closed_at=at(on_day(15)), closed_by="Dana Ortiz", content_hash="e" * 64,
        text="The portal sends people who expect a price.", also_there="An analyst of the client",
        decisions=("The aged list is dialled in the evening only.",), chairs=CHAIRS,
    )  # fmt: skip
    return replace(pre_read(), review=record, actions=ACTIONS, listening=HEARD, transfers=LOG)


def text_of(snapshot: Snapshot) -> list[str]:
    return [
        " ".join(page.extract_text().split()) for page in PdfReader(BytesIO(build_pdf(snapshot).data)).pages
    ]


def test_it_survives_being_stored() -> None:
    assert digest(thaw(freeze(held()))) == digest(held())


def test_the_pre_read_tells_the_first_days_and_asks_everybody_to_come() -> None:
    paper = compose(pre_read())
    assert paper.second_sentence.startswith("This is the pre-read: the review is on Wed 18 Mar 2026")
    assert [ask.what for ask in paper.asks] == [
        "Attend as campaign manager, or name a substitute",
        "Attend as client lead, or name a substitute",
        "Attend as QA lead, or name a substitute",
    ]
    assert paper.decided == (
        "Nothing yet: the review decides, and its action plan names owners and deadlines.",
    )
    whole = " ".join(text_of(pre_read()))
    assert "The review has not taken place, so there is no action plan yet." in whole
    assert "First data against target" in whole


def test_it_holds_all_that_a_first_review_looks_at() -> None:
    pages = text_of(held())
    whole = " ".join(pages)
    assert "Calibration: days 11 to 30" in pages[0]
    for section in (
        "Two weeks against target", "Lead sources", "Time slots", "Agents against the average", "Disposition codes",
        "What surprised", "Action plan", "Who attended",
    ):  # fmt: skip
        assert section in pages[1], section
    for said in (
        "209 of 1,900",  # against target, with its count
        "Contact rate is below the rest: Aged list.", "too few to judge",
        "17:00–18:00", "Farah Aziz", "25 of 30 contacts", "more often", "The aged list answers in the evening.",
        "The portal sends people who expect a price.", "two weeks of the engagement hold no more live days",
    ):  # fmt: skip
        assert said in whole, said


def test_the_action_plan_names_owner_and_deadline_and_who_was_there_or_missing() -> None:
    whole = " ".join(text_of(held()))
    assert "Dial the aged list from 17:00 to 20:00 Wei Sun (operator) Sun 22 Mar" in whole
    assert "Tomás Ferreira, standing in" in whole
    assert "missing" in whole
    assert "An analyst of the client" in whole
    assert "e" * 64 in whole.replace(" ", "")
    assert compose(held()).second_sentence.startswith(
        "The review took place on Thu 19 Mar 2026, without the QA lead, 1 chair by a substitute; it ended in 2 actions."
    )
    assert [ask.what for ask in compose(held()).asks] == [ACTIONS[0].text], "what is done is not asked for"


def test_unknown_is_said_and_never_zero() -> None:
    blank = replace(
        held(), funnel=funnel(*[None] * 6), by_source=(), by_day=(), patterns=(), suspicions=(), surprises=(),
        dispositions="There is too little data to compare how agents use the disposition codes.", imports=(),
    )  # fmt: skip
    paper = compose(blank)
    assert {figure.value for figure in paper.figures} == {"no data"}
    assert paper.picture is None
    html = paper_html(blank)
    assert ">0.0%" not in html
    assert "too little data to compare how agents" in html
    assert "In the data nothing stands apart by more than chance." in html
    without = compose(replace(blank, review=None))
    assert "The plan holds no day-14 review." in without.second_sentence


def test_it_tells_what_was_listened_to_and_which_transfers_nobody_has_verified() -> None:
    whole = " ".join(text_of(held()))
    for words in (
        HEARD.meter, "The average score is 86.4 of 100 over 9 calls.", "Passed: 77.8% (7 of 9), 95% interval",
        "Tells that the call is recorded", "too few to judge", LOG.meter, "Wei Sun, lead L-7", "did not connect",
    ):  # fmt: skip
        assert words in whole
    undone = replace(HEARD, gaps=("9 of 40 calls of the first live days are reviewed.",))
    assert "Not done yet. 9 of 40" in " ".join(text_of(replace(held(), listening=undone)))
