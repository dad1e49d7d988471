"""Bytes to a small table: the header by its names, and the cells of every row by the name of their column."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from common.errors import Refused
from kpis.imports.layout import DELIMITERS, TAIL
from kpis.imports.presets import column_name
from kpis.imports.reading import CUT_MARK, Text, read_text
from kpis.imports.rows import (
    CONTROL,
    CONTROLS,
    CUT,
    MAX_LINE,
    QUOTE,
    STRAY,
    TOO_LONG,
    UNCLOSED,
    Records,
    split_cells,
    split_lines,
)

MOST_ROWS = 50_000
MAX_UNPACKED = 20 * 1024 * 1024
MAX_COLUMNS = 200
MOST_CELLS = 1_000_000  # filled, of the columns that are read
HEAD_LINES = 20
LONGEST_CELL = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its first line in the file, counted from 1, and its filled cells by the name of their column."""

    row_no: int
    cells: dict[str, str]

    def first(self, names: Collection[str]) -> str:
        """The first of these columns that is not empty."""
        return next((self.cells[name] for name in names if name in self.cells), "")


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns as names are compared, its rows, and the lines that are none with the reason."""

    names: tuple[str, ...]
    rows: list[Row]
    bad: list[tuple[int, str]]


def any_column(name: str) -> bool:
    """Have every column read that has a name."""
    return bool(name)


def read_table(
    data: bytes, fits: Callable[[frozenset[str]], bool], is_read: Callable[[str], bool] = any_column
) -> Table:
    """Read a small file whose header `fits`; else its first line is taken for the header. Raises Refused as a whole.

    Of its rows only filled cells of the columns that are read stay: a wide sheet costs no more than what it says.
    """
    text = read_text(data, max_unpacked=MAX_UNPACKED)
    at, names, delimiter = _head(_first_lines(text), fits)
    below = Records(text, at, text.size, delimiter, quoted=True, width=len(names))
    if (found := below.count()) > MOST_ROWS:
        raise Refused(f"The file has {found:,} rows. The limit is {MOST_ROWS:,}: split it by month.")
    wanted = {place: name for place, name in enumerate(names) if is_read(name)}
    rows: list[Row] = []
    bad: list[tuple[int, str]] = []
    filled = 0
    for number, line in (record for piece in below.pieces() for record in piece.iter_rows()):
        if delimiter not in line and re.match(TAIL, line):
            continue
        cells = _cells(line, delimiter)
        if isinstance(cells, str):
            bad.append((number, cells))
        elif any(cell.strip() for cell in cells[len(names) :]):
            bad.append((number, f"The row has {len(cells)} cells, the header {len(names)}."))
        elif any(cell.strip() for cell in cells):
            texts = ((name, cells[place].strip()) for place, name in wanted.items() if place < len(cells))
            told = {name: cell for name, cell in texts if cell}
            if max(map(len, told.values()), default=0) > LONGEST_CELL:
                bad.append((number, f"A cell is longer than {LONGEST_CELL} characters."))
            else:
                rows.append(Row(number, told))
                filled += len(told)
        if filled > MOST_CELLS:
            raise Refused(f"The file has more than {MOST_CELLS:,} filled cells: split it by month.")
    if not rows and not bad:
        raise Refused("The file has no rows below its header.")
    return Table(names, rows, bad)


def _first_lines(text: Text) -> list[tuple[int, str]]:
    """The first lines with content, each with its number from 1 on."""
    raw = split_lines(next(text.pieces()))["raw"]
    filled = (raw.str.strip_chars() != "").arg_true().head(HEAD_LINES)
    return [(int(index) + 1, raw[index]) for index in filled]


def _head(
    filled: list[tuple[int, str]], fits: Callable[[frozenset[str]], bool]
) -> tuple[int, tuple[str, ...], str]:
    """The header's line number, its names, and the delimiter between them."""
    first: tuple[int, tuple[str, ...], str] | None = None
    for at, line in filled:
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
    """The cells of one record, or what is wrong with it."""
    if len(line.encode()) > MAX_LINE:
        return TOO_LONG
    if line.endswith(CUT_MARK):
        return CUT
    if re.search(CONTROLS, line):
        return CONTROL
    cells = split_cells(line, delimiter)
    return (UNCLOSED if line.count(QUOTE) % 2 else STRAY) if cells is None else cells
