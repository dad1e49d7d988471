"""How much of a sample is done, and what is missing before the first live days count as reviewed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from common.wording import percent_text, plural

from .sampling import LEAST

LIVE_DAYS = 3


class State(StrEnum):
    """Where a drawn call stands. Only a call that was listened to is reviewed."""

    OPEN = "open"
    CLAIMED = "claimed"
    CALIBRATION = "calibration"
    UNHEARD = "unheard"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of one sample, day or agent: calls there were, calls drawn, and what became of these."""

    calls: int
    drawn: int
    reviewed: int
    unheard: int
    in_hand: int

    @property
    def open(self) -> int:
        """Drawn, and nobody has it in hand."""
        return self.drawn - self.reviewed - self.unheard - self.in_hand

    @property
    def drawn_share(self) -> float | None:
        return self.drawn / self.calls if self.calls else None

    @property
    def reviewed_share(self) -> float | None:
        return self.reviewed / self.calls if self.calls else None


def count(calls: int, states: Iterable[State]) -> Coverage:
    """The coverage from the states of the drawn calls."""
    told = list(states)
    in_hand = told.count(State.CLAIMED) + told.count(State.CALIBRATION)
    return Coverage(calls, len(told), told.count(State.REVIEWED), told.count(State.UNHEARD), in_hand)


def together(parts: Iterable[Coverage]) -> Coverage:
    """Several days of one sample as one."""
    told = list(parts)
    return Coverage(
        sum(each.calls for each in told),
        sum(each.drawn for each in told),
        sum(each.reviewed for each in told),
        sum(each.unheard for each in told),
        sum(each.in_hand for each in told),
    )


def too_few(coverage: Coverage) -> tuple[str, ...]:
    """That fewer calls were reviewed than are asked for; empty where enough were."""
    enough = coverage.reviewed >= ceil(coverage.calls * LEAST)
    return () if enough else (f"{percent_text(float(LEAST), digits=0)} are asked for.",)


@dataclass(frozen=True, slots=True)
class LaunchFacts:
    """What decides whether the first live days are reviewed. `new` calls came in after the newest draw.

    `over` says that the days in which the launch is supervised are over: fewer live days than three are all there are.
    """

    live_days: int
    over: bool
    calls: int
    drawn: bool
    new: int
    coverage: Coverage


def launch_gaps(facts: LaunchFacts) -> list[str]:
    """Say what is missing before 25% of the calls of the first three live days are reviewed; empty: nothing."""
    if not facts.calls:
        return ["No call of the first three live days is in yet."]
    if not facts.drawn:
        return ["The sample of the first three live days has not been drawn."]
    gaps = []
    if facts.live_days < LIVE_DAYS and not facts.over:
        gaps.append(f"Calls of {facts.live_days} of the first {LIVE_DAYS} live days are in.")
    if facts.new:
        came = "call has come in" if facts.new == 1 else "calls have come in"
        gaps.append(f"{facts.new:,} {came} since the sample was drawn: top it up.")
    done, needed = facts.coverage, ceil(facts.coverage.calls * LEAST)
    if done.reviewed < needed:
        unheard = f", {plural(done.unheard, 'recording')} could not be heard" if done.unheard else ""
        gaps.append(
            f"{done.reviewed:,} of {plural(done.calls, 'call')} of the first live days are reviewed "
            f"({percent_text(done.reviewed_share)}){unheard}: at least 25% are asked for, {needed:,} calls."
        )
    return gaps


def meter_text(done: Coverage) -> str:
    """The meter as a sentence."""
    said = (
        f"{done.reviewed:,} of {plural(done.calls, 'call')} reviewed ({percent_text(done.reviewed_share)}), of "
        f"{done.drawn:,} drawn by chance ({percent_text(done.drawn_share)})"
    )
    rest = [
        *([f"{done.in_hand:,} in hand"] if done.in_hand else []),
        *([f"{done.open:,} still to be heard"] if done.open else []),
        *([f"{plural(done.unheard, 'recording')} that cannot be heard"] if done.unheard else []),
    ]
    return f"{said}; {', '.join(rest)}." if rest else f"{said}."
