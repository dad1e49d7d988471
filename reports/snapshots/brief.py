"""The signed brief as a report tells it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the brief: a text, a table, or both."""

    section: str
    label: str
    text: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    shares: tuple[int, ...] = ()  # of the line, in percent, per column; none: equal shares

    @property
    def filled(self) -> bool:
        return bool(self.text.strip() or self.rows)


@dataclass(frozen=True, slots=True)
class MetricTerm:
    """A metric as the brief defines it. `direction` is "up" (at least) or "down" (at most); percentages are 0 to 1."""

    code: str
    label: str
    numerator: str
    denominator: str
    direction: str = "up"
    target: float | None = None
    unit: str = "percent"
    source_system: str = ""
    dispute_rule: str = ""
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    organisation: str
    side: str
    at: datetime
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    version: int
    terms: tuple[Term, ...] = ()
    metrics: tuple[MetricTerm, ...] = ()
    signatures: tuple[Signature, ...] = ()
    content_hash: str = ""
