"""Before and after a fix, as a chart with its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from common.days import local_date
from common.wording import NO_DATA, day_text, interval_text, points_text, rate_text, share_text
from kpis.charts.bars import RateBar, moments
from kpis.charts.base import MAX_ROWS
from kpis.effect import Counted, Moved, difference
from kpis.funnel import wilson
from kpis.models import EffectCheck
from kpis.numbers_page import Picture
from kpis.selectors.effects import Window


@dataclass(frozen=True, slots=True)
class Look:
    """A rate before a fix and over some days after it, with what the two say together."""

    first: date
    last: date
    before: Counted
    after: Counted
    verdict: Moved
    recorded: date | None = None  # the day on which it was frozen as a verdict; None is how it stands now


WORDS = {
    Moved.MOVED: "it moved",
    Moved.NOT_MOVED: "it did not move",
    Moved.TOO_LITTLE: "too little data to tell",
}
# The same of a fix of which nobody has recorded a verdict.
SO_FAR = {
    Moved.MOVED: "it has moved so far; no verdict is recorded yet",
    Moved.NOT_MOVED: "it has not moved so far; no verdict is recorded yet",
    Moved.TOO_LITTLE: "too little data to tell so far; no verdict is recorded yet",
}


def checked_text(verdict: str, points: float | None, on: date) -> str:
    """A frozen verdict in a line: "moved, +3.9 points (Mon 5 Oct)"."""
    said = WORDS[Moved(verdict)].removeprefix("it ").replace("did not move", "not moved")
    change = "" if points is None else f", {points_text(points)}"
    return f"{said}{change} ({day_text(on)})"


def looks_of(checks: Sequence[EffectCheck], zone: str, window: Window | None = None) -> list[Look]:
    """The frozen comparisons, oldest first, and how it stands now where that is another."""
    frozen = [
        Look(
            check.first_day,
            check.last_day,
            Counted(check.before_numerator, check.before_denominator),
            Counted(check.after_numerator, check.after_denominator),
            Moved(check.verdict),
            local_date(check.at, zone),
        )
        for check in checks
    ]
    now = (
        [Look(window.first, window.last, window.before, window.after, window.found.verdict)] if window else []
    )
    return [*frozen, *(one for one in now if not frozen or one != replace(frozen[-1], recorded=None))][
        -(MAX_ROWS - 1) :
    ]


def effect_picture(label: str, looks: Sequence[Look], expected: float | None) -> Picture | None:
    """Did it move? None before there is anything to look at."""
    if not looks or not looks[-1].before.denominator:
        return None
    last = looks[-1]
    rows = [
        _bar("Before", last.before),
        *(_bar(f"{_short(one.first)} to {_short(one.last)}, {_said(one)}", one.after) for one in looks),
    ]
    words = WORDS if any(one.recorded for one in looks) else SO_FAR
    days = f"{day_text(last.first)} to {day_text(last.last)}"
    sentence = f"{label} before the fix and from {days}, {as_told(last.recorded)}: {_verdict(last, words)}"
    promised = NO_DATA if expected is None else share_text(expected, digits=1)
    table = [[row.label, row.note, interval_text(row.low, row.high), promised] for row in rows]
    return Picture(
        moments(rows, title=sentence, target=expected, width="container"),
        sentence,
        ("Days", label, "95% interval", "Target"),
        table,
    )


def as_told(recorded: date | None) -> str:
    """Whether figures are those of a verdict or those of now: both may stand side by side."""
    return f"as recorded on {day_text(recorded)}" if recorded else "as it stands now"


def _said(look: Look) -> str:
    return f"recorded {_short(look.recorded)}" if look.recorded else "now"


def _bar(label: str, counted: Counted) -> RateBar:
    low, high = wilson(counted.numerator, counted.denominator) if counted.denominator else (None, None)
    return RateBar(label, counted.value, rate_text(counted.numerator, counted.denominator), low, high)


def _short(day: date) -> str:
    return f"{day.day} {day:%b}"


def _verdict(look: Look, words: Mapping[Moved, str]) -> str:
    """What the newest look says: "+16.1 points (95% interval +4.3 points to +27.2 points), it moved"."""
    if not look.after.denominator:
        return f"no case since {day_text(look.first)}."
    found = difference(look.before, look.after)
    span = f"95% interval {points_text(found.low)} to {points_text(found.high)}"
    return f"{points_text(found.points)} ({span}), {words[look.verdict]}."
