"""How long leads waited for their first call, in steps that stay few however many leads there are."""

from collections.abc import Iterable

UNTOLD, BEFORE = -2, -1
# Up to so many seconds a wait is rounded up to a multiple of so many; beyond the last, to whole days.
STEPS = ((600, 15), (3_600, 60), (28_800, 900))
DAY = 86_400


def step(seconds: float | None) -> int:
    """The wait as sums keep it: rounded up to its step, UNTOLD where it is not known, BEFORE where it is negative."""
    if seconds is None:
        return UNTOLD
    if seconds < 0:
        return BEFORE
    size = next((size for end, size in STEPS if seconds <= end), DAY)
    return int(-(-seconds // size) * size)


def step_sql(seconds: str) -> str:
    """`step` as PostgreSQL computes it from this expression."""
    known = " ".join(f"WHEN {seconds} <= {end} THEN ceil({seconds} / {size}) * {size}" for end, size in STEPS)
    return (
        f"(CASE WHEN {seconds} IS NULL THEN {UNTOLD} WHEN {seconds} < 0 THEN {BEFORE} {known}"
        f" ELSE ceil({seconds} / {DAY}) * {DAY} END)::integer"
    )


def median(counts: Iterable[tuple[int, int]]) -> int:
    """Within how many seconds half of the leads were called, from pairs of a step and its leads; to one step."""
    steps = sorted(counts)
    half, seen = sum(leads for _, leads in steps) / 2, 0
    for wait, leads in steps:
        seen += leads
        if seen >= half:
            return wait
    return 0
