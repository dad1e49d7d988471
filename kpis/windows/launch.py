"""Whether the dials of the supervised launch are checked against their windows, and what stands against it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.wording import day_text, joined, plural


@dataclass(frozen=True, slots=True)
class LaunchDials:
    """The dials of days 11 to 14 against their windows.

    `calls` says that calls of these days are in, `over` that the last of them has come. `unjudged` are the days whose
    calls were not checked against the rules of now yet, `unanswered` the days with violations that nobody has answered
    for, or not for all of them, each with how many there are.
    """

    calls: bool
    over: bool
    unjudged: Sequence[date] = ()
    unanswered: Sequence[tuple[date, int]] = ()


def launch_gaps(found: LaunchDials) -> list[str]:
    """Say what is missing before the dial times of days 11 to 14 are checked against the windows; empty: nothing."""
    if not found.calls:
        return ["No call of days 11 to 14 is in yet, so none was checked against its window."]
    gaps = [] if found.over else ["The launch is supervised until day 14: calls can still come."]
    return gaps + standing_gaps(found.unjudged, found.unanswered)


def standing_gaps(unjudged: Sequence[date], unanswered: Sequence[tuple[date, int]]) -> list[str]:
    """Say what stands against days whose calls are in: calls that nobody judged, violations without an answer."""
    gaps = []
    if unjudged:
        gaps.append(
            f"The calls of {joined([day_text(day) for day in unjudged])} were not checked against their windows yet: "
            "that follows in the background after every import and every change of the rules."
        )
    gaps += [
        f"{plural(calls, 'call')} of {day_text(day)} lay outside of the calling window, and nobody has said how that "
        "came about and what was done."
        for day, calls in unanswered
    ]
    return gaps
