"""Paths and words of one drawing, written as a small SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

FAMILY = "inter-latin, inter-latin-ext"  # as reports.pdf names the cuts of Inter
type Measure = Callable[[str, float, bool], float]  # text, size and whether it is bold: its width


@dataclass(frozen=True, slots=True)
class Look:
    """How a path is filled and drawn round."""

    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    fill_opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Type:
    """How words are set: `anchor` is start, middle or end."""

    anchor: str = "start"
    size: float = 11.0
    colour: str = "#000000"
    bold: bool = False
    line: float = 13.0  # from one line to the next


@dataclass(slots=True)
class _Path:
    look: Look
    steps: list[str]


@dataclass(slots=True)
class Canvas:
    """Takes what is drawn and knows how far it reaches. Neighbours that look alike become one path."""

    measure: Measure
    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    _parts: list[_Path | str] = field(default_factory=list)

    def draw(self, steps: str, look: Look, *corners: tuple[float, float]) -> None:
        """Add a path, written as SVG writes them; `corners` are points that it reaches."""
        self._reach(*corners)
        last = self._parts[-1] if self._parts else None
        if isinstance(last, _Path) and last.look == look:
            last.steps.append(steps)
        else:
            self._parts.append(_Path(look, [steps]))

    def line(self, x1: float, y1: float, x2: float, y2: float, look: Look) -> None:
        """Add a straight line."""
        self.draw(f"M{n(x1)} {n(y1)}L{n(x2)} {n(y2)}", look, (x1, y1), (x2, y2))

    def box(self, x: float, y: float, width: float, height: float, look: Look) -> None:
        """Add a rectangle; a negative width reaches to the left."""
        steps = f"M{n(x)} {n(y)}h{n(width)}v{n(height)}h{n(-width)}z"
        self.draw(steps, look, (x, y), (x + width, y + height))

    def circle(self, x: float, y: float, radius: float, look: Look) -> None:
        """Add a circle."""
        r, both = n(radius), n(2 * radius)
        steps = f"M{n(x - radius)} {n(y)}a{r} {r} 0 1 0 {both} 0a{r} {r} 0 1 0 -{both} 0z"
        self.draw(steps, look, (x - radius, y - radius), (x + radius, y + radius))

    def write(self, x: float, y: float, lines: Sequence[str], kind: Type) -> None:
        """Add words, the first line on the base line `y`."""
        set_as = f' text-anchor="{kind.anchor}"' if kind.anchor != "start" else ""
        weight = ' font-weight="700"' if kind.bold else ""
        for number, text in enumerate(lines):
            base = y + number * kind.line
            self._parts.append(
                f'<text x="{n(x)}" y="{n(base)}"{set_as}{weight} font-size="{n(kind.size)}"'
                f' fill="{kind.colour}">{escape(text)}</text>'
            )
            wide = self.measure(text, kind.size, kind.bold)
            start = x - {"start": 0.0, "middle": wide / 2, "end": wide}[kind.anchor]
            self._reach((start, base - 0.8 * kind.size), (start + wide, base + 0.21 * kind.size))

    def svg(self, *, left: float, top: float, right: float, bottom: float) -> str:
        """The whole drawing with so much room around it, as SVG."""
        x, y = self.left - left, self.top - top
        width, height = self.right + right - x, self.bottom + bottom - y
        parts = [part if isinstance(part, str) else _path(part) for part in self._parts]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{n(width)}" height="{n(height)}"'
            f' viewBox="{n(x)} {n(y)} {n(width)} {n(height)}" font-family="{FAMILY}">{"".join(parts)}</svg>'
        )

    def _reach(self, *points: tuple[float, float]) -> None:
        for x, y in points:
            self.left, self.right = min(self.left, x), max(self.right, x)
            self.top, self.bottom = min(self.top, y), max(self.bottom, y)


def n(value: float) -> str:
    """A number as short as paper needs it: hundredths of a pixel."""
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def _path(part: _Path) -> str:
    look = part.look
    told = [f'd="{"".join(part.steps)}" fill="{look.fill}"']
    if look.stroke != "none":
        told.append(f'stroke="{look.stroke}" stroke-width="{n(look.width)}"')
    if look.dash:
        told.append(f'stroke-dasharray="{" ".join(n(step) for step in look.dash)}"')
    if look.opacity < 1:
        told.append(f'opacity="{n(look.opacity)}"')
    if look.fill_opacity < 1:
        told.append(f'fill-opacity="{n(look.fill_opacity)}"')
    return f"<path {' '.join(told)}/>"
