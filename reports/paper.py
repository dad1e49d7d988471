"""What a paper is made of: already worded parts that the print template sets and nothing else decides on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

SHORT_TABLE = 6  # rows
# A state is a shape before its word; reports/state_font.py draws the shapes.
SHAPES = {"passed": "✓", "open": "○", "blocked": "■", "held": "‖", "late": "!"}


def shaped(state: str, text: str) -> str:
    """A text with the shape of its state before it, on the same line."""
    return f"{SHAPES[state]}\u00a0{text}" if state in SHAPES else text


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. `state` adds a shape before the word: passed, open, blocked, held or late."""

    text: str
    state: str = ""
    number: bool = False

    @property
    def css(self) -> str:
        """The class names of the cell."""
        return " ".join(filter(None, (self.state and "state", "number" if self.number else "")))

    @property
    def said(self) -> str:
        """The text with its shape: one run of text, which costs a third of a shape set beside it."""
        return shaped(self.state, self.text)


@dataclass(frozen=True, slots=True)
class Column:
    """A column head and its share of the width in percent."""

    label: str
    width: int
    number: bool = False

    @property
    def css(self) -> str:
        """The class name of the head cell."""
        return "number" if self.number else ""


@dataclass(frozen=True, slots=True)
class Table:
    block: ClassVar[str] = "table"
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = "No data."

    @property
    def short(self) -> bool:
        """Whether it is kept on one page: a few rows are read together."""
        return len(self.rows) <= SHORT_TABLE

    @property
    def named(self) -> bool:
        """Whether the first cell of a row is its name: no number is, and a tiny table would be mostly names."""
        return len(self.rows) > 2 and len(self.columns) > 2 and not self.rows[0][0].number


@dataclass(frozen=True, slots=True)
class Text:
    block: ClassVar[str] = "text"
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    block: ClassVar[str] = "bullets"
    items: tuple[str, ...]
    empty: str = "None."


@dataclass(frozen=True, slots=True)
class Chart:
    """A Vega-Lite spec with the sentence that says what it shows and its text for those who do not see it."""

    block: ClassVar[str] = "chart"
    spec: dict[str, Any]
    sentence: str
    alt: str


@dataclass(frozen=True, slots=True)
class Track:
    """The 90-day track; the geometry is drawn by the template."""

    block: ClassVar[str] = "track"
    svg: str
    sentence: str
    alt: str


@dataclass(frozen=True, slots=True)
class Heading:
    block: ClassVar[str] = "heading"
    text: str


type Block = Table | Text | Bullets | Chart | Track | Heading


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the body. `calibration` marks figures of days 11 to 30."""

    title: str
    blocks: tuple[Block, ...]
    calibration: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the three to five figures on page 1. `state` as in Cell."""

    label: str
    value: str
    detail: str = ""
    target: str = ""
    state: str = ""
    state_text: str = ""

    @property
    def said(self) -> str:
        """The state in words with its shape."""
        return shaped(self.state, self.state_text)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of whom by when."""

    what: str
    who: str
    by: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One report, ready to be set."""

    title: str
    verdict: str
    verdict_state: str
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    second_sentence: str = ""
    picture: Block | None = None
    decided: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    calibration: bool = False
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def verdict_said(self) -> str:
        """The verdict with its shape."""
        return shaped(self.verdict_state, self.verdict)


@dataclass(frozen=True, slots=True)
class Summary:
    """Page 1 in short, as the pages of the program show it."""

    verdict: str
    second_sentence: str
    calibration: bool
    figures: tuple[Figure, ...]


def summary_of(paper: Paper) -> Summary:
    """What page 1 says, without chart and asks."""
    return Summary(paper.verdict, paper.second_sentence, paper.calibration, paper.figures)


def row(*cells: Cell | str) -> tuple[Cell, ...]:
    """A table row; plain strings become plain cells."""
    return tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells)


def number(text: str) -> Cell:
    """A cell with figures: set to the right, tabular."""
    return Cell(text, number=True)


def columns(*parts: tuple[str, int] | Column) -> tuple[Column, ...]:
    """Columns from (label, width in percent); the widths must fill the line."""
    made = tuple(part if isinstance(part, Column) else Column(*part) for part in parts)
    if sum(column.width for column in made) != 100:
        raise ValueError(f"column widths add up to {sum(column.width for column in made)}, not 100")
    return made


def texts(*paragraphs: str) -> Text:
    """Paragraphs, without those that came out empty."""
    return Text(tuple(filter(None, paragraphs)))


def without_empty(parts: Sequence[Block | None]) -> tuple[Block, ...]:
    """The blocks that are there."""
    return tuple(part for part in parts if part is not None)
