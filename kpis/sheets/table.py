"""Bytes to a small table: the header by its names, and the cells of every row by the name of their column."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from common.errors import Refused
from kpis.imports.layout import DELIMITERS, TAIL
from kpis.imports.presets import column_name
from kpis.imports.reading import read_text
from kpis.imports.rows import CONTROL, CONTROLS, MAX_LINE, STRAY, TOO_LONG, split_cells, split_lines

MOST_ROWS = 50_000
MAX_UNPACKED = 20 * 1024 * 1024
MAX_COLUMNS = 200
HEAD_LINES = 20
LONGEST_CELL = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file, counted from 1, and its cells by the name of their column."""

    row_no: int
    cells: dict[str, str]

    def first(self, names: Collection[str]) -> str:
        """The first of these columns that is not empty."""
        return next((self.cells[name] for name in names if self.cells.get(name)), "")


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns as names are compared, its rows, and the lines that are none with the reason."""

    names: tuple[str, ...]
    rows: list[Row]
    bad: list[tuple[int, str]]


def read_table(data: bytes, fits: Callable[[frozenset[str]], bool]) -> Table:
    """Read a small file whose header `fits`; else its first line is taken for the header. Raises Refused as a whole."""
    text = read_text(data, max_unpacked=MAX_UNPACKED)
    lines = [line for piece in text.pieces() for line in split_lines(piece)["raw"]]
    filled = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if len(filled) > MOST_ROWS + HEAD_LINES:
        raise Refused(f"The file has {len(filled):,} lines. The limit is {MOST_ROWS:,}: split it by month.")
    at, names, delimiter = _head(filled, fits)
    rows: list[Row] = []
    bad: list[tuple[int, str]] = []
    for number, line in filled[at + 1 :]:
        if delimiter not in line and re.match(TAIL, line):
            continue
        cells = _cells(line, delimiter)
        if isinstance(cells, str):
            bad.append((number, cells))
        elif len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            bad.append((number, f"The row has {len(cells)} cells, the header {len(names)}."))
        elif any(cell.strip() for cell in cells):
            texts = [cell.strip() for cell in cells]
            if max(map(len, texts)) > LONGEST_CELL:
                bad.append((number, f"A cell is longer than {LONGEST_CELL} characters."))
            else:
                rows.append(Row(number, dict(zip(names, texts, strict=False))))
    if not rows and not bad:
        raise Refused("The file has no rows below its header.")
    return Table(names, rows, bad)


def _head(
    filled: list[tuple[int, str]], fits: Callable[[frozenset[str]], bool]
) -> tuple[int, tuple[str, ...], str]:
    first: tuple[int, tuple[str, ...], str] | None = None
    for at, (_, line) in enumerate(filled[:HEAD_LINES]):
        if len(line) > MAX_LINE or re.search(CONTROLS, line):
            continue
        for delimiter in sorted(DELIMITERS, key=lambda mark: -line.count(mark)):
            cells = split_cells(line.lstrip("\ufeff"), delimiter) or []
            names = tuple(column_name(cell)[:100] for cell in cells[:MAX_COLUMNS])
            if fits(frozenset(names)):
                return at, names, delimiter
            if first is None and len(names) > 1:
                first = at, names, delimiter
    if first is None:
        raise Refused("The first line must name the columns, with commas, tabs, pipes or semicolons between.")
    return first


def _cells(line: str, delimiter: str) -> list[str] | str:
    """The cells of one line, or what is wrong with it."""
    if len(line.encode()) > MAX_LINE:
        return TOO_LONG
    if re.search(CONTROLS, line):
        return CONTROL
    cells = split_cells(line, delimiter)
    return STRAY if cells is None else cells
