"""What came in after a baseline was frozen, in a sentence. Pure."""

from collections.abc import Sequence
from typing import Protocol

from common.wording import joined, plural, value_text


class Counted(Protocol):
    """A rate with what it was counted from, as pages and as papers know it."""

    @property
    def label(self) -> str: ...
    @property
    def numerator(self) -> int | None: ...
    @property
    def denominator(self) -> int | None: ...
    @property
    def value(self) -> float | None: ...
    @property
    def unit(self) -> str: ...


def since_frozen(frozen: Sequence[Counted], now: Sequence[Counted]) -> str:
    """Which figures of the same days would be others today, and that the frozen ones stay; empty where none would."""
    before = {one.label: one for one in frozen}
    moved = [
        (before[one.label], one) for one in now if one.label in before and _differ(before[one.label], one)
    ]
    if not moved:
        return ""
    more = sum(max((after.numerator or 0) - (was.numerator or 0), 0) for was, after in moved)
    came = (
        f"{plural(more, 'outcome')} of these days {'was' if more == 1 else 'were'} added"
        if more
        else "calls of these days were changed or taken back"
    )
    figures = joined([f"{_named(after)} would be {_told(after)}" for _, after in moved])
    stay = "The frozen figure stays." if len(moved) == 1 else "The frozen figures stay."
    return f"Since then {came}: today {figures}. {stay}"


def _differ(was: Counted, now: Counted) -> bool:
    return (was.numerator, was.denominator) != (now.numerator, now.denominator)


def _named(one: Counted) -> str:
    return f"the {one.label[:1].lower()}{one.label[1:]}" if one.label[1:2].islower() else one.label


def _told(one: Counted) -> str:
    between = "of" if one.unit == "percent" else "over"
    if one.numerator is None or one.denominator is None:
        return value_text(one.value, one.unit)
    return f"{value_text(one.value, one.unit)} ({one.numerator:,} {between} {one.denominator:,})"
