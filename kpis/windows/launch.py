"""Whether the dials of the supervised launch are checked against their windows, and what stands against it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.wording import day_text, joined, plural


@dataclass(frozen=True, slots=True)
class OutsideDay:
    """The calls of one day that somebody has to answer for: at an hour that is not allowed, or at another into places
    that the brief excludes (`places`, by their names).
    """

    day: date
    violations: int = 0
    excluded: int = 0
    places: tuple[str, ...] = ()

    @property
    def calls(self) -> int:
        return self.violations + self.excluded

    @property
    def where(self) -> str:
        """The excluded places in words."""
        return joined(self.places)

    @property
    def told(self) -> str:
        """ "2 calls of Thu 12 Mar lay outside of the calling window"."""
        said = []
        if self.violations:
            said.append(f"{plural(self.violations, 'call')} of {{day}} lay outside of the calling window")
        if self.excluded:
            made = f"{self.excluded} more" if said else f"{plural(self.excluded, 'call')} of {{day}}"
            said.append(f"{made} went to {self.where}, which the brief excludes")
        return joined(said).format(day=day_text(self.day))

    @property
    def sentence(self) -> str:
        """The same with what is missing."""
        return f"{self.told}, and nobody has said how that came about and what was done."


@dataclass(frozen=True, slots=True)
class LaunchDials:
    """The dials of days 11 to 14 against their windows.

    `calls` says that calls of these days are in, `over` that the last of them has come. `unjudged` are the days whose
    calls were not checked against the rules of now yet, `unanswered` the days with calls that nobody has answered for,
    or not for all of them.
    """

    calls: bool
    over: bool
    unjudged: Sequence[date] = ()
    unanswered: Sequence[OutsideDay] = ()


def launch_gaps(found: LaunchDials) -> list[str]:
    """Say what is missing before the dial times of days 11 to 14 are checked against the windows; empty: nothing."""
    if not found.calls:
        return ["No call of days 11 to 14 is in yet, so none was checked against its window."]
    gaps = [] if found.over else ["The launch is supervised until day 14: calls can still come."]
    return gaps + standing_gaps(found.unjudged, found.unanswered)


def standing_gaps(unjudged: Sequence[date], unanswered: Sequence[OutsideDay]) -> list[str]:
    """Say what stands against days whose calls are in: calls that nobody judged, or answered for where they must."""
    gaps = []
    if unjudged:
        gaps.append(
            f"The calls of {joined([day_text(day) for day in unjudged])} were not checked against their windows yet: "
            "that follows in the background after every import and every change of the rules."
        )
    return gaps + [each.sentence for each in unanswered]
