"""How long leads waited: rounding that keeps five minutes and never flatters."""

from hypothesis import given
from hypothesis import strategies as st

from kpis.waits import BEFORE, UNTOLD, median, step


@given(st.integers(0, 40 * 86_400_000).map(lambda thousandths: thousandths / 1_000))
def test_a_wait_is_rounded_up_by_less_than_one_step(seconds: float) -> None:
    size = 15 if seconds <= 600 else 60 if seconds <= 3_600 else 900 if seconds <= 28_800 else 86_400
    assert 0 <= step(seconds) - seconds < size
    assert (step(seconds) <= 300) is (seconds <= 300)


def test_what_is_not_known_is_no_wait() -> None:
    assert (step(None), step(-0.5), step(0)) == (UNTOLD, BEFORE, 0)


@given(st.lists(st.floats(0, 7_200), min_size=1))
def test_the_median_is_that_of_the_rounded_waits(waits: list[float]) -> None:
    steps = sorted(map(step, waits))
    assert median([(wait, steps.count(wait)) for wait in set(steps)]) == steps[(len(steps) - 1) // 2]


def test_nobody_waited() -> None:
    assert median([]) == 0
