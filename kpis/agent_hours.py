"""Which days the reports on agent hours cover, and what an hour of theirs comes to in dials. Pure.

A report over several days says one figure for all of them. Such days are one span, and the figure counts for a period
only where the whole span lies in it. A span is covered where everybody who dialled on one of its days has hours there:
hours without those of somebody who dialled would make each dial cheaper than it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Stint:
    """One person's time over the days from `first` to `last`, by one file; parts in seconds, None where unknown."""

    agent: int
    first: date
    last: date
    seconds: int
    file: int = 0
    calls: int | None = None
    talk: int | None = None
    wrap: int | None = None
    wait: int | None = None
    pause: int | None = None

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def load(self) -> tuple[int, int] | None:
        """Seconds of talk and wrap-up, and those in which the agent was not paused; None where a part is not told."""
        if self.talk is None or self.wrap is None:
            return None
        busy = self.talk + self.wrap
        if self.pause is not None:
            ready = self.seconds - self.pause
        elif self.wait is not None:
            ready = busy + self.wait
        else:
            return None
        return (busy, ready) if busy <= ready and ready > 0 else None


@dataclass(frozen=True, slots=True)
class Span:
    """Days whose hours are told together, as a rule one. `missing` counts agents who dialled and have no hours."""

    first: date
    last: date
    seconds: int
    dials: int
    missing: int

    @property
    def covered(self) -> bool:
        return not self.missing

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Covered:
    """The hours of a period: `spans` lie in it whole, `cut` reach out of it and count for nothing.

    `call_days` are its days with calls, `files` is how many reports the covered spans rest on.
    """

    spans: tuple[Span, ...] = ()
    cut: tuple[Span, ...] = ()
    call_days: tuple[date, ...] = ()
    files: int = 0
    by_day: Mapping[date, Span] = field(default_factory=dict)

    @property
    def seconds(self) -> int:
        """The time of the covered spans."""
        return sum(span.seconds for span in self.spans if span.covered)

    @property
    def days(self) -> int:
        """How many of the days with calls are covered."""
        return sum(self.covers(day) for day in self.call_days)

    @property
    def partly(self) -> int:
        """On how many days with calls somebody who dialled has no hours, while others have."""
        return sum(day in self.by_day and not self.by_day[day].covered for day in self.call_days)

    def covers(self, day: date) -> bool:
        return day in self.by_day and self.by_day[day].covered


def coverage(
    stints: Sequence[Stint], dialled: Mapping[date, Mapping[int | None, int]], *, first: date, last: date
) -> Covered:
    """What these stints cover of a period. `dialled` has the dials of each day by person; None: nobody is named."""
    spans: list[Span] = []
    cut: list[Span] = []
    files: set[int] = set()
    for begin, end, own in _spans(stints):
        days = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
        has = {(stint.agent, day) for stint in own for day in stint.days}
        dials = {(who, day): n for day in days for who, n in dialled.get(day, {}).items() if n}
        lacking = {who for who, day in dials if who is not None and (who, day) not in has}
        span = Span(begin, end, sum(stint.seconds for stint in own), sum(dials.values()), len(lacking))
        if first <= begin and end <= last:
            spans.append(span)
            files |= {stint.file for stint in own} if span.covered else set()
        elif begin <= last and end >= first:
            cut.append(span)
    calls = sorted(day for day, who in dialled.items() if first <= day <= last and any(who.values()))
    by_day = {
        span.first + timedelta(days=number): span
        for span in spans
        for number in range((span.last - span.first).days + 1)
    }
    return Covered(tuple(spans), tuple(cut), tuple(calls), len(files), by_day)


def _spans(stints: Iterable[Stint]) -> list[tuple[date, date, list[Stint]]]:
    """Stints whose days touch each other, as one span."""
    found: list[tuple[date, date, list[Stint]]] = []
    for stint in sorted(stints, key=lambda one: (one.first, one.last)):
        if found and stint.first <= found[-1][1]:
            begin, end, own = found[-1]
            found[-1] = (begin, max(end, stint.last), [*own, stint])
        else:
            found.append((stint.first, stint.last, [stint]))
    return found


@dataclass(frozen=True, slots=True)
class Person:
    """One agent over a period: seconds, the dials of just these days, and how busy they were where reports tell it.

    `busy` seconds of `ready` ones are those of reports over `told` seconds that have all of the parts.
    """

    agent: int
    seconds: int
    dials: int
    busy: int = 0
    ready: int = 0
    told: int = 0

    @property
    def dials_an_hour(self) -> float | None:
        return self.dials / (self.seconds / 3600) if self.seconds else None

    @property
    def occupancy(self) -> float | None:
        """Talk and wrap-up over the time that the agent was not paused; None where no report tells it."""
        return self.busy / self.ready if self.ready else None


def by_person(
    stints: Sequence[Stint], dialled: Mapping[date, Mapping[int | None, int]], *, first: date, last: date
) -> list[Person]:
    """Each person's stints that lie in a period whole, with what they dialled on just these days."""
    own: dict[int, list[Stint]] = {}
    for stint in stints:
        if first <= stint.first and stint.last <= last:
            own.setdefault(stint.agent, []).append(stint)
    found = []
    for agent, told in own.items():
        dials = sum(
            dialled.get(day, {}).get(agent, 0) for day in {day for stint in told for day in stint.days}
        )
        loads = [(*load, stint.seconds) for stint in told if (load := stint.load)]
        busy, ready, known = (sum(part) for part in zip(*loads, strict=True)) if loads else (0, 0, 0)
        found.append(Person(agent, sum(stint.seconds for stint in told), dials, busy, ready, known))
    return found
