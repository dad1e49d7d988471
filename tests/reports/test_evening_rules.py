"""When a day's report is due, what sets it apart, when it counts as unread: across zones and changes of the clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.terms.hours import RegionHours, evening_of, last_end
from reports.evenings import (
    EVENING,
    EVENINGS,
    LONGEST_WEEK,
    SHORTEST_WEEK,
    DayFacts,
    Figures,
    News,
    Weeks,
    again,
    due_on,
    first_news,
    has_come,
    is_unread,
    newest,
    next_week,
    week_due,
    weekday_of,
)
from reports.snapshots import Kind

LAUNCH = date(2026, 3, 12)  # a Thursday


def facts(day: date, *, works: bool = True, has_calls: bool = True, cleared: bool = True) -> DayFacts:
    return DayFacts(day, 11 + (day - LAUNCH).days, LAUNCH, cleared, works, has_calls, Weeks(FRI, LAUNCH))


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


def kinds(found: DayFacts) -> list[Kind]:
    return [due.kind for due in due_on(found)]


def test_a_working_day_has_its_report_with_calls_or_without() -> None:
    assert kinds(facts(LAUNCH)) == [Kind.DAILY]
    assert kinds(facts(LAUNCH, has_calls=False)) == [Kind.DAILY]
    assert first_news(facts(LAUNCH)) is News.NONE
    assert first_news(facts(LAUNCH, has_calls=False)) is News.MISSING


def test_a_day_off_has_one_only_when_there_are_calls() -> None:
    saturday = date(2026, 3, 14)
    assert due_on(facts(saturday, works=False, has_calls=False)) == []
    assert kinds(facts(saturday, works=False)) == [Kind.DAILY]


def test_nothing_is_due_before_the_launch_or_without_the_gate() -> None:
    assert due_on(facts(LAUNCH - timedelta(days=1))) == []
    assert due_on(facts(LAUNCH, cleared=False)) == []


THU, FRI, SUN = 4, 5, 7
MARCH = [date(2026, 3, day) for day in range(1, 32)]


def weeks(weekday: int, told_until: date | None = None, asked_from: date | None = LAUNCH) -> Weeks:
    return Weeks(weekday, LAUNCH, told_until, asked_from)


def test_the_first_week_is_the_nearest_to_seven_days_from_the_launch_on() -> None:
    assert week_due(date(2026, 3, 13), weeks(FRI)) is None, "two days are no week"
    assert week_due(date(2026, 3, 20), weeks(FRI)) == (LAUNCH, date(2026, 3, 20))
    assert week_due(date(2026, 3, 15), weeks(SUN)) == (LAUNCH, date(2026, 3, 15))
    assert due_on(replace(facts(date(2026, 3, 15)), weeks=weeks(SUN)))[-1].kind is Kind.WEEKLY


def test_every_further_week_is_the_seven_days_up_to_its_weekday() -> None:
    told = weeks(FRI, date(2026, 3, 20))
    due = [week_due(day, told) for day in MARCH[20:]]
    assert due[:6] == [None] * 6
    assert due[6] == (date(2026, 3, 21), date(2026, 3, 27))
    assert next_week(date(2026, 3, 22), told) == due[6]


def test_an_evening_that_no_worker_held_is_made_up_for() -> None:
    told = weeks(FRI, date(2026, 3, 20))
    assert week_due(date(2026, 3, 28), told) == (date(2026, 3, 21), date(2026, 3, 27))


def test_what_nobody_asked_for_at_its_time_is_not() -> None:
    wednesday, friday = date(2026, 4, 22), date(2026, 4, 24)
    asked = weeks(FRI, asked_from=wednesday)
    assert week_due(wednesday, asked) is None
    assert week_due(friday, asked) == (date(2026, 4, 18), friday)
    again = weeks(FRI, LAUNCH + timedelta(days=4))
    assert week_due(friday - timedelta(days=1), again) is None
    assert week_due(friday, again) == (date(2026, 4, 18), friday)


@given(chosen=st.lists(st.integers(1, 7), min_size=70, max_size=70), late=st.integers(0, 30))
def test_whatever_weekdays_are_chosen_no_day_is_told_twice_and_none_left_out(
    chosen: list[int], late: int
) -> None:
    """The weekday of each evening is drawn anew: nobody can change it more often than that."""
    told: list[tuple[date, date]] = []
    asked = LAUNCH + timedelta(days=late)
    for n, weekday in enumerate(chosen):
        evening = asked + timedelta(days=n)
        if week := week_due(evening, weeks(weekday, told[-1][1] if told else None, asked)):
            told.append(week)
    assert told[0][0] <= asked
    lengths = [(last - first).days + 1 for first, last in told]
    assert set(lengths) <= set(range(SHORTEST_WEEK, LONGEST_WEEK + 1))
    for (_, last), (first, _) in pairwise(told):
        assert first == last + timedelta(days=1)
    assert (asked + timedelta(days=69) - told[-1][1]).days <= LONGEST_WEEK


def test_the_weekday_is_the_chosen_one_or_the_last_on_which_anybody_is_called() -> None:
    assert weekday_of(2, {1, 5}, (1, 2, 3)) == 2
    assert weekday_of(None, {1, 2, 6}, (1, 2, 3)) == 6
    assert weekday_of(None, set(), (1, 2, 3, 4)) == THU
    assert weekday_of(None, set(), range(1, 8)) == FRI


def test_the_last_week_is_the_one_that_holds_day_90() -> None:
    day_90 = LAUNCH + timedelta(days=79)
    sunday = day_90 + timedelta(days=(SUN - day_90.isoweekday()) % 7)
    late = replace(facts(sunday, works=False, has_calls=False), weeks=weeks(SUN, sunday - timedelta(days=7)))
    assert kinds(late) == [Kind.WEEKLY]
    after = replace(late, day=sunday + timedelta(days=7), number=late.number + 7, weeks=weeks(SUN, sunday))
    assert kinds(after) == []


def test_after_the_last_day_silence_is_no_news() -> None:
    day_92 = LAUNCH + timedelta(days=81)  # a Monday
    assert due_on(facts(day_92, has_calls=False)) == []
    assert kinds(facts(day_92)) == [Kind.DAILY]


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


def test_the_evening_follows_the_last_calling_hour_of_any_region() -> None:
    def hours(*ends: int) -> list[RegionHours]:
        return [RegionHours(f"Region {n}", "", {n: [(540, end)]}) for n, end in enumerate(ends)]

    assert evening_of([]) == EVENING
    assert evening_of(hours(18 * 60, 20 * 60)) == time(20, 30)
    assert evening_of(hours(20 * 60 + 15)) == time(21), "on the hour or the half hour, after it"
    assert evening_of(hours(12 * 60)) == EVENINGS[0] and evening_of(hours(24 * 60)) == EVENINGS[-1]
    assert last_end(hours(18 * 60, 19 * 60)) == time(19) and last_end([RegionHours("Nowhere")]) is None
