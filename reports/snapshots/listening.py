"""What QA heard of the first live days, and what was seen of their transfers."""

from dataclasses import dataclass

from .following import Count


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """How many calls of a day or an agent were drawn, and how many of these are reviewed."""

    label: str
    calls: int
    drawn: int
    reviewed: int
    unheard: int
    open: int


@dataclass(frozen=True, slots=True)
class Listening:
    """What QA heard in the sample of the first live days. `gaps` says what is missing before it counts as done.

    `passed` and `right` (dispositions as heard) are counts; scores are percent of the points.
    """

    meter: str
    gaps: tuple[str, ...]
    days: tuple[CoverageRow, ...] = ()
    agents: tuple[CoverageRow, ...] = ()
    mean: float | None = None
    scored: int = 0
    passed: Count | None = None
    right: Count | None = None
    auto_failed: tuple[str, ...] = ()
    confusions: tuple[tuple[str, ...], ...] = ()  # recorded, heard, calls
    agreement: tuple[str, ...] = ()
    seed: str = ""
    population_sha256: str = ""


@dataclass(frozen=True, slots=True)
class TransferLog:
    """The transfers of the supervised launch; `open` and `failed` name those not verified and those that went wrong."""

    meter: str
    open: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
