"""Whether two reviewers hear the same in the same call. Pure.

Yes or no, and codes: the share of calls on which they agree, and Cohen's kappa, which takes away what would agree by
chance (Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20, 1960,
37-46). Scores: the mean absolute difference in points of a hundred. Under MINIMUM calls nothing is judged.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Heard:
    """What one reviewer heard in a call; None where the call told nothing of it."""

    passed: bool | None
    score: float | None
    code: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two agreed on one thing: `agreed` of `calls`; kappa None where chance alone would agree always."""

    agreed: int
    calls: int
    kappa: float | None

    @property
    def share(self) -> float | None:
        return self.agreed / self.calls if self.calls else None

    @property
    def too_few(self) -> bool:
        return self.calls < MINIMUM


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two reviewers over the calls that both scored without seeing each other's scores."""

    one: str
    other: str
    calls: int
    passing: Agreement
    codes: Agreement
    scored: int
    difference: float | None

    @property
    def too_few(self) -> bool:
        return self.calls < MINIMUM


def cohens_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Agreement beyond chance between two raters: 1 is perfect, 0 is what chance gives; None where undefined."""
    if not pairs:
        return None
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(first[code] * second[code] for code in first) / n**2
    observed = sum(a == b for a, b in pairs) / n
    return None if by_chance == 1 else (observed - by_chance) / (1 - by_chance)


def mean_absolute_difference(pairs: Sequence[tuple[float, float]]) -> float | None:
    """How far two scores of the same call lie apart on average; None without a pair."""
    return sum(abs(a - b) for a, b in pairs) / len(pairs) if pairs else None


def agreement(pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    return Agreement(sum(a == b for a, b in pairs), len(pairs), cohens_kappa(pairs))


def agreements(calls: Sequence[Mapping[str, Heard]]) -> list[PairAgreement]:
    """Every two reviewers who scored a call of these (reviewer to what they heard), the most calls first."""
    shared: dict[tuple[str, str], list[tuple[Heard, Heard]]] = defaultdict(list)
    for call in calls:
        for one, other in combinations(sorted(call), 2):
            shared[one, other].append((call[one], call[other]))
    made = []
    for (one, other), pairs in shared.items():
        scores = [(a.score, b.score) for a, b in pairs if a.score is not None and b.score is not None]
        made.append(
            PairAgreement(
                one,
                other,
                len(pairs),
                agreement([(a.passed, b.passed) for a, b in pairs]),
                agreement([(a.code, b.code) for a, b in pairs if a.code and b.code]),
                len(scores),
                mean_absolute_difference(scores),
            )
        )
    return sorted(made, key=lambda pair: (-pair.calls, pair.one, pair.other))
