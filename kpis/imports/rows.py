"""Text to records. A record is one line, unless a quoted cell runs on and closes again within a few lines.

Strict, so that an unclosed quote spoils its own line and swallows no other: every line of the file is in
exactly one record, is blank, or is malformed with its reason.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kpis.imports.reading import Text

QUOTE = '"'
BLOCK = 100_000
MAX_SPAN = 50
MAX_LINE = 128 * 1024
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"

UNCLOSED = "A quotation mark is opened and never closed."
STRAY = "The quotation marks do not enclose whole cells."
TOO_LONG = "The line is longer than 131,072 characters."
CONTROL = "The line holds control characters that no text has."


@dataclass(frozen=True, slots=True)
class Block:
    """Some records: `good` has row_no, raw, cells (list of text); `bad` has row_no, raw, reason."""

    good: pl.DataFrame
    bad: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a text between its header and what stands below its last row, read piece by piece.

    `skip` are the lines above the first record, `end` is the byte where the last one ends.
    """

    text: Text
    skip: int
    end: int
    delimiter: str
    quoted: bool
    width: int

    def pieces(self) -> Iterator[pl.DataFrame]:
        """`row_no` and `raw` of every record that is not blank."""
        line, rest = 1, None
        for data in self.text.pieces(self.end):
            lines = split_lines(data, line)
            line += lines.height
            lines = lines.filter(pl.col("row_no") > self.skip)
            if self.quoted:
                lines = lines if rest is None else pl.concat([rest, lines])
                lines, rest = records(lines, delimiter=self.delimiter, width=self.width)
            yield lines.filter(pl.col("raw").str.strip_chars() != "")
        if rest is not None and not rest.is_empty():
            yield rest.filter(pl.col("raw").str.strip_chars() != "")

    def blocks(self, skip: int = 0, most: int | None = None) -> Iterator[Block]:
        """So many records behind the first ones, about BLOCK at a time, in the order of the file."""
        for piece in self.pieces():
            part = piece.slice(skip, most)
            skip = max(0, skip - piece.height)
            most = most if most is None else most - part.height
            yield from blocks(part, delimiter=self.delimiter, quoted=self.quoted)
            if most == 0:
                return

    def count(self) -> int:
        return sum(piece.height for piece in self.pieces())


def split_lines(data: bytes, first: int = 1) -> pl.DataFrame:
    """Every line of UTF-8 text, blank ones too: `row_no` (`first` is that of the first line) and `raw`."""
    return pl.read_lines(io.BytesIO(data), name="raw", row_index_name="row_no", row_index_offset=first)


def split_cells(line: str, delimiter: str, *, quoted: bool = True) -> list[str] | None:
    """The cells of one record, unquoted; None when its quotation marks do not add up."""
    if not quoted or QUOTE not in line:
        return line.split(delimiter)
    try:
        records = list(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None


def records(lines: pl.DataFrame, *, delimiter: str, width: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`lines` with every cell that runs over line ends put together again, under the number of its first line; and
    the last lines by themselves where such a cell may run on into the lines that follow.

    A line opens such a cell when its marks are odd in number, and the next odd line closes it. They are
    joined only when the whole is a well-formed record of `width` cells and no line used up would be a
    record by itself.
    """
    raw = lines["raw"]
    odd = (raw.str.count_matches(QUOTE, literal=True) % 2 == 1).arg_true().to_list()
    joined: dict[int, str] = {}
    eaten: list[int] = []
    at = 0
    while at + 1 < len(odd):
        first, last = odd[at], odd[at + 1]
        whole = _joined(raw, first, last, delimiter, width)
        if whole is None:
            at += 1
            continue
        joined[first] = whole
        eaten.extend(range(first + 1, last + 1))
        at += 2
    open_at = lines.height
    if at < len(odd) and lines.height - odd[at] <= MAX_SPAN:
        open_at = odd[at]
    rest, lines, raw = lines.slice(open_at), lines.head(open_at), raw.head(open_at)
    if not joined:
        return lines, rest
    text = raw.to_list()
    for index, whole in joined.items():
        text[index] = whole
    keep = pl.Series([True]).new_from_index(0, lines.height).scatter(eaten, False)
    return lines.with_columns(pl.Series("raw", text, dtype=pl.String)).filter(keep), rest


def _joined(raw: pl.Series, first: int, last: int, delimiter: str, width: int) -> str | None:
    if last - first > MAX_SPAN:
        return None
    parts = raw[first : last + 1].to_list()
    if any(part.count(delimiter) + 1 >= width for part in parts[1:]):
        return None
    whole = "\n".join(parts)
    cells = split_cells(whole, delimiter)
    return whole if cells is not None and len(cells) == width else None


def blocks(frame: pl.DataFrame, *, delimiter: str, quoted: bool) -> Iterator[Block]:
    """The records of `frame` about BLOCK at a time, in the order of the file.

    With `quoted` False a quotation mark is a character like others.
    """
    for start in range(0, frame.height, BLOCK):
        yield _block(frame.slice(start, BLOCK), delimiter, quoted)


def _block(lines: pl.DataFrame, delimiter: str, quoted: bool) -> Block:
    raw = pl.col("raw")
    spoilt = (
        pl.when(raw.str.len_bytes() > MAX_LINE)
        .then(pl.lit(TOO_LONG))
        .when(raw.str.contains(CONTROLS))
        .then(pl.lit(CONTROL))
    )
    lines = lines.with_columns(reason=spoilt)
    bad = [lines.filter(pl.col("reason").is_not_null())]
    lines = lines.filter(pl.col("reason").is_null()).drop("reason")
    marked = raw.str.contains(QUOTE, literal=True) & quoted
    good = [lines.filter(~marked).with_columns(cells=raw.str.split(delimiter))]
    cells = _quoted_cells(lines.filter(marked), delimiter)
    good.append(cells.filter("whole").drop("whole"))
    odd = raw.str.count_matches(QUOTE, literal=True) % 2 == 1
    broken = cells.filter(~pl.col("whole"))
    bad.append(
        broken.select("row_no", "raw", reason=pl.when(odd).then(pl.lit(UNCLOSED)).otherwise(pl.lit(STRAY)))
    )
    return Block(pl.concat(good).sort("row_no"), pl.concat(bad).sort("row_no"))


def _quoted_cells(lines: pl.DataFrame, delimiter: str) -> pl.DataFrame:
    """Cells of lines with quotation marks, and `whole`: whether cells tile the line without a gap."""
    bar = "\\" + delimiter if delimiter == "|" else delimiter
    cell = f'{bar}(?:"(?:[^"]|"")*"|[^"{bar}]*)'
    found = pl.concat_str(pl.lit(delimiter), pl.col("raw")).str.extract_all(cell)
    inner = pl.element().str.slice(1)
    enclosed = inner.str.slice(1).str.head(-1).str.replace_all('""', '"', literal=True)
    bare = pl.when(inner.str.starts_with(QUOTE)).then(enclosed).otherwise(inner)
    return lines.with_columns(found=found).select(
        "row_no",
        "raw",
        cells=pl.col("found").list.eval(bare),
        whole=pl.col("found").list.join("").str.len_bytes() == pl.col("raw").str.len_bytes() + 1,
    )
