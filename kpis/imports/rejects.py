"""The rejected rows, told in few words and given back as a file that a spreadsheet opens without harm."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from kpis.imports.checks import Kind

# A spreadsheet takes a cell that begins so for a formula, also behind blanks or as full-width signs.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEADER = ("row", "reason", "original text")


@dataclass(frozen=True, slots=True)
class RejectGroup:
    """Rows rejected for the same sort of reason: how many, the first one's number and its reason."""

    kind: str
    rows: int
    first_row: int
    reason: str

    @property
    def sentence(self) -> str:
        """The reason where it holds for all the rows, else the kind with the first row's reason for example."""
        if self.rows == 1 or self.kind == Kind.CODE:
            return self.reason
        return f"{self.kind}. For example, line {self.first_row}: {self.reason}"


def summary(rejected: Iterable[pl.DataFrame]) -> list[RejectGroup]:
    """The rejected rows by kind, the most frequent first; each unknown disposition by itself."""
    each = pl.when(pl.col("kind") == Kind.CODE.value).then(pl.col("cause")).otherwise(pl.lit(""))
    groups = [
        piece.group_by("kind", each.alias("each"), maintain_order=True).agg(
            rows=pl.len(), first_row=pl.col("row_no").first(), reason=pl.col("cause").first()
        )
        for piece in rejected
    ]
    if not groups:
        return []
    grouped = (
        pl.concat(groups)
        .group_by("kind", "each", maintain_order=True)
        .agg(pl.col("rows").sum(), pl.col("first_row", "reason").first())
        .sort("rows", descending=True, maintain_order=True)
    )
    return [RejectGroup(**row) for row in grouped.drop("each").iter_rows(named=True)]


def safe_cell(text: str) -> str:
    """`text` so that a spreadsheet shows it and runs nothing: formula cells get an apostrophe in front."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(FORMULA) else text


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """CSV for spreadsheets, a piece per row: byte-order mark, every cell quoted and made safe, CRLF."""
    yield "\ufeff" + _line(header)
    for row in rows:
        yield _line(row)


def rejects_csv(rejected: Iterable[pl.DataFrame]) -> Iterator[str]:
    """The download: row number in the file, reason, the row as it was."""
    rows = (row for piece in rejected for row in piece.select("row_no", "reason", "raw").iter_rows())
    return csv_lines(HEADER, rows)


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        [cell if isinstance(cell, int) else safe_cell("" if cell is None else str(cell)) for cell in cells]
    )
    return out.getvalue()
