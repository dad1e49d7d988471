"""What the reviews of a sample say: scores, passes, codes that were wrong, and each agent beside the team. Pure.

Shares carry Wilson's interval (kpis.funnel.wilson). An agent's pass rate is held against all others together by the
test of kpis.patterns, with its correction for many comparisons; under MINIMUM scored calls nobody is judged.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from kpis.funnel import wilson
from kpis.patterns import Compared, Count, compare

MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One call that was listened to. `passed` and `score` are None where nothing could be scored."""

    agent: str
    passed: bool | None
    score: float | None
    auto_failed: tuple[str, ...]
    recorded: str
    heard: str


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, between 0 and 1 with its 95% interval; all None for none."""

    part: int
    of: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class AgentResult:
    """One agent: pass rate beside the others, mean score over `of`, codes that were right."""

    agent: str
    calls: int
    passing: Compared | None
    mean: float | None
    codes: Share


@dataclass(frozen=True, slots=True)
class Confusion:
    """A code that was recorded where another was heard."""

    recorded: str
    heard: str
    calls: int


@dataclass(frozen=True, slots=True)
class Results:
    """All of it. `scored` calls have a score, `mean` is their average in percent of the points."""

    calls: int
    scored: int
    mean: float | None
    passing: Share
    auto_fails: int
    codes: Share
    confusions: tuple[Confusion, ...]
    agents: tuple[AgentResult, ...]


def share(part: int, of: int) -> Share:
    """The share with its interval."""
    if not of:
        return Share(part, of, None, None, None)
    return Share(part, of, part / of, *wilson(part, of))


def results(reviewed: Sequence[Reviewed]) -> Results:
    """What these reviews say. Calls without a score count for the codes alone."""
    scores = [one.score for one in reviewed if one.score is not None]
    judged = [one for one in reviewed if one.passed is not None]
    told = [one for one in reviewed if one.heard]
    wrong = Counter((one.recorded, one.heard) for one in told if one.recorded != one.heard)
    return Results(
        calls=len(reviewed),
        scored=len(scores),
        mean=fmean(scores) if scores else None,
        passing=share(sum(one.passed is True for one in judged), len(judged)),
        auto_fails=sum(bool(one.auto_failed) for one in reviewed),
        codes=share(sum(one.recorded == one.heard for one in told), len(told)),
        confusions=tuple(
            Confusion(*codes, calls)
            for codes, calls in sorted(wrong.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        agents=_agents(reviewed),
    )


def _agents(reviewed: Sequence[Reviewed]) -> tuple[AgentResult, ...]:
    groups: dict[str, list[Reviewed]] = defaultdict(list)
    for one in reviewed:
        groups[one.agent].append(one)
    counts = [
        Count(agent, sum(one.passed is True for one in rows), sum(one.passed is not None for one in rows))
        for agent, rows in sorted(groups.items())
    ]
    beside = {row.label: row for row in compare([count for count in counts if count.trials], MINIMUM)}
    made = []
    for agent, rows in sorted(groups.items()):
        scores = [one.score for one in rows if one.score is not None]
        told = [one for one in rows if one.heard]
        right = sum(one.recorded == one.heard for one in told)
        mean = fmean(scores) if scores else None
        made.append(AgentResult(agent, len(rows), beside.get(agent), mean, share(right, len(told))))
    return tuple(made)
