"""The 90-day track as geometry: phases as bands, milestones as ticks, gates as diamonds, today as a line.

Pure: dates and states in, coordinates and words out. One drawing in three sizes; the templates only place it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby, pairwise

from common.days import CALIBRATION_LAST_DAY, LAUNCH_DAY, SETUP_DAYS, Calendar
from common.wording import day_text, joined, plural

STATE_WORDS = {
    "passed": "passed",
    "done": "done",
    "open": "open",
    "blocked": "blocked",
    "held": "held",
    "late": "late",
}
REACH = 13  # half of what a finger needs, in the units of the head, which a phone draws a little smaller
_WORST_FIRST = ("late", "blocked", "held", "open", "done", "passed")


class Size(StrEnum):
    """Where the track is drawn."""

    ROW = "row"
    HEAD = "head"
    PAPER = "paper"


@dataclass(frozen=True)
class Box:
    """Measures of one size in drawing units; `pad` leaves room for half a diamond at each end.

    In the head the diamonds hang at the foot of the band (`gate_y`), so that ticks behind them can still be hit.
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
    Size.ROW: Box(width=360, height=36, pad=7, band_top=9, band_height=12, radius=6, gate_y=15, ghost_top=26),
    Size.HEAD: Box(
        width=960, height=102, pad=12, band_top=26, band_height=26, radius=10, gate_y=55, ghost_top=69
    ),
    Size.PAPER: Box(
        width=1000, height=120, pad=14, band_top=30, band_height=30, radius=11, gate_y=45, ghost_top=65
    ),
}


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
    """A gate: its day, when it is expected or was passed, and its state."""

    day: int
    on: date
    title: str
    state: str
    url: str = ""


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


@dataclass(frozen=True)
class Mark:
    """A tick, a diamond or a ghost of one; `label` is all that it says, `short` what is written beside it.

    `area` is the path that takes a finger or a pointer: larger than what is drawn.
    """

    x: str
    y: str
    state: str
    label: str
    short: str = ""
    url: str = ""
    anchor: str = "middle"
    area: str = ""


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

    @property
    def band_bottom(self) -> int:
        return self.box.band_top + self.box.band_height

    @property
    def top(self) -> int:
        """Where today's line begins."""
        return self.box.band_top - 5

    @property
    def today_bottom(self) -> int:
        return self.band_bottom + 5

    @property
    def tick_top(self) -> int:
        return self.box.band_top + self.box.band_height // 3

    @property
    def tick_head(self) -> int:
        """Height of the small sign on a tick that shows its state."""
        return self.tick_top

    @property
    def tick_bottom(self) -> int:
        return self.band_bottom

    @property
    def gate_scale(self) -> str:
        """The diamond is drawn with a radius of 10 and scaled."""
        return _number(self.box.radius / 10)

    @property
    def labels_y(self) -> int:
        return self.box.height - 8

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
        ghosts=tuple(_ghost(gate, agreed, scale) for gate in gates) if slipped else (),
        today_x=scale.middle(today) if scale.start <= today <= scale.end else "",
        today_label=f"Today, {_day(calendar, today)}",
        sentence=_sentence(calendar, agreed, phases, gates, today),
    )


class _Scale:
    """Where a date lies on the drawing."""

    def __init__(
        self, calendar: Calendar, agreed: Calendar, *, last_day: int, box: Box, later: list[date]
    ) -> None:
        self.box = box
        self.start = calendar.kickoff
        self.end = max(calendar.date_of(last_day), agreed.date_of(last_day), *later)
        self.days = (self.end - self.start).days + 1

    def at(self, on: date) -> float:
        """The left edge of a date."""
        return self.box.pad + (on - self.start).days / self.days * (self.box.width - 2 * self.box.pad)

    def middle(self, on: date) -> str:
        return _number((self.at(on) + self.at(on + timedelta(days=1))) / 2)

    def stretch(self, first: date, last: date) -> tuple[str, str]:
        """Left edge and width of the dates from first to last."""
        left, right = self.at(first), self.at(last + timedelta(days=1))
        return _number(left), _number(right - left)


def _number(value: float) -> str:
    """A coordinate as text, so that no locale puts a comma into it."""
    return f"{value:.1f}".removesuffix(".0")


def _band(kind: str, code: str, label: str, dates: tuple[date, date], scale: _Scale) -> Band:
    """A band from the first to the last of two dates; a ghost lies under the others."""
    box = scale.box
    x, width = scale.stretch(*dates)
    y, height = (box.ghost_top, 4) if kind == "ghost" else (box.band_top, box.band_height)
    hatch = _hatch(float(x), float(width), y, height) if kind in {"calibration", "held"} else ""
    return Band(kind, code, label, x, str(y), width, str(height), str(box.band_top - 9), hatch)


def _hatch(x: float, width: float, y: int, height: int, *, step: int = 7) -> str:
    """Slanting lines clipped to a box, as one path: a pattern would need an id, and ids must not repeat on a page."""
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
    return _band("phase", phase.code, phase.title, (first, last), scale)


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
            _band("held", "held", f"Held {plural(calendar.held_span, 'day')}", (held_from, held_to), scale)
        )
    return bands


def _area(x: float, y: float, *, height: float, left: float = REACH, right: float = REACH) -> str:
    """A box around a mark, as a path."""
    return f"M{_number(x - left)} {_number(y)}h{_number(left + right)}v{_number(height)}h-{_number(left + right)}Z"


def _ticks(ticks: Iterable[TickIn], calendar: Calendar, scale: _Scale) -> Iterable[Mark]:
    """One tick per date, for several milestones of a day would lie on each other.

    Its area begins above the band, reaches half of the way to the ticks beside it, and is never taken by a diamond
    from top to bottom: on a phone, too, it is large enough to be hit wherever its neighbours leave room.
    """
    ticks = list(ticks)
    top, bottom = scale.box.band_top - 8, scale.box.band_top + scale.box.band_height
    dates = sorted({tick.on for tick in ticks})
    at = [float(scale.middle(on)) for on in dates]
    room = [2 * REACH, *((right - left) for left, right in pairwise(at)), 2 * REACH]
    areas = {
        on: _area(
            x,
            top,
            height=bottom - top,
            left=min(room[place] / 2, REACH),
            right=min(room[place + 1] / 2, REACH),
        )
        for place, (on, x) in enumerate(zip(dates, at, strict=True))
    }
    for on, group in groupby(sorted(ticks, key=lambda tick: tick.on), key=lambda tick: tick.on):
        items = list(group)
        state = min((item.state for item in items), key=_WORST_FIRST.index)
        said = "; ".join(f"{item.title} ({item.owner or 'no owner'}), {item.state}" for item in items)
        first = next(item for item in items if item.state == state)
        yield Mark(
            scale.middle(on), str(scale.box.band_top), state, f"{_day(calendar, on)}: {said}", url=first.url,
            area=areas[on],
        )  # fmt: skip


def _diamond(gate: GateIn, scale: _Scale) -> Mark:
    on, box = gate.on, scale.box
    x = scale.at(on + timedelta(days=1))
    label = f"Gate day {gate.day}, {gate.title}: {gate.state}, {day_text(on)}"
    anchor = "end" if x > box.width * 0.93 else "middle"
    return Mark(
        _number(x), str(box.gate_y), gate.state, label, f"Day {gate.day} · {on.day} {on:%b}", gate.url, anchor,
        area=_area(x, box.gate_y - box.radius, height=2 * REACH),
    )  # fmt: skip


def _ghost(gate: GateIn, agreed: Calendar, scale: _Scale) -> Mark:
    on = agreed.due(gate.day)
    y = scale.box.ghost_top + 2
    label = f"Gate day {gate.day} as contracted: {day_text(on)}"
    return Mark(_number(scale.at(on + timedelta(days=1))), str(y), "ghost", label)


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
    return f"{standing}, held for {plural(held, 'day')}" if held else standing


def _sentence(
    calendar: Calendar, agreed: Calendar, phases: list[PhaseIn], gates: list[GateIn], today: date
) -> str:
    """The drawing in words, for people who do not see it."""
    parts = [f"{position(calendar, phases, today)}."]
    late = (calendar.launch - agreed.launch).days
    slip = f", {plural(late, 'day')} later than contracted" if late > 0 else ""
    parts.append(f"Launch {day_text(calendar.launch, today=today)}{slip}.")
    listed = [f"day {gate.day} {gate.state} ({day_text(gate.on, today=today)})" for gate in gates]
    if listed:
        parts.append(f"Gates: {joined(listed)}.")
    return " ".join(parts)
