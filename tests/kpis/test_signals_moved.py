"""What moved: the parts sum to the change, each factor alone is all of it, and the interval is scipy's."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import relative_risk

from kpis.signals.moved import MIX, PRICES, Moved, Period, Source, moved

STAGES = (("contact_rate", "Contact rate"), ("close_rate", "Close rate"))


def period(*counts: tuple[int, ...], prices: tuple[float, ...] | None = None) -> Period:
    return Period(tuple(Source(name, own) for name, own in zip("abc", counts, strict=False)), prices)


def split(before: Period, after: Period) -> Moved:
    found = moved(before, after, STAGES)
    assert found is not None
    return found


counts = st.tuples(st.integers(1, 500), st.floats(0, 1), st.floats(0, 1)).map(
    lambda told: (told[0], round(told[0] * told[1]), round(round(told[0] * told[1]) * told[2]))
)
periods = (
    st.lists(counts, min_size=1, max_size=3)
    .map(lambda told: period(*told))
    .filter(lambda one: one.totals[-1] > 0)
)


@given(periods, periods)
def test_the_parts_sum_to_the_change(before: Period, after: Period) -> None:
    found = moved(before, after, STAGES)
    if found is None:  # between the two there is a state without any outcome
        return
    assert abs(sum(part.change for part in found.parts) - found.change) < 1e-6 * max(
        1, found.before, found.after
    )
    assert abs(found.before - before.totals[0] / before.totals[-1]) < 1e-9
    assert abs(found.after - after.totals[0] / after.totals[-1]) < 1e-9


def test_a_stage_that_alone_moved_is_all_of_the_change() -> None:
    found = split(period((1000, 100, 20), (1000, 50, 10)), period((1000, 100, 40), (1000, 50, 20)))
    assert {part.key: round(part.change, 9) for part in found.parts} == {
        MIX: 0,
        "contact_rate": 0,
        "close_rate": round(2000 / 60 - 2000 / 30, 9),
    }
    assert found.first is not None
    assert found.first.key == "close_rate"


def test_only_the_mix_moved() -> None:
    found = split(period((1000, 100, 20), (1000, 50, 5)), period((500, 50, 10), (1500, 75, 7)))
    assert abs(found.parts[0].change) > 5 * max(abs(part.change) for part in found.parts[1:])


def test_a_new_source_is_mix_alone() -> None:
    found = split(period((1000, 100, 20)), period((1000, 100, 20), (1000, 50, 5)))
    assert [part.key for part in found.parts if abs(part.change) > 1e-9] == [MIX]


def test_prices_count_where_there_are_some() -> None:
    before = period((1000, 100, 20), prices=(0.1, 2.0, 0.0))
    after = period((1000, 100, 20), prices=(0.1, 3.0, 0.0))
    found = split(before, after)
    assert found.before == 15.0
    assert found.after == 20.0
    assert [(part.key, round(part.change, 9)) for part in found.parts if part.change] == [(PRICES, 5.0)]


def test_the_effects_are_the_mean_over_all_orders() -> None:
    """Two factors by hand: the rates of one source, changed one after the other in both orders."""
    before, after = period((1000, 100, 20)), period((1000, 200, 60))
    rates = {0: (0.1, 0.2), 1: (0.2, 0.3)}
    by_hand = {"contact_rate": 0.0, "close_rate": 0.0}
    for order in permutations((0, 1)):
        state = [0, 0]
        for factor in order:
            was = 1 / (rates[state[0]][0] * rates[state[1]][1])
            state[factor] = 1
            now = 1 / (rates[state[0]][0] * rates[state[1]][1])
            by_hand[STAGES[factor][0]] += (now - was) / 2
    found = {part.key: part.change for part in split(before, after).parts}
    assert all(abs(found[key] - value) < 1e-9 for key, value in by_hand.items())


def test_the_interval_of_the_ratio_is_scipys() -> None:
    found = split(period((1000, 100, 20)), period((900, 120, 30)))
    told = relative_risk(20, 1000, 30, 900).confidence_interval(0.95)
    assert abs(found.low - told.low) < 1e-6
    assert abs(found.high - told.high) < 1e-6
    assert found.chance == (told.low <= 1 <= told.high)


def test_without_an_outcome_there_is_no_cost_to_split() -> None:
    assert moved(period((1000, 100, 0)), period((1000, 100, 20)), STAGES) is None
    assert moved(Period(()), period((1000, 100, 20)), STAGES) is None
