"""The terms of a brief by themselves: what is read, what is refused, how they read, what changed. No database."""

from dataclasses import replace
from decimal import Decimal

import pytest

from accounts.roles import Side
from engagements.outcomes import Outcome
from engagements.rules import (
    BriefContent,
    DraftFacts,
    brief_gaps,
    changed_parts,
    content_faults,
    differences,
    discard_blockers,
    proposal_blockers,
)
from engagements.terms import STANDARD_METRICS, TERMS, MetricContract, term_of
from engagements.terms.checking import parse_region, row_faults
from engagements.terms.comparing import compared
from engagements.terms.hours import (
    RegionHours,
    calls_on,
    days_text,
    latest_text,
    overlaps,
    parse_spans,
    regions,
    spans_text,
)
from engagements.terms.metrics import metric_faults, metric_key, parse_target, typed_target
from engagements.terms.words import show, shown
from tests.briefs import ROWS, whole_brief

WHOLE = whole_brief()
HOURS = term_of("calling_hours")
CODES = term_of("dispositions")
OWN = MetricContract(
    "turnaround", "Turnaround", "Hours to close", "", "hours", "down", Decimal(24), source_system="Desk"
)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("9:00-20:00", [(540, 1200)]),
        ("09:00 – 12:00, 13.30–20:00", [(540, 720), (810, 1200)]),
        ("13:00 to 14:00; 9:00 to 10:00", [(540, 600), (780, 840)]),
        ("0:00–24:00", [(0, 1440)]),
        ("9:00–12:00, 12:00–14:00", [(540, 720), (720, 840)]),
    ],
)
def test_intervals_are_read(text: str, spans: list[tuple[int, int]]) -> None:
    assert parse_spans(text) == spans
    assert parse_spans(spans_text(spans)) == spans, "what is shown can be typed again"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9-20", "is no interval"),
        ("nine to five", "is no interval"),
        ("9:00–24:01", "is no time of day"),
        ("9:60–10:00", "is no time of day"),
        ("20:00–9:00", "ends before it begins"),
        ("9:00–9:00", "ends before it begins"),
        ("9:00–12:00, 11:59–14:00", "09:00–12:00 and 11:59–14:00 overlap"),
        ("٩:٠٠–١٠:٠٠", "is no interval"),
        ("0:00–1:00," * 7, "overlap|At most 6"),
    ],
)
def test_what_is_no_interval_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_spans(text)


def test_an_interval_holds_its_first_minute_and_not_its_last() -> None:
    hours = RegionHours("Ohio", "US-OH", {0: [(540, 1200)], 1: [(0, 1440)]})
    assert [hours.allows(0, minute) for minute in (539, 540, 1199, 1200)] == [False, True, True, False]
    assert hours.allows(1, 1439)
    assert not hours.allows(6, 600), "a day without hours is not called"
    assert [calls_on([hours], weekday) for weekday in (0, 1, 6)] == [True, True, False]
    assert calls_on([], 6), "where nothing is agreed, no day is left out"


def test_rows_of_one_region_join_and_may_not_overlap() -> None:
    [york] = regions(ROWS["calling_hours"])
    assert york.days[0] == [(540, 720), (780, 1200)]
    assert york.days[5] == [(600, 960)]
    again = {"region": "new york", "code": "", "days": [4, 5], "hours": [[700, 760]]}
    assert overlaps([*ROWS["calling_hours"], again]) == [
        (2, "Overlaps an earlier row of this region on Friday and Saturday.")
    ]
    assert overlaps([*ROWS["calling_hours"], again | {"region": "Ohio"}]) == []
    assert overlaps([ROWS["calling_hours"][0], ROWS["calling_hours"][0] | {"hours": []}]) == []


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ([0, 1, 2, 3, 4], "Mon–Fri"),
        ([5, 6], "Sat, Sun"),
        ([0, 2], "Mon, Wed"),
        ([6, 0, 1, 2], "Mon–Wed, Sun"),
    ],
)
def test_weekdays_read_in_short(days: list[int], text: str) -> None:
    assert days_text(days) == text


def test_a_region_code_is_an_iso_code_or_nothing() -> None:
    assert (parse_region("us-ny"), parse_region(" pt "), parse_region("")) == ("US-NY", "PT", "")
    for wrong in ("USA", "New York", "U", "US-", "US-NYCE"):
        with pytest.raises(ValueError, match="ISO code"):
            parse_region(wrong)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (ROWS["dispositions"], []),
        (
            [{"code": "A", "meaning": "sale", "note": ""}],
            [(0, "meaning", "Choose what the code means for the funnel.")],
        ),
        ([{"code": "", "meaning": "busy", "note": ""}], [(0, "code", "“Code” is empty.")]),
        (
            [{"code": "NI", "meaning": "busy", "note": ""}, {"code": "ni", "meaning": "dnc", "note": ""}],
            [(1, "code", "“ni” stands in an earlier row already.")],
        ),
    ],
)
def test_codes_are_judged(rows: list[dict[str, str]], faults: list[tuple[int, str, str]]) -> None:
    assert row_faults(CODES, rows) == faults


def test_hours_without_a_weekday_are_refused_and_a_day_without_hours_is_not() -> None:
    assert row_faults(HOURS, [{"region": "Ohio", "code": "", "days": [], "hours": []}]) == [
        (0, "days", "Choose at least one weekday.")
    ]
    assert row_faults(HOURS, [{"region": "Ohio", "code": "", "days": [6], "hours": []}]) == []


@pytest.mark.parametrize(
    ("key", "value", "gap"),
    [
        (
            "calling_hours",
            {"rows": [{"region": "Ohio", "days": [6], "hours": []}], "words": ""},
            "lets nobody be called",
        ),
        (
            "daily_caps",
            {"figures": {"dials": 5}, "words": ""},
            "does not say: dials per lead and day, transfers a day",
        ),
        ("lead_sources", {"rows": [], "words": "Everywhere"}, "has no lead source yet"),
        ("escalation", "Supervisor, then the rest", "still a text only: say it in rows"),
    ],
)
def test_a_term_says_what_it_lacks(key: str, value: object, gap: str) -> None:
    [reason] = brief_gaps(BriefContent({**WHOLE.terms, key: value}, WHOLE.metrics))
    assert gap in reason


def test_no_limit_is_something_agreed() -> None:
    figures = {"figures": {"dials": "none", "dials_per_lead": "none", "transfers": "none"}, "words": ""}
    assert brief_gaps(BriefContent({**WHOLE.terms, "daily_caps": figures}, WHOLE.metrics)) == []
    assert show(term_of("daily_caps"), figures).rows[0] == ("Dials a day in all", "no limit agreed")


@pytest.mark.parametrize("figure", [0, -3, 1.5, "many", 10**9])
def test_a_cap_is_a_whole_number(figure: object) -> None:
    content = BriefContent(
        {**WHOLE.terms, "daily_caps": {"figures": {"dials": figure}, "words": ""}}, WHOLE.metrics
    )
    assert content_faults(content) == ["“Daily volume caps” takes whole numbers above 0."]


def test_hours_read_as_a_table_of_weekdays() -> None:
    table = show(HOURS, WHOLE.terms["calling_hours"])
    assert table.heads == ("Region", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    [row] = table.rows
    assert row[:2] == ("New York (US-NY)", "09:00–12:00\n13:00–20:00")
    assert row[6:] == ("10:00–16:00", "not called")


def test_every_meaning_names_the_stage_that_it_reaches() -> None:
    rows = [{"code": outcome.value, "meaning": outcome.value, "note": ""} for outcome in Outcome]
    told = [row[1] for row in show(CODES, {"rows": rows, "words": ""}).rows]
    assert told == [f"{outcome.label} ({outcome.stage.label})" for outcome in Outcome]


def test_a_brief_of_texts_reads_as_it_was_written() -> None:
    assert {one.text for one in shown({term.key: "As agreed." for term in TERMS})} == {"As agreed."}


def test_words_within_a_text_are_marked() -> None:
    pieces = compared("Owns the house and lives there", "Rents the flat and lives there")
    assert [(piece.how, piece.text) for piece in pieces] == [
        ("gone", "Owns"),
        ("new", "Rents"),
        ("same", " the "),
        ("gone", "house"),
        ("new", "flat"),
        ("same", " and lives there"),
    ]


def test_rows_are_told_as_added_removed_and_changed() -> None:
    rows = [
        {"code": "QUAL", "meaning": "transfer_set", "note": "Fits all conditions"},
        {"code": "NEW", "meaning": "busy", "note": ""},
    ]
    after = BriefContent(
        {**WHOLE.terms, "dispositions": {"rows": rows, "words": "About Disposition codes"}}, WHOLE.metrics
    )
    [change] = differences(WHOLE, after)
    assert [(row.how, row.head) for row in change.rows] == [
        ("changed", "QUAL"),
        ("added", "NEW"),
        ("removed", "NA"),
    ]
    [(head, pieces)] = change.rows[0].cells
    assert head == "Means"
    assert "".join(piece.text for piece in pieces if piece.how != "gone") == "Transfer set (Transfer)"
    assert changed_parts(WHOLE, after) == ["dispositions"]


def test_steps_in_another_order_are_a_change() -> None:
    steps = {"rows": list(reversed(ROWS["escalation"])), "words": "About Escalation path"}
    [change] = differences(WHOLE, BriefContent({**WHOLE.terms, "escalation": steps}, WHOLE.metrics))
    assert change.rows == ()
    assert [piece.text for piece in change.order if piece.how == "new"] == ["Still failing, Transfers fail"]


def test_metrics_are_added_removed_and_moved() -> None:
    after = BriefContent(WHOLE.terms, [WHOLE.metrics[1], WHOLE.metrics[0], *WHOLE.metrics[2:4], OWN])
    [change] = differences(WHOLE, after)
    assert [(row.how, row.head) for row in change.rows] == [
        ("added", "Turnaround"),
        ("removed", "Close rate"),
    ]
    assert any("at most 24 hours" in piece.text for _, pieces in change.rows[0].cells for piece in pieces)
    assert change.order


@pytest.mark.parametrize(
    ("text", "unit", "target"),
    [
        ("24", "hours", "24"),
        ("1,500", "count", "1500"),
        ("1.5", "days", "1.5"),
        ("0", "count", "0"),
        ("", "hours", None),
    ],
)
def test_a_target_is_read_in_its_unit(text: str, unit: str, target: str | None) -> None:
    found = parse_target(text, unit)
    assert found == (None if target is None else Decimal(target))
    assert parse_target(typed_target(found, unit), unit) == found


@pytest.mark.parametrize("text", ["a day", "-1", "1e5", "24 h", "100000000", "1.23456"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Write a number"):
        parse_target(text, "hours")


def test_a_metric_of_ones_own_never_takes_the_key_of_the_funnel() -> None:
    assert metric_key("First-pass quality", set()) == "first_pass_quality"
    assert metric_key("Contact rate", set()) == "contact_rate_2"
    assert metric_key("Backlog", {"backlog", "backlog_2"}) == "backlog_3"
    assert metric_key("¡¿!", set()) == "metric"


@pytest.mark.parametrize(
    ("metric", "field", "reason"),
    [
        (replace(OWN, source_system=""), "source_system", "Name the system whose figures count"),
        (replace(OWN, unit="percent"), "denominator", "needs what it is taken of"),
        (replace(OWN, label="Contact rate"), "label", "Tollgate counts “Contact rate” from the calls"),
        (replace(STANDARD_METRICS[0], numerator="Voices"), "label", "cannot be redefined"),
    ],
)
def test_a_contract_is_judged(metric: MetricContract, field: str, reason: str) -> None:
    [(_, where, why)] = metric_faults([metric])
    assert where == field
    assert reason in why


def test_a_metric_stands_once_in_a_brief() -> None:
    assert metric_faults([OWN, replace(OWN, key="other")]) == [
        (1, "label", "“Turnaround” is in the brief already.")
    ]


FACTS = DraftFacts(
    version=2, current="abc", seen="abc", signed_by=(), in_force=False, superseded=False, proposed=False
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"in_force": True}, "stays as it is"),
        ({"superseded": True}, "replaced or discarded already"),
        ({"seen": "old"}, "changed after this page was loaded"),
    ],
)
def test_only_an_open_draft_that_was_read_is_proposed_or_discarded(
    change: dict[str, object], reason: str
) -> None:
    facts = replace(FACTS, **change)  # type: ignore[arg-type]  # fields of the dataclass by name
    assert reason in proposal_blockers(facts)[0]
    assert reason in discard_blockers(facts, "Not what was meant")[0]


def test_a_whole_draft_is_proposed_once_and_a_signed_one_not_discarded() -> None:
    assert proposal_blockers(FACTS) == []
    assert proposal_blockers(replace(FACTS, gaps=["“Geography” is still empty."])) == [
        "“Geography” is still empty."
    ]
    assert "asked for already" in proposal_blockers(replace(FACTS, proposed=True))[0]
    assert "signed by the client" in proposal_blockers(replace(FACTS, signed_by=[Side.CLIENT]))[0]
    assert discard_blockers(FACTS, "Not what was meant") == []
    assert discard_blockers(FACTS, "  x  ") == ["Say in a sentence why the draft is discarded."]


def test_until_when_people_are_called_is_the_latest_of_all_regions() -> None:
    ohio = RegionHours(
        "Ohio", "US-OH", {day: [(540, 1080)] for day in range(5)} | {5: [(600, 720), (840, 960)]}
    )
    texas = RegionHours("Texas", "US-TX", {day: [(540, 1200)] for day in range(4)})
    assert latest_text([ohio, texas]) == "Mon–Thu until 20:00, Fri until 18:00, Sat until 16:00"
    assert latest_text([]) == ""


def test_what_replaces_words_is_marked_so_that_a_copied_line_keeps_the_two_apart() -> None:
    marks = [(piece.text, piece.instead) for piece in compared("10:00–14:00", "10:00–16:00")]
    assert marks == [("10:00–14:00", False), ("10:00–16:00", True)]
    assert not any(piece.instead for piece in compared("Monday", "Monday Tuesday"))
