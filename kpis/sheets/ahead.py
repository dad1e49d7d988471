"""What would come of taking a file in, in the words of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Ahead:
    """Counts with their names, single changes as (what, who or which), the rows that cannot be used, the days told of.

    `reasons` say why it cannot be taken in at all; empty: it can. `heading` is what the changes are;
    `asks` are lines that somebody has to say more of before they are taken in, each with what it would do.
    """

    figures: Sequence[tuple[str, int]]
    refused: Sequence[tuple[int, str]]
    days: Sequence[date] = ()
    changes: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    reasons: Sequence[str] = ()
    asks: Sequence[tuple[int, str]] = ()
    heading: str = "What would change or differ"
