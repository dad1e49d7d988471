"""Before and after: how much a rate moved, with the uncertainty of both sides."""

from dataclasses import dataclass
from math import hypot

from reports.snapshots import Stage, Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """After minus before as a share (0.03 is three points), with its interval, all None where data are too few."""

    points: float | None
    low: float | None
    high: float | None

    @property
    def verdict(self) -> str:
        """ "moved up", "moved down", "not moved" or "too little data"."""
        if self.low is None or self.high is None:
            return "too little data"
        if self.low > 0:
            return "moved up"
        return "moved down" if self.high < 0 else "not moved"


def change(before: Stage, after: Stage) -> Change:
    """The difference of two rates, its interval from their own two intervals.

    Newcombe, Statistics in Medicine 17 (1998), 873–890, method 10: with Wilson intervals for each rate it stays honest
    for small counts and rates near 0 or 1.
    """
    if (
        before.value is None
        or before.low is None
        or before.high is None
        or after.value is None
        or after.low is None
        or after.high is None
        or Verdict.TOO_FEW in (before.verdict, after.verdict)
    ):
        return Change(None, None, None)
    points = after.value - before.value
    return Change(
        points,
        points - hypot(after.value - after.low, before.high - before.value),
        points + hypot(after.high - after.value, before.value - before.low),
    )
