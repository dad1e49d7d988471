"""Due dates on days that are not worked: they stay, or go to a working day beside them, and never change places."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from common.days import JUDGED_DAYS, LAST_DAY, SETUP_DAYS, Calendar, WhenOff, WorkDays

MONDAY = date(2026, 3, 2)
OFFICE = frozenset({1, 2, 3, 4, 5})


def office(when_off: WhenOff, *holidays: date) -> WorkDays:
    return WorkDays(OFFICE, frozenset(holidays), when_off)


def calendar(work: WorkDays, kickoff: date = MONDAY, held: int = 0) -> Calendar:
    return Calendar(kickoff, kickoff + timedelta(days=SETUP_DAYS + held), work=work)


@st.composite
def calendars(draw: st.DrawFn, *rules: WhenOff) -> Calendar:
    kickoff = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    holidays = draw(st.frozensets(st.integers(-5, 140), max_size=40))
    work = WorkDays(
        draw(st.frozensets(st.integers(1, 7), min_size=1)),
        frozenset(kickoff + timedelta(days=n) for n in holidays),
        draw(st.sampled_from(rules or tuple(WhenOff))),
    )
    return calendar(work, kickoff, draw(st.integers(0, 30)))


def test_without_a_rule_every_due_date_is_the_day_itself() -> None:
    plain = Calendar.contracted(MONDAY)
    assert [plain.due(day) for day in range(1, 91)] == [plain.date_of(day) for day in range(1, 91)]


def test_a_saturday_goes_to_the_monday_after_or_to_the_friday_before() -> None:
    saturday = 20  # day 20 of an engagement that began on a Monday
    assert calendar(office(WhenOff.NEXT)).due(saturday) == date(2026, 3, 23)
    assert calendar(office(WhenOff.PREVIOUS)).due(saturday) == date(2026, 3, 20)
    assert calendar(office(WhenOff.STAYS)).due(saturday) == date(2026, 3, 21)


def test_a_holiday_is_a_day_off_like_a_sunday() -> None:
    monday = date(2026, 3, 23)
    assert calendar(office(WhenOff.NEXT, monday)).due(20) == date(2026, 3, 24)


def test_setup_is_never_due_on_the_launch_or_after_it() -> None:
    """Kickoff on a Thursday: day 10 is a Saturday, and the launch on day 11 a Sunday."""
    thursday = calendar(office(WhenOff.NEXT), date(2026, 3, 5))
    assert thursday.date_of(10).strftime("%a") == "Sat"
    assert thursday.due(10) == date(2026, 3, 13) == thursday.eve


def test_nothing_is_due_before_the_kickoff_or_before_the_launch() -> None:
    sunday = calendar(office(WhenOff.PREVIOUS), date(2026, 3, 8))
    assert sunday.due(1) == date(2026, 3, 9)
    launched_on_saturday = calendar(office(WhenOff.PREVIOUS), date(2026, 3, 4))
    assert launched_on_saturday.launch.strftime("%a") == "Sat"
    assert launched_on_saturday.due(11) == date(2026, 3, 16)


def test_the_baseline_is_not_asked_for_before_its_days_are_over() -> None:
    """Day 30 on a Saturday: its calls are made until then, so it is due on the Monday after."""
    book = calendar(office(WhenOff.PREVIOUS), date(2026, 3, 6))
    assert book.date_of(30).strftime("%a") == "Sat"
    assert book.due(30) == book.due(31) == date(2026, 4, 6)
    assert book.due(29) == date(2026, 4, 3)


def test_whoever_never_works_keeps_the_calendar_days() -> None:
    never = WorkDays(frozenset(), when_off=WhenOff.NEXT)
    assert [calendar(never).due(day) for day in (1, 10, 11, 90)] == [
        calendar(never).date_of(day) for day in (1, 10, 11, 90)
    ]


@given(calendars())
def test_due_dates_keep_their_order(each: Calendar) -> None:
    dates = [each.due(day) for day in range(1, LAST_DAY + 1)]
    assert dates == sorted(dates)


@given(calendars())
def test_setup_lies_between_kickoff_and_the_eve_of_the_launch_and_the_rest_after_it(each: Calendar) -> None:
    eve = each.launch - timedelta(days=1)
    assert all(each.kickoff <= each.due(day) <= eve for day in range(1, SETUP_DAYS + 1))
    assert all(each.due(day) >= each.launch for day in range(SETUP_DAYS + 1, LAST_DAY + 1))


@given(calendars(WhenOff.NEXT, WhenOff.PREVIOUS))
def test_a_due_date_is_worked_wherever_a_working_day_can_be_had(each: Calendar) -> None:
    eve = each.launch - timedelta(days=1)
    setup_works = each.work.from_(each.kickoff, eve) is not None
    for day in range(1, LAST_DAY + 1):
        worked = each.work.works(each.due(day))
        assert worked or (day <= SETUP_DAYS and not setup_works)


@given(calendars(WhenOff.PREVIOUS), st.sampled_from(JUDGED_DAYS))
def test_a_judged_day_is_never_due_before_itself(each: Calendar, day: int) -> None:
    assert each.due(day) >= each.date_of(day)


@given(calendars(WhenOff.STAYS))
def test_dates_that_stay_are_those_of_the_calendar(each: Calendar) -> None:
    assert all(each.due(day) == each.date_of(day) for day in range(1, LAST_DAY + 1))


@given(calendars())
def test_day_numbers_know_nothing_of_days_off(each: Calendar) -> None:
    plain = Calendar(each.kickoff, each.launch)
    assert all(each.date_of(day) == plain.date_of(day) for day in range(1, LAST_DAY + 1))
    assert all(each.day_of(each.date_of(day)) == day for day in range(1, LAST_DAY + 1))
