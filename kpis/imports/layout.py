"""How a call log is written: its delimiter, header and preset, seen from its first lines."""

import re
from dataclasses import dataclass

import polars as pl

from common.errors import Refused
from kpis.imports.presets import Preset, column_name, recognise
from kpis.imports.reading import Text, read_text
from kpis.imports.rows import CONTROLS, MAX_LINE, records, split_cells, split_lines

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
MAX_COLUMNS = 500
MAX_NAME = 500
SAMPLE_ROWS = 5
SAMPLE_CELL = 80


@dataclass(frozen=True, slots=True)
class Layout:
    """A file's form. `preset` is the one its header fits, or None; `header` are its column names as written."""

    preset: Preset | None
    delimiter: str
    header: list[str]
    header_row: int
    encoding: str
    packed: bool
    rows: int
    sample: list[list[str]]

    @property
    def delimiter_name(self) -> str:
        """The delimiter as people call it: comma, semicolon, tab, pipe."""
        return DELIMITERS[self.delimiter]


def look(data: bytes) -> Layout:
    """The layout of a file, before anybody decides anything. Raises Refused when it is no call log at all."""
    return read_layout(read_text(data))[0]


def read_layout(text: Text, preset: Preset | None = None) -> tuple[Layout, pl.DataFrame]:
    """The layout, for `preset` where it is already chosen, and the records below the header: row_no, raw."""
    lines = split_lines(text.data)
    at = _header_index(lines["raw"])
    first = lines["raw"][at]
    _refuse_header(first)
    delimiter = _delimiter(first, preset)
    header = [cell.strip() for cell in split_cells(first, delimiter) or first.split(delimiter)]
    if len(header) > MAX_COLUMNS:
        raise Refused(f"The first line has {len(header):,} columns; no call log has more than {MAX_COLUMNS}.")
    if (longest := max(len(name) for name in header)) > MAX_NAME:
        raise Refused(f"A column's name in the first line has {longest:,} characters; it must be the header.")
    known = preset or recognise(header)
    quoted = known is None or delimiter not in known.bare_delimiters
    below = lines.slice(at + 1)
    if quoted:
        below = records(below, delimiter=delimiter, width=len(header))
    below = below.filter(pl.col("raw").str.strip_chars() != "")
    if below.is_empty():
        raise Refused("The file has one line and no rows below it. The first line must be the header.")
    sample = [_sample(raw, delimiter, quoted=quoted) for raw in below["raw"].head(SAMPLE_ROWS)]
    layout = Layout(known, delimiter, header, at + 1, text.encoding, text.packed, below.height, sample)
    return layout, below


def _refuse_header(line: str) -> None:
    """Say no to a first line that cannot be a header, whatever stands below it."""
    if len(line.encode()) > MAX_LINE:
        raise Refused(
            f"The first line is longer than {MAX_LINE:,} characters, so it is not a call log's header."
        )
    if re.search(CONTROLS, line):
        raise Refused("The first line holds control characters that no text has, so this is not a call log.")


def _sample(raw: str, delimiter: str, *, quoted: bool) -> list[str]:
    """The cells of one row as the page shows them: a look at each, not all that it holds."""
    cells = split_cells(raw, delimiter, quoted=quoted) if len(raw) <= MAX_LINE else None
    return [_cut(cell) for cell in (cells or [raw])[:MAX_COLUMNS]]


def _cut(cell: str) -> str:
    return cell if len(cell) <= SAMPLE_CELL else cell[:SAMPLE_CELL] + "…"


def _header_index(raw: pl.Series) -> int:
    """The first line with content, behind the `sep=;` hint that spreadsheets write."""
    filled = (raw.str.strip_chars() != "").arg_true()
    if filled.is_empty():
        raise Refused("The file is empty.")
    index = int(filled[0])
    if raw[index].lower().startswith("sep=") and len(filled) > 1:
        return int(filled[1])
    return index


def _delimiter(line: str, preset: Preset | None) -> str:
    """The delimiter under which the header makes most sense."""

    def sense(delimiter: str) -> tuple[int, int]:
        cells = split_cells(line, delimiter) or line.split(delimiter)
        known = preset or recognise(cells)
        names = {column_name(cell) for cell in cells}
        return (len(known.signature & names) if known else 0, len(cells))

    return max(DELIMITERS, key=sense)
