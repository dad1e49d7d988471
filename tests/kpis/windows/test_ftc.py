"""The FTC's file of complaints: real times of unwanted calls, with the state and the area code of who was called."""

import csv
import gzip
from collections import Counter
from datetime import datetime, time
from functools import cache

import pytest

from kpis.windows.places import clock_of, place_of, places
from kpis.windows.rules import shipped
from kpis.windows.verdict import Verdict, Why, is_placeholder, judge_written
from kpis.windows.zones import area_zones, bare_number, locate
from tests.paths import SHARED

FILE = SHARED / "data" / "ftc_dnc_complaints" / "dnc_complaint_numbers_2021-07-08.csv.gz"
FEDERAL = tuple(rule for rule in shipped() if rule.place == "US")


@pytest.fixture(scope="module")
def complaints() -> list[dict[str, str]]:
    with gzip.open(FILE, "rt", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def moment(row: dict[str, str]) -> datetime | None:
    at = datetime.fromisoformat(row["Violation_Date"])
    return None if is_placeholder(at) else at


@cache
def where(state: str):
    return locate(region=state, country="US")


def test_the_totals_of_the_federal_hours_come_out(complaints: list[dict[str, str]]) -> None:
    verdicts = Counter()
    bounds = Counter()
    for row in complaints:
        at = moment(row)
        judged = judge_written(at, where(row["Consumer_State"]), FEDERAL, "US")
        verdicts[judged.verdict] += 1
        assert (judged.why == Why.NO_TIME) == (at is None)
        if at and at.time() in (time(8), time(21)):
            bounds[at.time(), judged.verdict] += 1
    assert verdicts == {Verdict.ALLOWED: 12_890, Verdict.VIOLATION: 537, Verdict.UNKNOWN: 607}
    assert bounds == {(time(8), Verdict.ALLOWED): 21, (time(21), Verdict.VIOLATION): 3}


def test_the_state_wins_over_the_area_code_and_the_conflicts_are_listed(
    complaints: list[dict[str, str]],
) -> None:
    checked, listed = 0, []
    for row in complaints:
        state, area = place_of(row["Consumer_State"], "US"), row["Consumer_Area_Code"]
        # The fifty states and the District: islands have zones and area codes of their own.
        if state in (None, "US-PR", "US-VI") or not area_zones(area):
            continue
        checked += 1
        found = locate(region=row["Consumer_State"], area_code=area, country="US")
        if found.conflict:
            listed.append((row["Consumer_State"], area))
            assert found.zones == places()[state].all_zones
            assert place_name_in(found.conflict, row["Consumer_State"])
        else:
            assert {clock_of(zone) for zone in found.zones} <= {
                clock_of(z) for z in places()[state].all_zones
            }
    assert checked == 13_989
    assert len(listed) == 457
    assert Counter(listed).most_common(1) == [(("California", "740"), 47)]


def place_name_in(text: str, name: str) -> bool:
    return name in text


def test_every_state_of_the_file_has_its_place(complaints: list[dict[str, str]]) -> None:
    names = {row["Consumer_State"] for row in complaints} - {""}
    assert len(names) == 53
    assert [name for name in names if place_of(name, "US") is None] == []


def test_what_is_no_number_stays_none(complaints: list[dict[str, str]]) -> None:
    written = {row["Company_Phone_Number"] for row in complaints}
    for text in ("951677xxxx", "88497185??", "saidpress1", "none", "4242972172,347284638", ""):
        assert bare_number(text, "US") == ""
    assert bare_number("8005078317;222", "US") == "18005078317"
    numbers = {bare_number(text, "US") for text in written} - {""}
    assert all(number.isdigit() for number in numbers)
    assert len(numbers) > 8_000
