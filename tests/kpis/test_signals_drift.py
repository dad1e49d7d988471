"""Slow drift: the line agrees with statsmodels, a planted creep is found, and none is found where there is none."""

from random import Random

import numpy as np
import statsmodels.api as sm
from scipy import stats

from kpis.signals.drift import STUDENT, Way, Week, drift

WEEKS = 6


def weeks(
    random: Random, step: float, *, n: int = 4_000, rate: float = 0.12, spread: float = 0.0
) -> list[Week]:
    made = []
    for number in range(WEEKS):
        level = rate + step * number
        if spread:
            size = 1 / spread - 1
            level = random.betavariate(level * size, (1 - level) * size)
        called = round(n * random.uniform(0.9, 1.1))
        made.append(Week(number, random.binomialvariate(called, level), called))
    return made


def test_slope_and_interval_agree_with_statsmodels() -> None:
    """On weeks that vary beyond chance; below that the dispersion is held at 1."""
    told = [
        Week(0, 300, 2000),
        Week(1, 210, 2100),
        Week(2, 330, 1900),
        Week(3, 220, 2050),
        Week(4, 190, 2000),
        Week(5, 240, 1800),
    ]
    found = drift(told, 30)
    y = np.array([(week.numerator or 0) / (week.denominator or 1) for week in told])
    fit = sm.WLS(
        y, sm.add_constant(np.arange(6)), weights=np.array([week.denominator for week in told])
    ).fit()
    assert found.slope is not None
    assert found.dispersion is not None
    assert found.dispersion > 1
    assert abs(found.slope - fit.params[1]) < 1e-12
    low, high = fit.conf_int(alpha=0.05)[1]
    assert abs((found.low or 0) - low) < 1e-6
    assert abs((found.high or 0) - high) < 1e-6


def test_the_student_points_are_scipys() -> None:
    assert all(abs(point - stats.t.ppf(0.975, free)) < 1e-6 for free, point in STUDENT.items())


def test_a_planted_drift_is_found() -> None:
    """A point a week down over six weeks of 4,000 dials: in most campaigns."""
    random = Random(3)  # noqa: S311  (repeatable, not secret)
    found = [drift(weeks(random, -0.008), 30).way for _ in range(200)]
    assert found.count(Way.DOWN) >= 190
    assert Way.UP not in found


def test_false_alarms_without_drift() -> None:
    """At most one look in twenty, whether the weeks vary by chance alone or by more."""
    random = Random(5)  # noqa: S311  (repeatable, not secret)
    for spread in (0.0, 0.001):
        found = [drift(weeks(random, 0.0, spread=spread), 30).way for _ in range(1000)]
        assert found.count(Way.UP) + found.count(Way.DOWN) <= 65


def test_four_weeks_with_enough_cases_are_needed() -> None:
    told = [Week(number, 12, 100) for number in range(3)]
    assert drift(told, 30).way is Way.TOO_LITTLE
    assert drift([*told, Week(3, 2, 20)], 30).way is Way.TOO_LITTLE
    assert drift([*told, Week(3, None, None)], 30).way is Way.TOO_LITTLE
    assert drift([*told, Week(3, 12, 100)], 30).way is Way.LEVEL


def test_only_the_last_six_weeks_count_and_a_gap_stays_a_gap() -> None:
    told = [Week(number, 50 if number < 4 else 12, 100) for number in range(10)]
    assert {week.number for week in drift(told, 30).weeks} == {4, 5, 6, 7, 8, 9}
    gap = [Week(0, 10, 100), Week(1, 12, 100), Week(4, 18, 100), Week(5, 20, 100)]
    assert abs((drift(gap, 30).slope or 0) - 0.02) < 1e-3


def test_a_rate_that_never_varies_is_not_judged() -> None:
    assert drift([Week(number, 100, 100) for number in range(5)], 30).way is Way.TOO_LITTLE
    assert drift([], 30).way is Way.TOO_LITTLE
