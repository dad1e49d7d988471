"""Windows, zones, places and caps without a database: what each sentence of a rule means for one call."""

# ruff: noqa: DTZ001  times as a clock on a wall shows them

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import zipcodes
from hypothesis import given, settings
from hypothesis import strategies as st

from engagements.terms.hours import RegionHours
from kpis.windows.bulk import Bench, Call, Tally
from kpis.windows.caps import over_cap
from kpis.windows.drops import rolling
from kpis.windows.places import clock_of, place_of, places
from kpis.windows.rules import (
    BOUNDS,
    Cap,
    Change,
    Flags,
    Rule,
    RuleSet,
    Status,
    brief_rules,
    excluded_by_brief,
    in_force,
    read_days,
    read_hours,
    read_rule,
    rule_from_json,
    rule_json,
    shipped,
)
from kpis.windows.verdict import Verdict, Why, exists, judge, judge_written, readings
from kpis.windows.zones import Located, ZoneSource, bare_number, locate, number_zones

NEW_YORK = ZoneInfo("America/New_York")
RULES = {rule.code: rule for rule in shipped()}


def at(text: str, zone: str = "America/New_York") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def here(place: str, *zones: str) -> Located:
    return Located(zones or places()[place].all_zones, ZoneSource.STATE, (place,))


def verdict(
    place: str, text: str, zone: str = "America/New_York", rules: tuple[Rule, ...] = shipped()
) -> str:
    return judge(at(text, zone), here(place, zone), rules).verdict.label


def rule(**changes: object) -> Rule:
    given = {
        "code": "x", "version": 1, "place": "US", "title": "X", "says": "X", "status": "primary", "source": "X",
        "hours": {"Mon-Sun": "8:00–21:00"},
    }  # fmt: skip
    return read_rule({**given, **changes})


@pytest.mark.parametrize(
    ("place", "text", "zone", "said"),
    [
        ("US-NY", "2026-03-12T08:00:00", "America/New_York", "Allowed"),
        ("US-NY", "2026-03-12T07:59:59", "America/New_York", "Violation"),
        ("US-NY", "2026-03-12T20:59:59", "America/New_York", "Allowed"),
        ("US-NY", "2026-03-12T21:00:00", "America/New_York", "Violation"),
        ("US-FL", "2026-03-12T20:00:00", "America/New_York", "Violation"),
        ("US-KY", "2026-03-12T09:30:00", "America/New_York", "Violation"),
        ("US-WA", "2026-03-12T20:30:00", "America/Los_Angeles", "Violation"),
        ("US-RI", "2026-03-14T09:30:00", "America/New_York", "Violation"),  # Saturday from ten
        ("US-RI", "2026-03-14T10:30:00", "America/New_York", "Allowed"),
        ("US-RI", "2026-03-15T12:00:00", "America/New_York", "Violation"),  # Sunday
        (
            "US-RI",
            "2026-08-10T12:00:00",
            "America/New_York",
            "Violation",
        ),  # Victory Day, of Rhode Island alone
        ("US-LA", "2026-02-17T12:00:00", "America/Chicago", "Violation"),  # Mardi Gras
        ("US-NV", "2026-03-12T20:30:00", "America/Los_Angeles", "Possible"),  # sources disagree
        (
            "US-NV",
            "2026-03-12T21:30:00",
            "America/Los_Angeles",
            "Violation",
        ),  # and agree on the federal hours
        ("US-TX", "2026-03-15T11:00:00", "America/Chicago", "Violation"),  # Sunday from noon
        ("FR", "2026-03-12T13:30:00", "Europe/Paris", "Violation"),  # between the two intervals
        ("FR", "2026-03-12T14:00:00", "Europe/Paris", "Allowed"),
        ("FR", "2026-07-14T11:00:00", "Europe/Paris", "Violation"),
        ("FR", "2023-02-28T08:00:00", "Europe/Paris", "Unknown"),  # before the decree no rule is known
        ("AU-NSW", "2026-03-14T17:00:00", "Australia/Sydney", "Violation"),
        ("CA-ON", "2026-03-12T21:29:59", "America/Toronto", "Allowed"),
        ("DE", "2026-03-12T12:00:00", "Europe/Berlin", "Unknown"),
    ],
)
def test_the_shipped_rules(place: str, text: str, zone: str, said: str) -> None:
    assert verdict(place, text, zone) == said


def test_over_all_zones_and_places() -> None:
    federal = (RULES["us-tcpa"],)
    both = here("US-TN")
    assert judge(at("2026-03-12T12:00:00"), both, federal).verdict == Verdict.ALLOWED
    assert judge(at("2026-03-12T08:30:00"), both, federal).verdict == Verdict.POSSIBLE
    assert judge(at("2026-03-12T07:30:00"), both, federal).verdict == Verdict.VIOLATION
    # Only the number tells Florida: at 20:30 its hours are over, the federal ones are not.
    guessed = Located(("America/New_York",), ZoneSource.NUMBER, ("US-FL", "US"))
    assert judge(at("2026-03-12T20:30:00"), guessed, shipped()).verdict == Verdict.POSSIBLE
    assert judge(at("2026-03-12T12:00:00"), Located((), ZoneSource.NONE, ()), shipped()).why == Why.NO_ZONE
    assert judge(None, both, shipped()).why == Why.NO_TIME


def test_a_judgement_keeps_what_it_rests_on() -> None:
    found = judge(at("2026-07-04T12:00:00"), here("US-RI"), shipped())
    assert (found.rules, found.why, found.said) == (("us-ri",), Why.HOLIDAY, "Independence Day")
    assert [(zone, f"{local:%H:%M}") for zone, local in found.local] == [("America/New_York", "12:00")]


def test_skipped_and_doubled_hours() -> None:
    assert readings(datetime(2025, 3, 9, 2, 30), "America/New_York") == []
    assert not exists(datetime(2025, 3, 9, 2, 30), "America/New_York")
    twice = readings(datetime(2025, 11, 2, 1, 30), "America/New_York")
    assert [f"{moment:%H:%M}" for moment in twice] == ["05:30", "06:30"]
    # Arizona keeps its clocks: the same moment is another hour there before and after New York's change.
    for text, hour in (("2026-03-07T20:30:00", 18), ("2026-03-08T20:30:00", 17)):
        assert at(text).astimezone(ZoneInfo("America/Phoenix")).hour == hour
    night = judge_written(datetime(2025, 3, 9, 2, 30), here("US-NY"), shipped())
    assert (night.verdict, night.why) == (Verdict.UNKNOWN, Why.NO_TIME)
    assert judge_written(datetime(2025, 11, 2, 1, 30), here("US-NY"), shipped()).verdict == Verdict.VIOLATION


@given(
    moment=st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    place=st.sampled_from(["US-NY", "US-TN", "US-FL", "US-AZ", "US-KS", "FR", "AU-NSW", "CA-NL"]),
)
@settings(max_examples=200, deadline=None)
def test_a_verdict_is_what_its_local_times_say(moment: datetime, place: str) -> None:
    where = here(place)
    found = judge(moment, where, shipped())
    allowed = [
        all(each.allows(local) for each in shipped() if each.binds(place) and not each.only)
        for _, local in found.local
    ]
    rules = tuple(each for each in shipped() if not each.only)
    found = judge(moment, where, rules)
    if found.verdict == Verdict.ALLOWED:
        assert all(allowed)
    if found.verdict == Verdict.VIOLATION:
        assert not any(allowed)
    assert all(local.astimezone(UTC) == moment for _, local in found.local)


@given(
    start=st.integers(0, 1438), length=st.integers(1, 1439), bounds=st.sampled_from(BOUNDS),
    second=st.integers(0, 86_399), weekday=st.integers(0, 6),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_the_ends_of_an_interval_are_what_its_bounds_say(
    start: int, length: int, bounds: str, second: int, weekday: int
) -> None:
    end = min(start + length, 1440)
    made = Rule("x", 1, "US", "X", "X", Status.PRIMARY, "X", {weekday: [(start, end)]}, bounds=bounds)
    day = datetime(2026, 6, 1 + weekday)  # a Monday and what follows
    inside = start * 60 < second < end * 60
    inside = (
        inside or (second == start * 60 and bounds[0] == "[") or (second == end * 60 and bounds[1] == "]")
    )
    assert made.allows(day + timedelta(seconds=second)) == inside
    assert not made.allows(day + timedelta(days=1, seconds=second))


@given(
    moments=st.lists(
        st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)), max_size=30
    )
)
@settings(max_examples=50, deadline=None)
def test_many_at_once_are_judged_as_one_by_one(moments: list[datetime]) -> None:
    rules = in_force(changes=[], country="US")
    calls = [Call(n, moment, region="TN", phone="+19015550101") for n, moment in enumerate(sorted(moments))]
    tallies: dict[str, Tally] = {}
    found = {each.call: each.verdict for each in Bench(rules).judge(calls, tallies)}
    for call in calls:
        where = locate(region="TN", phone="+19015550101", country="US")
        assert call.at is None or found.get(call.call, Verdict.ALLOWED) == (
            Verdict.UNKNOWN
            if call.at.time() == datetime.min.time()
            else judge(call.at, where, rules.judged).verdict
        )
    assert sum(t.allowed + t.violations + t.possibles + t.unknowns for t in tallies.values()) == len(calls)


@given(
    gaps=st.lists(st.integers(0, 40_000), min_size=1, max_size=60),
    most=st.integers(1, 5),
    hours=st.integers(1, 48),
)
def test_a_cap_counts_every_window(gaps: list[int], most: int, hours: int) -> None:
    times = [sum(gaps[: n + 1]) for n in range(len(gaps))]
    told = over_cap([("1", each) for each in times], most, hours)
    naive = [
        sum(each - hours * 3600 < other <= each for other in times[: n + 1]) > most
        for n, each in enumerate(times)
    ]
    assert told == naive


def test_a_call_exactly_a_day_ago_no_longer_counts_and_no_number_never_does() -> None:
    day = 24 * 3600
    assert over_cap([("1", 0), ("1", 1), ("1", 2), ("1", day)], 3, 24) == [False] * 4
    assert over_cap([("1", 0), ("1", 1), ("1", 2), ("1", day - 1)], 3, 24)[-1]
    assert over_cap([("", n) for n in range(9)], 1, 24) == [False] * 9


@pytest.mark.parametrize(
    ("given", "zones", "source", "place"),
    [
        ({"lead_zone": "America/Denver", "region": "TX"}, {"America/Denver"}, ZoneSource.LEAD, "US-TX"),
        ({"lead_zone": "-5.00", "region": "NY"}, {"America/New_York"}, ZoneSource.STATE, "US-NY"),
        ({"lead_zone": "EST", "postal_code": "32501"}, {"America/Chicago"}, ZoneSource.POSTAL, "US-FL"),
        ({"postal_code": "32501-1234", "region": "NY"}, {"America/Chicago"}, ZoneSource.POSTAL, "US-FL"),
        ({"region": "Florida"}, {"America/New_York", "America/Chicago"}, ZoneSource.STATE, "US-FL"),
        ({"region": "fl", "phone": "8509340101"}, {"America/Chicago"}, ZoneSource.STATE, "US-FL"),
        ({"region": "fl", "phone": "8502220101"}, {"America/New_York"}, ZoneSource.STATE, "US-FL"),
        ({"phone": "(541) 889-0101"}, {"America/Denver"}, ZoneSource.NUMBER, "US-OR"),
        ({"phone": "605 642 0101"}, {"America/Denver"}, ZoneSource.NUMBER, "US-SD"),
        ({"phone": "+61 412 345 678", "region": "NSW"}, None, ZoneSource.NUMBER, "AU"),
        ({"phone": "800-555-0101"}, set(), ZoneSource.NONE, ""),
        ({"phone": "441-555-0101"}, set(), ZoneSource.NONE, ""),
        ({"phone": "951677xxxx"}, set(), ZoneSource.NONE, ""),
        ({"phone": "2.12555E+09"}, set(), ZoneSource.NONE, ""),
        ({"phone": "0000000000"}, set(), ZoneSource.NONE, ""),
        ({"region": "CA"}, {"America/Los_Angeles"}, ZoneSource.STATE, "US-CA"),
        ({"region": "Ontario", "phone": ""}, {"America/Toronto", "America/Winnipeg"}, ZoneSource.STATE, "CA-ON"),
        ({"region": "Atlantis"}, set(), ZoneSource.NONE, ""),
    ],
)  # fmt: skip
def test_the_best_source_tells_the_zone(
    given: dict[str, str], zones: set[str] | None, source: ZoneSource, place: str
) -> None:
    found = locate(**given, country="US")
    assert zones is None or set(found.zones) == zones
    assert (found.source, found.place) == (source, place)


def test_the_state_wins_over_a_number_elsewhere() -> None:
    found = locate(region="CA", phone="2125550101", country="US")
    assert found.zones == ("America/Los_Angeles",)
    assert found.conflict == "The number points to America/New_York, the state is California."
    # A corner of a state is judged, and its number does not fit what is usual there.
    corner = locate(region="KS", phone="7858900101", country="US")
    assert set(corner.zones) == {"America/Chicago", "America/Denver"}


def test_other_countries_as_far_as_they_are_known() -> None:
    assert locate(postal_code="K1A 0B1", country="CA").place == "CA-ON"
    assert locate(postal_code="2600", country="AU").place == "AU-ACT"
    assert locate(postal_code="75001", country="FR").zones == ("Europe/Paris",)
    assert locate(postal_code="97400", country="FR").zones == ()  # La Réunion
    assert locate(phone="06 12 34 56 78", country="FR").place == "FR"
    assert locate(phone="0612345678", country="").zones == ()  # nobody knows whose number that is


def test_numbers_are_the_same_however_they_are_written() -> None:
    for text in (
        "6135550199",
        "16135550199",
        "+16135550199",
        "+1 613-555-0199",
        "tel:+16135550199",
        "(613) 555-0199",
    ):
        assert bare_number(text, "CA") == "16135550199"
    assert number_zones("+12125550101", "FR") == ("America/New_York",)


def test_places_agree_with_the_table_of_postal_codes() -> None:
    """A zone in which one in twenty-five postal codes of a state lie is one of its zones; a rarer one is a corner."""
    counts: dict[str, dict[object, int]] = {}
    for row in zipcodes.list_all():
        code = f"US-{row['state']}"
        if code in places() and "/" in row["timezone"]:
            clocks = counts.setdefault(code, {})
            clocks[clock_of(row["timezone"])] = clocks.get(clock_of(row["timezone"]), 0) + 1
    for code, clocks in counts.items():
        if code in ("US-AK", "US-ND"):  # Nome and Sitka run as Anchorage; three hamlets of Dakota as Chicago
            continue
        usual = {clock for clock, many in clocks.items() if many * 25 >= sum(clocks.values())}
        assert {clock_of(zone) for zone in places()[code].zones} == usual, code


def test_abbreviations_are_those_of_the_country() -> None:
    assert place_of("CA", "US") == "US-CA"
    assert place_of("CA", "") == "CA"
    assert place_of("de", "US") == "US-DE"
    assert place_of("  new   york ", "") == "US-NY"
    assert place_of("US-TX", "CA") == "US-TX"
    assert place_of("Utopia", "US") is None


def test_the_brief_narrows_and_its_own_region_stands_instead_of_the_country() -> None:
    nine = {day: [(540, 1080)] for day in range(5)}
    late = {day: [(600, 1200)] for day in range(6)}
    made, silent = brief_rules(
        [
            RegionHours("United States", "US", nine),
            RegionHours("New York", "US-NY", late),
            RegionHours("Gotham"),
        ],
        3,
    )
    assert silent == ["Gotham"]
    assert [(each.code, each.version, each.status) for each in made] == [
        ("brief-us", 3, Status.AGREED), ("brief-us-ny", 3, Status.AGREED),
    ]  # fmt: skip
    rules = in_force(changes=[], brief=made, country="US").judged
    assert verdict("US-NJ", "2026-03-12T19:00:00", rules=rules) == "Violation"
    assert verdict("US-NY", "2026-03-12T19:00:00", rules=rules) == "Allowed"
    assert verdict("US-NY", "2026-03-12T21:30:00", rules=rules) == "Violation"
    assert (
        verdict("US-NY", "2026-03-15T12:00:00", rules=rules) == "Violation"
    )  # a weekday that it does not name


def test_a_change_stands_instead_and_taking_it_back_does_not() -> None:
    later = read_rule({**rule_entry(), "code": "us-tcpa", "hours": {"Mon-Sun": "10:00–11:00"}})
    changed = in_force(changes=[Change("us-tcpa", 2, later, "Because")])
    standing = changed.rule("us-tcpa")
    assert standing is not None
    assert (standing.version, standing.status, standing.reason) == (2, Status.AGREED, "Because")
    assert in_force(changes=[Change("us-tcpa", 3, None, "Off")]).rule("us-tcpa") is None
    assert changed.digest != in_force(changes=[]).digest


def rule_entry() -> dict[str, object]:
    return {
        "code": "x",
        "version": 1,
        "place": "US",
        "title": "X",
        "says": "X",
        "status": "primary",
        "source": "X",
    }


def test_what_is_kept_reads_as_it_was() -> None:
    for each in shipped():
        assert rule_json(rule_from_json(rule_json(each))) == rule_json(each)
    assert len({each.code for each in shipped()}) == len(shipped())
    assert all(each.source and each.says and each.place for each in shipped())


def test_a_rule_holds_between_its_dates_and_not_on_its_closed_days() -> None:
    made = rule(**{"from": date(2026, 3, 1), "until": date(2026, 3, 31), "closed_on": [date(2026, 3, 20)]})
    assert not made.allows(datetime(2026, 3, 12, 7))
    assert made.allows(datetime(2026, 2, 28, 7)) and made.allows(datetime(2026, 4, 1, 7))
    assert not made.allows(datetime(2026, 3, 20, 12))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"place": "XX"}, "no place"), ({"bounds": "8-21"}, "Bounds"), ({"hour": {}}, "has no “hour”"),
        ({"hours": {"Mon-Fri": "9:00–12:00", "Fri": "13:00–14:00"}}, "twice"),
        ({"hours": {"Any": "9:00–12:00"}}, "weekdays"),
        ({"hours": {"Fri-Mon": "9:00–12:00"}}, "ends before"), ({"hours": {"Mon": "12:00–9:00"}}, "ends before"),
        ({"from": date(2026, 2, 1), "until": date(2026, 1, 1)}, "ends before"),
        ({"closed_on_holidays_of": "US-XX"}, "none of"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_rule_is_refused_with_the_reason(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        rule(**changes)


def test_weekdays_and_hours_as_files_write_them() -> None:
    assert read_days("Mon-Wed, Sun") == [0, 1, 2, 6]
    assert read_hours({"Sat": "10:00–12:00, 13:00–14:00"}) == {5: [(600, 720), (780, 840)]}
    assert str(Cap(3, 24)) == "at most 3 calls in 24 hours"
    assert str(Cap(4, 720)) == "at most 4 calls in 30 days"


def test_flags_are_off_unless_somebody_says_so() -> None:
    assert Flags() == RuleSet(shipped()).flags
    late = Call(1, at("2026-03-12T22:00:00"), region="NY", source="Opt-in", inbound=True, callback=True)

    def told(**flags: object) -> int:
        tallies: dict[str, Tally] = {}
        return len(list(Bench(RuleSet(shipped(), Flags(**flags), "US")).judge([late], tallies)))  # type: ignore[arg-type]

    assert told() == 1
    assert told(inbound=True) == told(callbacks=True) == told(consent_sources=frozenset({"Opt-in"})) == 0
    assert told(consent_sources=frozenset({"Web"})) == 1
    maine = Call(1, at("2026-03-12T18:00:00"), region="ME")
    assert not list(Bench(RuleSet(shipped(), Flags(), "US")).judge([maine], {}))
    assert list(Bench(RuleSet(shipped(), Flags(automated=True), "US")).judge([maine], {}))


def test_midnight_to_the_second_is_no_time() -> None:
    calls = [Call(n, at(f"2026-03-12T00:00:0{n}"), "America/New_York", region="NY") for n in range(2)]
    found = list(Bench(RuleSet(shipped(), country="US")).judge(calls, {}))
    assert [(each.verdict, each.why) for each in found] == [
        (Verdict.UNKNOWN, Why.NO_TIME), (Verdict.VIOLATION, Why.HOURS),
    ]  # fmt: skip


def test_abandoned_calls_over_thirty_days() -> None:
    start = date(2026, 3, 1)
    days = [(start + timedelta(days=n), 100, 4 if n == 0 else 1) for n in range(31)]
    found = rolling(days)
    assert (found[0].rate, found[0].too_many) == (0.04, True)
    assert (found[29].answered, found[29].abandoned) == (3000, 33)
    assert (found[30].answered, found[30].abandoned) == (3000, 30)  # the first day has left
    assert [each.too_many for each in found[1:3]] == [False, False]
    assert rolling([(start, None, None)]) == []
    mixed = rolling([(start, None, None), (start + timedelta(days=1), 10, 0)])
    assert [(each.answered, each.untold) for each in mixed] == [(10, 1)]
    assert all(a.last < b.last for a, b in pairwise(found))


def test_the_brief_excludes_places_that_it_does_not_name() -> None:
    nine = {0: [(540, 1140)]}
    rules, silent = brief_rules(
        [RegionHours("New York", "US-NY", nine), RegionHours("Ohio", "US-OH", nine)], 1
    )
    assert excluded_by_brief({"US-NY", "US-IN", "US", ""}, rules, silent) == {"US-IN"}, (
        "a country holds its parts"
    )
    assert excluded_by_brief({"US-IN"}, rules, ["Gotham"]) == frozenset(), "Gotham may be anywhere"
    assert excluded_by_brief({"US-IN"}, shipped()) == frozenset(), "no brief agrees any hours"
    everywhere, _ = brief_rules([RegionHours("Everywhere", "", nine)], 1)
    assert excluded_by_brief({"US-IN"}, everywhere) == frozenset()


def test_a_rule_says_what_it_allows_on_a_day() -> None:
    friday, sunday = date(2026, 3, 13), date(2026, 3, 15)
    short = rule(hours={"Mon-Fri": "9:00–12:00, 13:00–20:00"})
    assert short.said_of(friday) == "09:00–12:00, 13:00–20:00"
    assert short.said_of(sunday) == "no calls"
    assert rule(closed_on=[friday]).said_of(friday) == "no calls"
