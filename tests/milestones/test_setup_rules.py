"""Checks that follow from transfer lines and from real leads, and what may be logged for them."""

from dataclasses import replace
from datetime import date

import pytest

from common.days import Calendar, WhenOff, WorkDays
from milestones.rules.setup import (
    LeadFacts,
    LineFacts,
    lead_result,
    lead_test_blockers,
    line_blockers,
    live_day_blockers,
    logged_later,
    masked,
    transfer_result,
    transfer_test_blockers,
    validity_blockers,
)

EAST, WEST = LineFacts("East", (True,)), LineFacts("West", (False, True))
TODAY = date(2026, 3, 9)
LAUNCH = date(2026, 3, 12)


def lead(name: str, *, day: int = 8, source: str = "Web form", passed: bool = True) -> LeadFacts:
    return LeadFacts(day, name, source, passed)


@pytest.mark.parametrize(
    ("lines", "result", "why"),
    [
        ((), "open", "no transfer line is set up yet"),
        ((EAST, LineFacts("North", ())), "open", "North is not tested"),
        ((EAST, WEST), "failed", "West failed and was not passed since"),
        ((EAST, LineFacts("West", (True, False))), "passed", ""),
        (
            (EAST, LineFacts("West", (True,), "expired on Mon 9 Mar")),
            "expired",
            "the evidence of West expired on Mon 9 Mar",
        ),
    ],
)
def test_every_line_in_use_has_passed(lines: tuple[LineFacts, ...], result: str, why: str) -> None:
    assert transfer_result(lines) == (result, why)


@pytest.mark.parametrize(
    ("tests", "day", "sources", "result", "why"),
    [
        ((lead("1", day=9),), 8, (), "open", "no real lead has gone through on this day"),
        ((lead("1"),), 8, ("Web form", "Fair"), "passed", ""),
        ((lead("1"), lead("2", passed=False)), 8, (), "failed", "lead 2 failed and did not go through since"),
        ((lead("2"), lead("2", passed=False)), 8, (), "passed", ""),
        ((lead("2", day=9), lead("2", passed=False), lead("1")), 8, (), "passed", ""),
        ((lead("3", day=9),), 9, ("Web form", "Fair"), "open", "no real lead from Fair has gone through"),
        ((lead("3", day=9), lead("1", source="fair")), 9, ("Web form", "Fair"), "passed", ""),
        ((lead("3", day=9),), 9, (), "passed", ""),
    ],
)  # fmt: skip
def test_each_day_has_its_lead_and_each_source_too(
    tests: tuple[LeadFacts, ...], day: int, sources: tuple[str, ...], result: str, why: str
) -> None:
    assert lead_result(tests, day=day, sources=sources) == (result, why)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+1 617 555 0148", "•••0148"),
        ("(617) 555-0148", "(•••0148"),
        ("CRM 4711", "CRM 4711"),
        ("lead of 9 March", "lead of 9 March"),
        ("call 6175550148 twice", "call •••0148 twice"),
    ],
)
def test_no_telephone_number_is_kept_whole(typed: str, kept: str) -> None:
    assert masked(typed) == kept


def test_a_line_needs_a_name_of_its_own_a_number_and_who_answers() -> None:
    assert line_blockers(name="East", number="701", team="Closers", taken=("west",)) == []
    assert line_blockers(name=" east ", number="701", team="Closers", taken=("East",)) == [
        "There is a line “east” already."
    ]
    assert len(line_blockers(name=" ", number="", team="-", taken=())) == 3


def test_a_passed_call_names_who_answered_and_a_failed_one_what_failed() -> None:
    def said(**change: object) -> list[str]:
        facts = {"passed": True, "answered_by": "Caleb", "note": "", "retired": False, **change}
        return transfer_test_blockers(**facts)  # type: ignore[arg-type]

    assert said() == []
    assert said(answered_by=" ")[0].startswith("Say who answered")
    assert said(passed=False)[0].startswith("Say what failed")
    assert said(retired=True)[0].startswith("This line is no longer used")


def test_a_lead_has_a_day_a_source_a_path_and_an_outcome() -> None:
    whole = {
        "day": 8, "lead": "CRM 4711", "source": "Web form", "steps": ["form", "CRM"], "outcome": "set", "passed": True,
        "note": "", "calendar": Calendar.contracted(date(2026, 3, 2)), "today": TODAY,
    }  # fmt: skip
    assert lead_test_blockers(**whole) == []  # type: ignore[arg-type]
    for change in (
        {"day": 7},
        {"day": 9},
        {"lead": " "},
        {"source": ""},
        {"steps": ["form"]},
        {"outcome": ""},
        {"passed": False},
    ):
        assert len(lead_test_blockers(**{**whole, **change})) == 1  # type: ignore[arg-type]


def test_a_live_day_takes_leads_once_it_has_come() -> None:
    calendar = Calendar.contracted(date(2026, 3, 2))
    assert live_day_blockers(8, calendar, date(2026, 3, 8)) == [
        "Day 8 is Mon 9 Mar: its leads are logged from then on."
    ]
    assert live_day_blockers(8, calendar, TODAY) == live_day_blockers(8, calendar, date(2026, 3, 20)) == []
    assert not logged_later(8, TODAY, calendar)
    assert logged_later(8, date(2026, 3, 10), calendar)
    early = replace(
        Calendar.contracted(date(2026, 3, 1)),
        work=WorkDays(frozenset({1, 2, 3, 4, 5}), when_off=WhenOff.PREVIOUS),
    )
    assert early.date_of(8) == date(2026, 3, 8), "a Sunday"
    assert live_day_blockers(8, early, date(2026, 3, 6)) == []
    assert live_day_blockers(8, early, date(2026, 3, 5))[0].startswith("Day 8 is Fri 6 Mar")


@pytest.mark.parametrize(
    ("start", "end", "fault"),
    [
        (None, None, ""),
        (None, date(2026, 6, 1), ""),
        (None, TODAY, "has expired already"),
        (None, LAUNCH, "no longer holds from Thu 12 Mar on, and the launch is on Thu 12 Mar: bring evidence"),
        (None, date(2026, 3, 13), ""),
        (date(2026, 3, 11), date(2026, 3, 10), "after the day"),
        (LAUNCH, None, ""),
        (date(2026, 3, 13), None, "until then it proves nothing"),
        (None, date(2046, 6, 1), "check the year"),
    ],
)
def test_evidence_expires_ahead(start: date | None, end: date | None, fault: str) -> None:
    reasons = validity_blockers(start, end, today=TODAY, launch=LAUNCH)
    assert bool(reasons) == bool(fault)
    assert all(fault in reason for reason in reasons)
