"""Where a value stands on an axis, which values an axis names, and how it writes them; as Vega does it.

The steps of ticks are those of d3-array (`ticks`, `nice`), which Vega uses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10, sqrt

_BAR_GAP = 0.1  # of a step, between two bars


@dataclass(frozen=True, slots=True)
class Linear:
    """Numbers from `low` to `high` laid from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a number stands."""
        span = self.high - self.low
        return self.start + (value - self.low) / span * (self.end - self.start) if span else self.start

    middle = at


@dataclass(frozen=True, slots=True)
class Bands:
    """Names in a row, each with a step of its own; `bars` leaves a gap between two."""

    names: tuple[str, ...]
    step: float
    bars: bool = False

    def at(self, name: str) -> float:
        """Where the band of a name begins."""
        return self.middle(name) - self.width / 2

    def middle(self, name: str) -> float:
        """The middle of the band of a name."""
        return (self.names.index(name) + 0.5) * self.step

    @property
    def width(self) -> float:
        """How wide a band is."""
        return self.step * (1 - _BAR_GAP) if self.bars else self.step


def increment(low: float, high: float, count: int) -> float:
    """The round distance between about `count` ticks."""
    rough = (high - low) / max(count, 1)
    if rough <= 0:
        return 1.0
    power = floor(log10(rough))
    error = rough / 10.0**power
    factor = 10 if error >= sqrt(50) else 5 if error >= sqrt(10) else 2 if error >= sqrt(2) else 1
    return float(factor * 10.0**power)


def ticks(low: float, high: float, count: int) -> list[float]:
    """About `count` round numbers from `low` to `high`."""
    step = increment(low, high, count)
    return [number * step for number in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def nice(low: float, high: float) -> tuple[float, float]:
    """The ends, moved out to round numbers."""
    step = increment(low, high, 10)
    return floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step


def written(values: Sequence[float], form: str) -> list[str]:
    """Numbers as an axis writes them: ".0%", "d", ",d", or "" for as many digits as their distance needs."""
    if form == ".0%":
        return [f"{value * 100:.0f}%" for value in values]
    if form in ("d", ",d"):
        return [format(round(value), form) for value in values]
    if form:
        raise ValueError(f"no axis writes numbers as {form!r}")
    step = min((b - a for a, b in pairwise(values)), default=1.0)
    digits = max(0, -floor(log10(step) + 1e-9))
    return [f"{value:,.{digits}f}".replace("-", "−") for value in values]
