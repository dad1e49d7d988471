"""The sample of calls: its share, every agent in it, and the same calls from the same seed."""

from fractions import Fraction
from math import ceil, floor

from hypothesis import given
from hypothesis import strategies as st

from kpis.qa.sampling import LEAST, MOST, USUAL, allocate, draw, population_hash, sample_size, top_up

COUNTS = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 400), max_size=12)
SHARES = st.fractions(LEAST, MOST)
SEEDS = st.text("0123456789abcdef", min_size=32, max_size=32)


def people(counts: dict[str, int]) -> dict[str, range]:
    """Calls of each agent, each with a key of its own."""
    return {a: range(1000 * n, 1000 * n + calls) for n, (a, calls) in enumerate(sorted(counts.items()))}


@given(calls=st.integers(0, 5000), share=SHARES)
def test_the_share_lies_within_its_bounds_wherever_a_whole_number_does(calls: int, share: Fraction) -> None:
    size = sample_size(calls, share)
    possible = list(range(ceil(calls * LEAST), floor(calls * MOST) + 1))
    if possible:
        assert size in possible
        assert abs(size - calls * share) <= min(abs(n - calls * share) for n in possible) + Fraction(1, 2)
    else:
        assert size == ceil(calls * LEAST)


@given(counts=COUNTS, share=SHARES)
def test_every_agent_is_heard_in_proportion(counts: dict[str, int], share: Fraction) -> None:
    total = sum(counts.values())
    size = sample_size(total, share)
    parts = allocate(counts, size)
    calling = [agent for agent, calls in counts.items() if calls]
    assert set(parts) == set(calling)
    assert all(1 <= parts[agent] <= counts[agent] for agent in calling)
    assert sum(parts.values()) == max(size, len(calling))
    # Largest remainders: nobody is further than one call from the exact part, but for the one that everybody has.
    for agent in calling:
        exact = Fraction(sum(parts.values()) * counts[agent], total)
        assert parts[agent] == 1 or parts[agent] < exact + 1
        if all(other * sum(parts.values()) >= total for other in counts.values() if other):
            assert parts[agent] > exact - 1


@given(counts=COUNTS, share=SHARES, seed=SEEDS)
def test_the_same_seed_draws_the_same_calls(counts: dict[str, int], share: Fraction, seed: str) -> None:
    population = people(counts)
    parts = allocate(counts, sample_size(sum(counts.values()), share))
    drawn = draw(population, parts, seed)
    backwards = {agent: list(reversed(keys)) for agent, keys in reversed(population.items())}
    assert drawn == draw(backwards, parts, seed)
    assert population_hash(population) == population_hash(backwards)
    assert len({one.key for one in drawn}) == len(drawn) == sum(parts.values())
    assert [one.place for one in drawn] == list(range(1, len(drawn) + 1))
    assert all(one.key in population[one.agent] for one in drawn)


@given(counts=COUNTS, late=COUNTS, share=SHARES)
def test_calls_that_come_later_top_the_sample_up(
    counts: dict[str, int], late: dict[str, int], share: Fraction
) -> None:
    heard = allocate(counts, sample_size(sum(counts.values()), share))
    whole = {agent: counts.get(agent, 0) + late.get(agent, 0) for agent in counts | late}
    size = sample_size(sum(whole.values()), share)
    added = top_up(whole, heard, late, size)
    assert all(0 < added[agent] <= late[agent] for agent in added)
    came = sum(heard.values()) + sum(added.values())
    assert came >= min(size, sum(heard.values()) + sum(late.values()))
    assert all(heard.get(agent, 0) + added.get(agent, 0) >= 1 for agent, calls in whole.items() if calls)


def test_the_first_days_of_five_agents() -> None:
    counts = {"ana": 120, "kai": 119, "lou": 121, "mo": 7, "new": 1}
    size = sample_size(368, USUAL)
    parts = allocate(counts, size)
    assert (size, parts) == (101, {"ana": 33, "kai": 32, "lou": 33, "mo": 2, "new": 1})


def test_each_call_of_an_agent_is_drawn_about_as_often() -> None:
    population = {"ana": range(20)}
    times = [0] * 20
    for seed in range(600):
        for one in draw(population, {"ana": 5}, f"{seed:032x}"):
            times[one.key] += 1
    # 150 expected each; four standard deviations of the binomial around it.
    assert all(150 - 43 < n < 150 + 43 for n in times)
