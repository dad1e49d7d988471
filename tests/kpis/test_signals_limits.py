"""Control limits: they agree with the book, find a planted shift, and are wrong as seldom as docs/signals.md says."""

import statistics
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from kpis.signals.limits import BASE_DAYS, LEAST_DAYS, RUN, Chart, Counted, Signal, chart, limits

MONTH = 22  # days with calls


def series(
    random: Random,
    days: int,
    *,
    rate: float = 0.12,
    dials: int = 200,
    spread: float = 0.0,
    then: tuple[int, float] = (999, 0),
) -> list[Counted]:
    """Days of a rate that varies beyond chance by `spread` (the intraclass correlation), and shifts on one day."""
    made = []
    for day in range(days):
        level = then[1] if day >= then[0] else rate
        if spread:
            size = 1 / spread - 1
            level = random.betavariate(level * size, (1 - level) * size)
        called = round(dials * random.uniform(0.85, 1.15))
        made.append(Counted(day, random.binomialvariate(called, level), called))
    return made


def wrong_a_month(spread: float) -> float:
    """How many signals a month without any shift, over 400 campaigns of 60 days with calls."""
    random = Random(11)  # noqa: S311  (repeatable, not secret)
    charts = [chart(series(random, 60, spread=spread)) for _ in range(400)]
    return MONTH * sum(len(one.flagged) for one in charts) / sum(one.judged for one in charts)


def test_the_limits_are_those_of_the_formula() -> None:
    days = [Counted(n, x, 200) for n, x in enumerate((20, 26, 18, 28, 20, 30, 17, 25))]
    found = limits(days)
    assert found is not None
    share = 184 / 1600
    error = (share * (1 - share) / 200) ** 0.5
    scores = [((day.numerator or 0) / 200 - share) / error for day in days]
    moving = statistics.fmean(abs(b - a) for a, b in pairwise(scores)) / 1.128
    assert found.centre == share
    assert abs(found.spread - moving) < 1e-12
    assert found.around(200) == (max(0.0, share - 3 * error * found.spread), share + 3 * error * found.spread)
    assert found.spread > 1


def test_without_more_spread_than_chance_they_are_plain_p_limits() -> None:
    found = limits([Counted(n, 24 + n % 2, 200) for n in range(12)])
    assert found is not None
    assert found.spread == 1


def test_false_alarms_where_days_vary_by_chance_alone() -> None:
    """About one in eight months for each rate."""
    assert wrong_a_month(0) < 0.15


def test_false_alarms_where_days_vary_by_more_than_chance() -> None:
    """About one in three months, where the days' spread is one and a half times that of chance."""
    assert wrong_a_month(0.006) < 0.4


def test_plain_p_limits_would_cry_wolf() -> None:
    """The reason for Laney's spread: without it the same series gives several times as many signals."""
    random = Random(11)  # noqa: S311  (repeatable, not secret)
    days = [series(random, 60, spread=0.006) for _ in range(100)]
    plain = sum(
        not 0.12 - 3 * (0.12 * 0.88 / day.denominator) ** 0.5
        <= (day.numerator or 0) / day.denominator
        <= 0.12 + 3 * (0.12 * 0.88 / day.denominator) ** 0.5
        for one in days
        for day in one[LEAST_DAYS:]
        if day.denominator
    )
    laney = sum(len(chart(one).outside) for one in days)
    assert plain > 3 * laney


def test_a_planted_shift_is_seen_within_two_weeks_and_dated() -> None:
    random = Random(7)  # noqa: S311  (repeatable, not secret)
    seen, dated = [], []
    for _ in range(100):
        found = chart(series(random, 60, spread=0.004, then=(30, 0.168)))
        after = [day.day - 29 for day in found.flagged if day.day >= 30]
        seen += after[:1]
        dated += [shift.first for shift in found.shifts if shift.up][:1]
    assert len(seen) >= 95
    assert statistics.median(seen) <= 9
    assert 28 <= statistics.median(dated) <= 33


def test_after_a_shift_the_new_level_is_learned_and_quiet() -> None:
    days = [Counted(n, 20 + (n + 2) % 3, 200) for n in range(20)] + [
        Counted(n, 32 + n % 3, 200) for n in range(20, 50)
    ]
    found = chart(days)
    assert [(shift.first, shift.seen, shift.up) for shift in found.shifts] == [(20, 20 + RUN - 1, True)]
    assert found.shifts[0].before == (sum(20 + (n + 2) % 3 for n in range(20)), 20 * 200)
    assert not [day for day in found.flagged if day.day > 20 + RUN]
    assert found.limits is not None
    assert 0.155 < found.limits.centre < 0.17


def test_one_day_beyond_the_limits_is_no_new_level_and_stays_out_of_the_base() -> None:
    days = [Counted(n, 24, 200) for n in range(15)]
    found = chart([*days, Counted(15, 60, 200), Counted(16, 24, 200)])
    assert [day.signal for day in found.days[-2:]] == [Signal.ABOVE, Signal.WITHIN]
    assert found.limits == limits([*days, Counted(16, 24, 200)])
    assert not found.shifts


def test_nothing_is_judged_before_enough_days_nor_on_small_ones() -> None:
    days = [Counted(n, 24, 200) for n in range(LEAST_DAYS - 1)]
    assert {day.signal for day in chart(days).days} == {Signal.LEARNING}
    small = chart([*days, Counted(11, 24, 200), Counted(12, 0, 30), Counted(13, None, None)])
    assert [day.signal for day in small.days[-2:]] == [Signal.TOO_FEW, Signal.NO_DATA]


def test_days_that_are_told_to_stay_out_are_neither_base_nor_judged() -> None:
    calibration = [Counted(n, 100, 200, base=False) for n in range(14)]
    found = chart([*calibration, *(Counted(n, 24, 200) for n in range(14, 14 + LEAST_DAYS + 1))])
    assert {day.signal for day in found.days[:14]} == {Signal.LEFT_OUT}
    assert found.days[-1].centre == 0.12


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(61, 300)), min_size=13, max_size=60))
def test_what_was_said_of_a_day_stays(counts: list[tuple[int, int]]) -> None:
    """The days to come change nothing about those before them."""
    days = [Counted(n, x, of) for n, (x, of) in enumerate(counts)]
    whole: Chart = chart(days)
    half = len(days) // 2
    assert chart(days[:half]).days == whole.days[:half]
    assert len(whole.days) == len(days)
    assert all(
        day.low <= (day.centre or 0) <= day.high
        for day in whole.days
        if day.low is not None and day.high is not None
    )
    assert BASE_DAYS >= LEAST_DAYS
