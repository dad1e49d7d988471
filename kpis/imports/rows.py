"""Text to records. A record is one line, unless a quoted cell runs on and closes again within a few lines.

Strict, so that an unclosed quote spoils its own line and swallows no other: every line of the file is in
exactly one record, is blank, or is malformed with its reason.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from common.errors import Refused
from kpis.imports.reading import CUT_MARK, Text

QUOTE = '"'
BLOCK = 100_000
MAX_SPAN = 50
MAX_LINE = 128 * 1024
# No call log within the limit of bytes has so many; shorter lines cost as much each.
MAX_LINES = 10_000_000
# So often lines of a file are put together in vain; what is odd behind that is left as it stands.
MAX_TRIES = 10_000
TRIED_AT_ONCE = 20_000
TRIED = pl.Schema(
    {"pair": pl.Int64, "first": pl.Int64, "last": pl.Int64, "raw": pl.String, "fits": pl.Boolean}
)
CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"

UNCLOSED = "A quotation mark is opened and never closed."
STRAY = "The quotation marks do not enclose whole cells."
TOO_LONG = "The line is longer than 131,072 characters."
CUT = "The file ends in the middle of this row."
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
        line, rest, tries = 1, None, MAX_TRIES
        for data in self.text.pieces(self.end):
            lines = split_lines(data, line)
            line += lines.height
            if line - 1 - self.skip > MAX_LINES:
                raise Refused(f"The file has more than {MAX_LINES:,} lines. Split it by month.")
            lines = lines.filter(pl.col("row_no") > self.skip)
            if self.quoted:
                lines = lines if rest is None else pl.concat([rest, lines])
                lines, rest, tries = records(lines, delimiter=self.delimiter, width=self.width, tries=tries)
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


def records(
    lines: pl.DataFrame, *, delimiter: str, width: int, tries: int = MAX_TRIES
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """`lines` with every cell that runs over line ends put together again, under the number of its first line; the
    last lines by themselves where such a cell may run on into the lines that follow; and the tries left for these.

    A line opens such a cell when its marks are odd in number, and the next odd line closes it. They are
    joined only when the whole is a well-formed record of `width` cells and no line used up would be a
    record by itself. Once that was tried `tries` times in vain, nothing further is joined.
    """
    raw = lines["raw"]
    odd = (raw.str.count_matches(QUOTE, literal=True) % 2 == 1).arg_true().cast(pl.Int64)
    joined = TRIED.to_frame()
    if tries and odd.len() > 1:
        joined, failed = _in_turn(_tried(raw, odd, delimiter, width, tries))
        if failed.len() >= tries:
            joined = joined.filter(pl.col("pair") < failed[tries - 1])
        tries = max(0, tries - failed.len())
    used_up = not joined.is_empty() and joined["last"][-1] == odd[-1]
    open_at = lines.height
    if tries and odd.len() and not used_up and lines.height - odd[-1] <= MAX_SPAN:
        open_at = odd[-1]
    rest, lines = lines.slice(open_at), lines.head(open_at)
    if joined.is_empty():
        return lines, rest, tries
    eaten = joined.select(pl.int_ranges(pl.col("first") + 1, pl.col("last") + 1)).to_series().explode()
    keep = pl.Series([True]).new_from_index(0, lines.height).scatter(eaten, False)
    whole = joined.select(place="first", whole="raw")
    lines = lines.with_row_index("place").cast({"place": pl.Int64}).filter(keep)
    lines = lines.join(whole, on="place", how="left", maintain_order="left")
    return lines.select("row_no", raw=pl.coalesce("whole", "raw")), rest, tries


def _tried(raw: pl.Series, odd: pl.Series, delimiter: str, width: int, tries: int) -> pl.DataFrame:
    """Each odd line with the next one where both may hold one record, the lines put together, and whether they do.

    No further than it takes to fail `tries` times.
    """
    bars = raw.str.count_matches(delimiter, literal=True).cast(pl.Int64)
    up_to, wide = bars.cum_sum(), (bars + 1 >= width).cum_sum()
    pairs = pl.DataFrame({"first": odd.head(-1), "last": odd.slice(1)}).with_row_index("pair")
    first, last = pairs["first"], pairs["last"]
    pairs = pairs.filter(
        (last - first <= MAX_SPAN)
        & (wide.gather(last) == wide.gather(first))
        & (up_to.gather(last) - up_to.gather(first) + bars.gather(first) + 1 >= width)
    ).with_columns(pl.col("pair").cast(pl.Int64))
    done, surplus = [TRIED.to_frame()], 0
    for part in pairs.iter_slices(TRIED_AT_ONCE):
        each = part.select("pair", at=pl.int_ranges("first", pl.col("last") + 1)).explode("at")
        each = each.with_columns(raw.gather(each["at"]))
        put = each.group_by("pair", maintain_order=True).agg(pl.col("raw").str.join("\n"))
        cells, whole = _tiles(delimiter)
        fits = put.select(whole & (cells.list.len() == width)).to_series()
        done.append(part.with_columns(put["raw"], fits.alias("fits")))
        # Each pair that fits may spare one that does not, so these at least are in vain.
        surplus += fits.len() - 2 * int(fits.sum())
        if surplus >= tries:
            break
    return pl.concat(done)


def _in_turn(tried: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The pairs to be joined, and the numbers of those that were tried in vain, both in the order of the file.

    A line that one pair uses up is not there for the next: of pairs that follow each other every other one counts.
    """
    fits = tried.filter("fits").with_columns(run=(pl.col("pair").diff() != 1).fill_null(True).cum_sum())
    taken = fits.filter(pl.int_range(pl.len()).over("run") % 2 == 0)
    failed = tried.filter(~pl.col("fits"))["pair"]
    return taken, failed.filter(~(failed - 1).is_in(taken["pair"].implode()))


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
        .when(raw.str.ends_with(CUT_MARK))
        .then(pl.lit(CUT))
        .when(raw.str.contains(CONTROLS))
        .then(pl.lit(CONTROL))
    )
    lines = lines.with_columns(reason=spoilt)
    bad = [lines.filter(pl.col("reason").is_not_null()).with_columns(raw.str.strip_suffix(CUT_MARK))]
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


def _tiles(delimiter: str) -> tuple[pl.Expr, pl.Expr]:
    """The cells of `raw` as written, each behind a delimiter, and whether they tile it without a gap."""
    bar = "\\" + delimiter if delimiter == "|" else delimiter
    cell = f'{bar}(?:"(?:[^"]|"")*"|[^"{bar}]*)'
    found = pl.concat_str(pl.lit(delimiter), pl.col("raw")).str.extract_all(cell)
    return found, found.list.join("").str.len_bytes() == pl.col("raw").str.len_bytes() + 1


def _quoted_cells(lines: pl.DataFrame, delimiter: str) -> pl.DataFrame:
    """Cells of lines with quotation marks, and `whole`: whether they tile the line without a gap."""
    found, whole = _tiles(delimiter)
    inner = pl.element().str.slice(1)
    enclosed = inner.str.slice(1).str.head(-1).str.replace_all('""', '"', literal=True)
    bare = pl.when(inner.str.starts_with(QUOTE)).then(enclosed).otherwise(inner)
    return lines.select("row_no", "raw", cells=found.list.eval(bare), whole=whole)
