"""The 90-day track as geometry: phases as bands, milestones as ticks, gates as diamonds, today as a line.

Pure: dates and states in, coordinates and words out. One drawing in three sizes; the templates only place it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from common.days import CALIBRATION_LAST_DAY, LAUNCH_DAY, SETUP_DAYS, Calendar
from common.wording import day_text, joined, plural
from milestones.rules.states import gate_look, milestone_word, short_word

REACH = 3.0  # how far from a tick a pointer still means it, in percent of the width, where no other is nearer
_WORST_FIRST = ("late", "blocked", "held", "open", "done", "passed")


class Size(StrEnum):
    """Where the track is drawn."""

    ROW = "row"
    HEAD = "head"
    PAPER = "paper"


@dataclass(frozen=True)
class Box:
    """Measures of one size: heights in drawing units, and the width in which places are told.

    On a screen places are percent of whatever width there is, so that texts and signs keep their size on a phone; on
    paper they are drawing units, and `pad` leaves room for half a diamond at each end. In the head the diamonds hang
    at the foot of the band (`gate_y`), so that ticks behind them can still be hit.
    """

    width: int
    height: int
    pad: int
    band_top: int
    band_height: int
    radius: int
    gate_y: int
    ghost_top: int


BOXES = {
    Size.ROW: Box(width=100, height=28, pad=0, band_top=8, band_height=12, radius=6, gate_y=14, ghost_top=29),
    Size.HEAD: Box(width=100, height=76, pad=0, band_top=22, band_height=28, radius=10, gate_y=54, ghost_top=76),
    Size.PAPER: Box(width=1000, height=84, pad=14, band_top=28, band_height=30, radius=11, gate_y=60, ghost_top=84),
}  # fmt: skip
GHOSTS = {Size.ROW: 8, Size.HEAD: 10, Size.PAPER: 12}  # how much higher a drawing with contracted dates is


@dataclass(frozen=True)
class PhaseIn:
    """A phase by its days."""

    code: str
    title: str
    first_day: int
    last_day: int


@dataclass(frozen=True)
class TickIn:
    """A milestone: when it is expected or was done, its state and who owns it."""

    on: date
    title: str
    owner: str
    state: str
    url: str = ""


@dataclass(frozen=True)
class GateIn:
    """A gate: its day, when it is expected or was passed, the shape of its state and, where it was said, the word."""

    day: int
    on: date
    title: str
    state: str
    url: str = ""
    word: str = ""

    @property
    def said(self) -> str:
        return self.word or gate_look(self.state).word.lower()


@dataclass(frozen=True)
class Band:
    """A stretch of the track; `kind` is phase, held, calibration or ghost."""

    kind: str
    code: str
    label: str
    x: str
    y: str
    width: str
    height: str
    label_y: str
    hatch: str = ""
    days: str = ""


@dataclass(frozen=True)
class Mark:
    """A tick, a diamond or a ghost of one; `label` is all that it says, `lines` the same for a small box.

    `area` and `reach` are left edge and width of what takes a pointer; `anchor` says on which side of a diamond its
    texts (`short`, `word` and `when`) stand.
    """

    x: str
    y: str
    state: str
    label: str
    short: str = ""
    word: str = ""
    when: str = ""
    url: str = ""
    anchor: str = "middle"
    area: str = ""
    reach: str = ""
    lines: tuple[str, ...] = ()
    to: str = ""

    @property
    def tip(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Track:
    """The finished drawing with its text alternative."""

    size: Size
    box: Box
    bands: tuple[Band, ...]
    ticks: tuple[Mark, ...]
    gates: tuple[Mark, ...]
    ghosts: tuple[Mark, ...]
    today_x: str
    today_label: str
    sentence: str
    elapsed: str = "0"

    @property
    def band_bottom(self) -> int:
        return self.box.band_top + self.box.band_height

    @property
    def top(self) -> int:
        """Where today's line begins."""
        return self.box.band_top - 6

    @property
    def today_bottom(self) -> int:
        return self.band_bottom + 6

    @property
    def tick_top(self) -> int:
        return self.box.band_top + self.box.band_height // 3

    @property
    def tick_over(self) -> int:
        """Where the line of a late or blocked date begins: it stands out of the band."""
        return self.box.band_top - 3

    @property
    def tick_bottom(self) -> int:
        return self.band_bottom

    @property
    def reach_top(self) -> int:
        return self.box.band_top - 8

    @property
    def reach_height(self) -> int:
        return self.band_bottom - self.reach_top

    @property
    def height(self) -> int:
        """Of the drawing without texts below it."""
        return self.box.height + (GHOSTS[self.size] if self.slipped else 0)

    @property
    def ghost_y(self) -> int:
        """The middle of the contracted band."""
        return self.box.ghost_top + 2

    @property
    def gate_scale(self) -> str:
        """The diamond is drawn with a radius of 10 and scaled."""
        return _number(self.box.radius / 10)

    @property
    def labels_y(self) -> int:
        """The first line of texts below the diamonds."""
        return self.height + 9

    @property
    def when_y(self) -> int:
        return self.labels_y + 14

    @property
    def third_y(self) -> int:
        """A third line, where the width is that of a phone."""
        return self.labels_y + 28

    @property
    def full_height(self) -> int:
        """With two lines of texts below."""
        return self.when_y + 4

    @property
    def states(self) -> frozenset[str]:
        """Which states the ticks have: a key names no others."""
        return frozenset(tick.state for tick in self.ticks)

    @property
    def contracted_y(self) -> int:
        """Where "contracted" stands, beside the first of these dates."""
        return self.box.ghost_top - 4

    @property
    def held(self) -> str:
        """ "Launch 3 days late" where the engagement stood at day 10."""
        return next((band.label for band in self.bands if band.kind == "held"), "")

    @property
    def slipped(self) -> bool:
        return bool(self.ghosts)


def draw(
    calendar: Calendar,
    *,
    phases: Iterable[PhaseIn],
    ticks: Iterable[TickIn],
    gates: Iterable[GateIn],
    today: date,
    size: Size,
    agreed: Calendar | None = None,
) -> Track:
    """Lay out the track; `agreed` is the contracted calendar, drawn as a ghost where it differs."""
    phases, gates, ticks = list(phases), list(gates), list(ticks)
    agreed = agreed or calendar
    expected = [tick.on for tick in ticks] + [gate.on for gate in gates]
    scale = _Scale(calendar, agreed, last_day=phases[-1].last_day, box=BOXES[size], later=expected)
    slipped = agreed.launch != calendar.launch
    bands = [_phase_band(phase, calendar, scale) for phase in phases]
    bands += _special_bands(calendar, scale)
    if slipped:
        bands += [_ghost_band(phase, agreed, scale) for phase in phases]
    return Track(
        size=size,
        box=scale.box,
        bands=tuple(bands),
        ticks=tuple(_ticks(ticks, calendar, scale)),
        gates=tuple(_diamond(gate, scale) for gate in gates),
        ghosts=tuple(_ghost(gate, agreed, scale, size) for gate in gates) if slipped else (),
        today_x=scale.middle(today) if scale.start <= today <= scale.end else "",
        today_label=f"Today, {_day(calendar, today)}",
        sentence=_sentence(calendar, agreed, phases, gates, today),
        elapsed=_elapsed(today, calendar.date_of(phases[-1].last_day), scale),
    )


def _elapsed(today: date, last: date, scale: "_Scale") -> str:
    """How much of the band lies behind us."""
    return _number(max(scale.at(min(today, last) + timedelta(days=1)) - scale.box.pad, 0.0))


class _Scale:
    """Where a date lies on the drawing."""

    def __init__(
        self, calendar: Calendar, agreed: Calendar, *, last_day: int, box: Box, later: list[date]
    ) -> None:
        self.box = box
        self.start = calendar.kickoff
        self.end = max(calendar.date_of(last_day), agreed.date_of(last_day), *later)
        self.days = (self.end - self.start).days + 1
        self.inner = box.width - 2 * box.pad

    def at(self, on: date) -> float:
        """The left edge of a date."""
        return self.box.pad + (on - self.start).days / self.days * self.inner

    def middle(self, on: date) -> str:
        return _number((self.at(on) + self.at(on + timedelta(days=1))) / 2)

    def stretch(self, first: date, last: date) -> tuple[str, str]:
        """Left edge and width of the dates from first to last."""
        left, right = self.at(first), self.at(last + timedelta(days=1))
        return _number(left), _number(right - left)


def _number(value: float) -> str:
    """A coordinate as text, so that no locale puts a comma into it."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _band(kind: str, code: str, label: str, dates: tuple[date, date], scale: _Scale) -> Band:
    """A band from the first to the last of two dates; a ghost lies under the others."""
    box = scale.box
    x, width = scale.stretch(*dates)
    y, height = (box.ghost_top, 4) if kind == "ghost" else (box.band_top, box.band_height)
    hatched = box is BOXES[Size.PAPER] and kind in {"calibration", "held"}
    hatch = _hatch(float(x), float(width), y, height) if hatched else ""
    return Band(kind, code, label, x, str(y), width, str(height), str(box.band_top - 8), hatch)


def _hatch(x: float, width: float, y: int, height: int, *, step: int = 7) -> str:
    """Slanting lines clipped to a box, as one path."""
    parts = []
    offset = float(-height)
    while offset < width:
        left, right = max(offset, 0.0), min(offset + height, width)
        bottom, top = y + height - (left - offset), y + height - (right - offset)
        parts.append(f"M{_number(x + left)} {_number(bottom)}L{_number(x + right)} {_number(top)}")
        offset += step
    return "".join(parts)


def _phase_band(phase: PhaseIn, calendar: Calendar, scale: _Scale) -> Band:
    first, last = calendar.date_of(phase.first_day), calendar.date_of(phase.last_day)
    days = f"{phase.first_day}–{phase.last_day}"
    return replace(_band("phase", phase.code, phase.title, (first, last), scale), days=days)


def _ghost_band(phase: PhaseIn, agreed: Calendar, scale: _Scale) -> Band:
    first, last = agreed.date_of(phase.first_day), agreed.date_of(phase.last_day)
    label = f"{phase.title} as contracted"
    return _band("ghost", phase.code, label, (first, last), scale)


def _special_bands(calendar: Calendar, scale: _Scale) -> list[Band]:
    """The calibration days, and the days for which the engagement stood at day 10."""
    first, last = calendar.date_of(LAUNCH_DAY), calendar.date_of(CALIBRATION_LAST_DAY)
    bands = [_band("calibration", "calibration", "Calibration, not final", (first, last), scale)]
    if calendar.held_span:
        held_from = calendar.date_of(SETUP_DAYS) + timedelta(days=1)
        held_to = calendar.launch - timedelta(days=1)
        bands.append(
            _band(
                "held",
                "held",
                f"Launch {plural(calendar.held_span, 'day')} late",
                (held_from, held_to),
                scale,
            )
        )
    return bands


def _ticks(ticks: Iterable[TickIn], calendar: Calendar, scale: _Scale) -> Iterable[Mark]:
    """One tick per date, for several milestones of a day would lie on each other.

    What takes a pointer reaches half of the way to the ticks beside it.
    """
    ticks = list(ticks)
    dates = sorted({tick.on for tick in ticks})
    at = [float(scale.middle(on)) for on in dates]
    room = [2 * REACH, *((right - left) for left, right in pairwise(at)), 2 * REACH]
    for place, (on, group) in enumerate(
        groupby(sorted(ticks, key=lambda one: one.on), key=lambda one: one.on)
    ):
        items = list(group)
        state = min((item.state for item in items), key=_WORST_FIRST.index)
        said = [
            f"{item.title} ({item.owner or 'no owner'}), {milestone_word(item.state).lower() or item.state}"
            for item in items
        ]
        day = _day(calendar, on)
        left, right = min(room[place] / 2, REACH), min(room[place + 1] / 2, REACH)
        yield Mark(
            scale.middle(on),
            str(scale.box.band_top),
            state,
            f"{day}: {'; '.join(said)}",
            url=next(item for item in items if item.state == state).url,
            area=_number(at[place] - left),
            reach=_number(left + right),
            lines=(day, *said),
        )


def _diamond(gate: GateIn, scale: _Scale) -> Mark:
    on, box = gate.on, scale.box
    x = scale.at(on + timedelta(days=1))
    title = f"Gate day {gate.day}, {gate.title}"
    anchor = "end" if x > box.width * 0.93 else "middle"
    return Mark(
        _number(x),
        str(box.gate_y),
        gate.state,
        f"{title}: {gate.said}, {day_text(on)}",
        short=f"Day {gate.day}",
        word=short_word(gate.state),
        when=f"{on.day} {on:%b}",
        url=gate.url,
        anchor=anchor,
        lines=(title, f"{gate.said}, {day_text(on)}"),
    )


def _ghost(gate: GateIn, agreed: Calendar, scale: _Scale, size: Size) -> Mark:
    """Where a gate was contracted to be, and where it is now (`to`), for the line between the two."""
    on = agreed.due(gate.day)
    y = BOXES[size].ghost_top + 2
    label = f"Gate day {gate.day} as contracted: {day_text(on)}"
    now = _number(scale.at(gate.on + timedelta(days=1)))
    return Mark(_number(scale.at(on + timedelta(days=1))), str(y), "ghost", label, to=now)


def _day(calendar: Calendar, on: date) -> str:
    day = calendar.day_of(on)
    return day_text(on, number=day) if day >= 1 else day_text(on)


def position(calendar: Calendar, phases: Iterable[PhaseIn], today: date) -> str:
    """Where the engagement stands: "Day 33 of 90, Optimisation", "Kickoff in 4 days"."""
    phases = list(phases)
    day, last = calendar.day_of(today), phases[-1].last_day
    if day < 1:
        return "Kickoff tomorrow" if day == 0 else f"Kickoff in {1 - day} days"
    if day > last:
        return f"Day {day}, after the first {last} days"
    phase = next(phase for phase in phases if day <= phase.last_day)
    held = calendar.held_days(today)
    standing = f"Day {day} of {last}, {phase.title}"
    return f"{standing}, launch {plural(held, 'day')} late" if held else standing


def _sentence(
    calendar: Calendar, agreed: Calendar, phases: list[PhaseIn], gates: list[GateIn], today: date
) -> str:
    """The drawing in words, for people who do not see it."""
    parts = [f"{position(calendar, phases, today)}."]
    late = (calendar.launch - agreed.launch).days
    slip = f", {plural(late, 'day')} later than contracted" if late > 0 else ""
    parts.append(f"Launch {day_text(calendar.launch, today=today)}{slip}.")
    listed = [f"day {gate.day} {gate.said} ({day_text(gate.on, today=today)})" for gate in gates]
    if listed:
        parts.append(f"Gates: {joined(listed)}.")
    return " ".join(parts)
