"""Many comparisons at once: what is left of each chance when all are looked at together. Pure."""

from collections.abc import Sequence


def holm(chances: Sequence[float]) -> list[float]:
    """The chances adjusted for their number, in the given order; those below a level hold together at that level.

    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979),
    65-70.
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    adjusted = [0.0] * len(chances)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, chances[place] * (len(chances) - rank)))
        adjusted[place] = highest
    return adjusted
