"""When a day's report is due, what sets it apart, when it counts as unread: across zones and changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from reports.evenings import (
    EVENING,
    EVENINGS,
    DayFacts,
    Figures,
    News,
    again,
    due_on,
    first_news,
    has_come,
    is_unread,
    newest,
    week_of,
)
from reports.snapshots import Kind

LAUNCH = date(2026, 3, 12)  # a Thursday


def facts(day: date, *, works: bool = True, has_calls: bool = True, cleared: bool = True) -> DayFacts:
    return DayFacts(day, 11 + (day - LAUNCH).days, LAUNCH, cleared, works, has_calls)


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        ("America/New_York", datetime(2026, 3, 12, 22, 29, tzinfo=UTC), date(2026, 3, 11)),
        ("America/New_York", datetime(2026, 3, 12, 22, 30, tzinfo=UTC), date(2026, 3, 12)),
        # Before the clocks go forward the same evening comes an hour later in UTC, and after they go back again.
        ("America/New_York", datetime(2026, 3, 7, 22, 30, tzinfo=UTC), date(2026, 3, 6)),
        ("America/New_York", datetime(2026, 3, 7, 23, 30, tzinfo=UTC), date(2026, 3, 7)),
        ("America/New_York", datetime(2026, 11, 1, 22, 30, tzinfo=UTC), date(2026, 10, 31)),
        ("America/New_York", datetime(2026, 11, 1, 23, 30, tzinfo=UTC), date(2026, 11, 1)),
        ("Asia/Manila", datetime(2026, 3, 12, 10, 30, tzinfo=UTC), date(2026, 3, 12)),
        ("Asia/Kathmandu", datetime(2026, 3, 12, 12, 44, tzinfo=UTC), date(2026, 3, 11)),
        ("Asia/Kathmandu", datetime(2026, 3, 12, 12, 45, tzinfo=UTC), date(2026, 3, 12)),
        ("Pacific/Honolulu", datetime(2026, 3, 13, 4, 30, tzinfo=UTC), date(2026, 3, 12)),
    ],
)
def test_an_evening_is_a_time_on_the_wall_of_the_zone(zone: str, now: datetime, day: date) -> None:
    assert newest(EVENING, zone, now) == day
    assert has_come(day, EVENING, zone, now)
    assert not has_come(day + timedelta(days=1), EVENING, zone, now)


@pytest.mark.parametrize("change", [date(2026, 3, 8), date(2026, 11, 1)])
def test_every_date_has_one_evening_also_when_the_clock_changes(change: date) -> None:
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - timedelta(days=1)
    seen = [newest(EVENING, "America/New_York", start + timedelta(minutes=5 * n)) for n in range(12 * 24 * 3)]
    assert seen == sorted(seen)
    assert set(seen) == {change + timedelta(days=n) for n in (-3, -2, -1, 0, 1)} - {
        change - timedelta(days=3)
    } | {min(seen)}


def test_evenings_are_late_enough_and_of_their_own_date() -> None:
    assert EVENING in EVENINGS
    assert (min(EVENINGS), max(EVENINGS)) == (time(15), time(23, 30))


def test_a_working_day_has_its_report_with_calls_or_without() -> None:
    assert due_on(facts(LAUNCH)) == [Kind.DAILY]
    assert due_on(facts(LAUNCH, has_calls=False)) == [Kind.DAILY]
    assert first_news(facts(LAUNCH)) is News.NONE
    assert first_news(facts(LAUNCH, has_calls=False)) is News.MISSING


def test_a_day_off_has_one_only_when_there_are_calls() -> None:
    saturday = date(2026, 3, 14)
    assert due_on(facts(saturday, works=False, has_calls=False)) == []
    assert due_on(facts(saturday, works=False)) == [Kind.DAILY]


def test_nothing_is_due_before_the_launch_or_without_the_gate() -> None:
    assert due_on(facts(LAUNCH - timedelta(days=1))) == []
    assert due_on(facts(LAUNCH, cleared=False)) == []


def test_sunday_adds_the_week() -> None:
    assert due_on(facts(date(2026, 3, 15))) == [Kind.DAILY, Kind.WEEKLY]
    assert due_on(facts(date(2026, 3, 15), works=False, has_calls=False)) == [Kind.WEEKLY]
    assert week_of(date(2026, 3, 15), LAUNCH) == (LAUNCH, date(2026, 3, 15))
    assert week_of(date(2026, 3, 18), LAUNCH) == (date(2026, 3, 16), date(2026, 3, 22))


def test_after_the_last_day_silence_is_no_news() -> None:
    day_92 = LAUNCH + timedelta(days=81)  # a Monday
    assert due_on(facts(day_92, has_calls=False)) == []
    assert due_on(facts(day_92)) == [Kind.DAILY]


EMPTY: Figures = ((None,) * 6, {})
TOLD: Figures = ((500, 50, 20, 15, 8, 2), {"contact_rate": (50, 500)})


@pytest.mark.parametrize(
    ("told", "now", "news"),
    [
        (TOLD, TOLD, None),
        (EMPTY, EMPTY, None),
        (EMPTY, TOLD, News.LATE),
        (TOLD, EMPTY, News.RESTATED),
        (TOLD, ((500, 51, 20, 15, 8, 2), {"contact_rate": (51, 500)}), News.RESTATED),
        (TOLD, ((500, 50, 20, 15, 8, 2), {"contact_rate": (50, 500), "turnaround": (90, 3)}), None),
        (((None,) * 6, {"turnaround": (90, 3)}), ((None,) * 6, {"turnaround": (91, 3)}), News.RESTATED),
    ],
)
def test_a_day_is_told_again_when_what_was_told_is_no_longer_so(
    told: Figures, now: Figures, news: News | None
) -> None:
    assert again(told, now) == news


def test_a_report_counts_as_unread_from_the_noon_after_it() -> None:
    made = date(2026, 3, 12)
    before, noon = datetime(2026, 3, 13, 15, 59, tzinfo=UTC), datetime(2026, 3, 13, 16, tzinfo=UTC)
    assert not is_unread(made, "America/New_York", before, [], "client")
    assert is_unread(made, "America/New_York", noon, [], "client")
    assert is_unread(made, "America/New_York", noon, ["operator"], "client")
    assert not is_unread(made, "America/New_York", noon, ["client"], "client")
