"""Which calls are heard: a sample by chance, stratified by agent, that anybody can draw again from its seed. Pure.

Each agent is a stratum with its part in proportion to its calls (proportional allocation: Cochran, "Sampling
Techniques", 3rd edition, 1977, section 5.5). The parts are made whole by largest remainders (Balinski and Young, "Fair
Representation", 1982, chapter 3), with at least one call of every agent, as a spot check of each person asks for it.
Within an agent every call has the same chance: each call gets a number from SHA-256 of the seed and its key, and the
smallest numbers are taken (sampling by permanent random numbers: Ohlsson, "Coordination of samples using permanent
random numbers", in Business Survey Methods, 1995). So the order of a file, or who looks first, decides nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from common.hashing import content_hash

METHOD = "sha256-strata-1"
# Of the first three live days: between these shares, and in their middle unless somebody chooses otherwise.
LEAST, USUAL, MOST = Fraction(25, 100), Fraction(275, 1000), Fraction(30, 100)

type Population = Mapping[str, Sequence[int]]  # agent ("" for none named) to the keys of their calls


@dataclass(frozen=True, slots=True)
class Drawn:
    """A call that chance took: its place in the order of hearing, its agent and its key."""

    place: int
    agent: str
    key: int


def sample_size(calls: int, share: Fraction, least: Fraction = LEAST, most: Fraction = MOST) -> int:
    """How many of so many calls are heard: the share to the nearest whole call that lies within the bounds.

    Where no whole number does (3 of 10 is 30%, but 1 of 3 is 33%), the smallest that reaches the lower bound.
    """
    if calls <= 0:
        return 0
    wanted = floor(calls * share + Fraction(1, 2))
    return min(max(wanted, ceil(calls * least)), max(floor(calls * most), ceil(calls * least)), calls)


def allocate(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """How many calls of each agent: in proportion, whole by largest remainders, at least one of each who called.

    Where there are more agents than calls to be heard, one of each: every agent goes before the share.
    """
    agents = sorted(agent for agent, calls in counts.items() if calls > 0)
    total = sum(counts[agent] for agent in agents)
    size = min(max(size, len(agents)), total)
    if not agents:
        return {}
    exact = {agent: Fraction(size * counts[agent], total) for agent in agents}
    parts = {agent: min(max(1, floor(exact[agent])), counts[agent]) for agent in agents}
    while (short := size - sum(parts.values())) != 0:
        step = 1 if short > 0 else -1
        free = [a for a in agents if (parts[a] < counts[a] if step > 0 else parts[a] > 1)]
        # The largest remainder gets one more; what the rule of one each took too much is given back by the smallest.
        chosen = max(free, key=lambda agent: (step * (exact[agent] - parts[agent]), counts[agent], agent))
        parts[chosen] += step
    return parts


def top_up(
    counts: Mapping[str, int], heard: Mapping[str, int], new: Mapping[str, int], size: int
) -> dict[str, int]:
    """How many of the new calls of each agent are added, so that the whole comes to its size with every agent in it.

    `counts` are all calls, `heard` those drawn before, `new` those that came in since. What was drawn stays.
    """
    goal = allocate(counts, size)
    parts = {a: min(max(goal.get(a, 0) - heard.get(a, 0), 0), new.get(a, 0)) for a in sorted(new)}
    while sum(parts.values()) + sum(heard.values()) < min(size, sum(counts.values())):
        free = [agent for agent in parts if parts[agent] < new[agent]]
        if not free:
            break
        parts[max(free, key=lambda agent: (new[agent] - parts[agent], agent))] += 1
    return {agent: part for agent, part in parts.items() if part}


def chance(seed: str, key: int) -> str:
    """The number that the seed gives to a call; the smallest are heard."""
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def draw(population: Population, parts: Mapping[str, int], seed: str) -> list[Drawn]:
    """Take so many calls of each agent, and put all of them into one order of chance."""
    taken = [
        (number, agent, key)
        for agent, size in parts.items()
        for number, key in sorted((chance(seed, key), key) for key in set(population.get(agent, ())))[:size]
    ]
    return [Drawn(place, agent, key) for place, (_, agent, key) in enumerate(sorted(taken), start=1)]


def population_hash(population: Population) -> str:
    """SHA-256 over agents and keys, whatever order they came in."""
    return content_hash({agent: sorted(keys) for agent, keys in population.items() if keys})
