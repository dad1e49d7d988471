"""How long calls were spoken: the middle and the ninetieth in a hundred, from counts of seconds. Pure."""

from collections.abc import Iterable

# Of one agent, up to so many seconds a talk time is rounded up to a multiple of so many; beyond, of 15 minutes.
STEPS = ((300, 5), (900, 15), (3_600, 60))
LAST_STEP = 900
METHOD = (
    "Median and 90th percentile of the calls with a talk time above 0 seconds (Hyndman and Fan 1996, definition 2), "
    "exact to the second in all, by day and by lead source; by agent each talk time is rounded up to 5 seconds within "
    "5 minutes, to 15 within 15, to a minute within an hour."
)


def step(seconds: int) -> int:
    """A talk time as the counts of an agent keep it: rounded up to its step."""
    size = next((size for end, size in STEPS if seconds <= end), LAST_STEP)
    return -(-seconds // size) * size


def step_sql(seconds: str) -> str:
    """`step` as PostgreSQL computes it from this whole number."""
    known = " ".join(
        f"WHEN {seconds} <= {end} THEN ({seconds} + {size - 1}) / {size} * {size}" for end, size in STEPS
    )
    return f"(CASE {known} ELSE ({seconds} + {LAST_STEP - 1}) / {LAST_STEP} * {LAST_STEP} END)"


def quantile(counts: Iterable[tuple[int, int]], share: float) -> float | None:
    """The value below which this share of the cases lies, from pairs of a value and its cases; None without any.

    R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996), 361-365,
    definition 2: of an even number of cases the median is the mean of the two in the middle.
    """
    steps = sorted((value, cases) for value, cases in counts if cases)
    total = sum(cases for _, cases in steps)
    if not total:
        return None
    # The rank in thousandths: a share such as 0.9 has no exact binary fraction.
    rank, rest = divmod(round(share * 1000) * total, 1000)
    if rest:
        return float(_at(steps, rank + 1))
    return (_at(steps, max(rank, 1)) + _at(steps, min(rank + 1, total))) / 2


def _at(steps: list[tuple[int, int]], rank: int) -> int:
    """The value of the case with this rank, counted from 1."""
    seen = 0
    for value, cases in steps:
        seen += cases
        if seen >= rank:
            return value
    return steps[-1][0]
