"""Day 1 is the kickoff; days 1-10 hang on it, day 11 and later on the launch."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.days import Calendar, contracted_launch, local_date
from milestones.dates import forecast, launch_move_blockers

KICKOFF = date(2026, 3, 2)
dates = st.dates(date(2020, 1, 1), date(2040, 1, 1))
calendars = st.builds(
    lambda kickoff, slip: Calendar(kickoff, contracted_launch(kickoff) + timedelta(days=slip)),
    dates,
    st.integers(0, 200),
)


def test_day_1_is_the_kickoff_and_day_11_the_launch() -> None:
    calendar = Calendar.contracted(KICKOFF)
    assert calendar.date_of(1) == KICKOFF
    assert calendar.date_of(10) == date(2026, 3, 11)
    assert calendar.launch == calendar.date_of(11) == date(2026, 3, 12)
    assert calendar.date_of(90) == KICKOFF + timedelta(days=89)


def test_a_moved_launch_moves_day_11_and_later_and_nothing_before() -> None:
    agreed, moved = Calendar.contracted(KICKOFF), Calendar.contracted(KICKOFF).with_launch(date(2026, 3, 15))
    assert moved.slip == 3
    for day in range(1, 11):
        assert moved.date_of(day) == agreed.date_of(day)
    for day in range(11, 91):
        assert moved.date_of(day) == agreed.date_of(day) + timedelta(days=3)


def test_between_day_10_and_a_late_launch_the_engagement_is_held_at_day_10() -> None:
    calendar = Calendar(KICKOFF, date(2026, 3, 15))
    held = [date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 14), date(2026, 3, 15)]
    assert [calendar.day_of(on) for on in held] == [10, 10, 10, 11]
    assert [calendar.held_days(on) for on in held] == [0, 1, 3, 0]


def test_the_launch_never_lies_before_day_11() -> None:
    with pytest.raises(ValueError, match="cannot come before day 11"):
        Calendar(KICKOFF, date(2026, 3, 11))


def test_days_11_to_30_are_calibration() -> None:
    calendar = Calendar(KICKOFF, date(2026, 3, 15))
    assert [calendar.is_calibration(calendar.date_of(day)) for day in (10, 11, 30, 31)] == [
        False,
        True,
        True,
        False,
    ]
    assert not calendar.is_calibration(date(2026, 3, 14))


@given(calendars, st.integers(-50, 400))
def test_a_day_and_its_date_belong_to_each_other(calendar: Calendar, day: int) -> None:
    assert calendar.day_of(calendar.date_of(day)) == day


@given(calendars, dates, st.integers(1, 400))
def test_later_dates_never_have_smaller_days(calendar: Calendar, on: date, more: int) -> None:
    assert calendar.day_of(on) <= calendar.day_of(on + timedelta(days=more))


@given(calendars, st.integers(-50, 400))
def test_later_days_have_later_dates(calendar: Calendar, day: int) -> None:
    assert calendar.date_of(day) < calendar.date_of(day + 1)


@given(calendars, st.integers(0, 60), st.integers(1, 90))
def test_a_slip_moves_later_days_by_itself(calendar: Calendar, more: int, day: int) -> None:
    moved = calendar.with_launch(calendar.launch + timedelta(days=more))
    assert (moved.date_of(day) - calendar.date_of(day)).days == (more if day > 10 else 0)


def test_the_same_moment_is_another_day_elsewhere() -> None:
    moment = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)
    assert local_date(moment, "America/New_York") == date(2026, 3, 11)
    assert local_date(moment, "Asia/Kathmandu") == date(2026, 3, 12)


def test_a_moment_without_zone_has_no_date() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        local_date(datetime(2026, 3, 12, 2, 0, tzinfo=UTC).replace(tzinfo=None), "UTC")


def test_forecast_is_the_due_date_until_it_has_passed() -> None:
    calendar = Calendar.contracted(KICKOFF)
    assert forecast(calendar, 5, today=KICKOFF) == calendar.date_of(5)
    assert forecast(calendar, 5, today=calendar.date_of(5)) == calendar.date_of(5)


def test_what_is_done_keeps_the_date_it_was_done() -> None:
    calendar = Calendar.contracted(KICKOFF)
    done = date(2026, 3, 4)
    assert forecast(calendar, 5, today=date(2026, 4, 1), actual=done) == done


def test_setup_work_that_is_open_after_day_10_is_expected_on_the_eve_of_the_launch() -> None:
    calendar = Calendar(KICKOFF, date(2026, 3, 20))
    assert forecast(calendar, 5, today=date(2026, 3, 16)) == date(2026, 3, 19)
    assert forecast(Calendar.contracted(KICKOFF), 5, today=date(2026, 3, 16)) == date(2026, 3, 16)


def test_overdue_setup_work_is_expected_today_while_setup_lasts() -> None:
    calendar = Calendar(KICKOFF, date(2026, 3, 20))
    assert forecast(calendar, 5, today=date(2026, 3, 9)) == date(2026, 3, 9)


def test_overdue_later_work_is_expected_today_at_the_earliest() -> None:
    calendar = Calendar.contracted(KICKOFF)
    assert forecast(calendar, 14, today=calendar.date_of(20)) == calendar.date_of(20)


@given(calendars, st.integers(1, 90), dates)
def test_open_work_is_never_forecast_in_the_past(calendar: Calendar, day: int, today: date) -> None:
    assert forecast(calendar, day, today=today) >= today


def move(**given_: Any) -> list[str]:
    facts: dict[str, Any] = {
        "calendar": Calendar.contracted(KICKOFF), "launch": date(2026, 3, 16), "today": date(2026, 3, 11),
        "reason": "Transfer line 2 is dead.",
    }  # fmt: skip
    facts.update(given_)
    return launch_move_blockers(facts.pop("calendar"), **facts)


def test_the_launch_may_move_with_a_reason() -> None:
    assert move() == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"reason": "  late  "}, "Say in a sentence why the launch moves; the reason stays on record."),
        (
            {"launch": date(2026, 3, 11)},
            "The launch cannot come before 12 March 2026: days 1 to 10 are setup.",
        ),
        ({"today": date(2026, 3, 16)}, "The new launch date must lie after today."),
        (
            {"launch": date(9999, 12, 25), "calendar": Calendar(KICKOFF, date(2026, 3, 20))},
            "The launch can move to 8 September 2026 at the latest, 180 days after the planned one: check the year.",
        ),
        ({"launch": date(2026, 3, 12)}, "That is the launch date already."),
    ],
)
def test_the_launch_may_not_move(change: dict[str, object], reason: str) -> None:
    assert reason in move(**change)
