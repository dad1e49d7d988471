"""Records of cells to one text column per field, by the names in the header."""

from collections.abc import Mapping

import polars as pl

from common.errors import Refused
from kpis.imports.checks import Kind
from kpis.imports.presets import Preset, column_name, missing_columns
from kpis.imports.rows import Block

MAX_RAW = 4_000
# What databases and dialers write for "nothing". "unknown" is not among them: it can be a category.
NOTHING = ("", "NULL", "null", "\\N", "[None]", "[Deleted]")
FIELDS = (
    "called_at",
    "day",
    "month",
    "code",
    "call_id",
    "lead_ref",
    "phone",
    "lead_source",
    "agent",
    "agent_name",
    "duration",
    "dials",
    "campaign",
)
REJECTED = pl.Schema(
    {
        "row_no": pl.UInt32(),
        "kind": pl.String(),
        "cause": pl.String(),
        "reason": pl.String(),
        "raw": pl.String(),
    }
)

Places = Mapping[str, tuple[int, ...]]


def places(preset: Preset, header: list[str]) -> Places:
    """Where in a row each field stands. Raises Refused when a column is missing or a used one comes twice."""
    if absent := missing_columns(preset, header):
        columns = ("column " if len(absent) == 1 else "columns ") + ", ".join(absent)
        raise Refused(
            f"This is not the layout “{preset.label}”: the first line lacks the {columns}. "
            "The first line must be the header, with the names as exported."
        )
    names = [column_name(cell) for cell in header]
    used = {column for columns in preset.columns.values() for column in columns}
    if twice := sorted(name for name in used if names.count(name) > 1):
        raise Refused(f"The column {', '.join(twice)} is there twice; which one counts? Remove the other.")
    return {
        field: tuple(names.index(column) for column in columns if column in names)
        for field, columns in preset.columns.items()
    }


def shaped(block: Block, preset: Preset, where: Places, width: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The records with as many cells as the header wants, and REJECTED rows for the others and the
    malformed ones.

    Empty cells beyond the header do no harm. In a ragged export the tail may be shorter or longer.
    """
    cells, count = pl.col("cells"), pl.col("cells").list.len()
    if preset.ragged:
        needed = max(where[field][0] for field in where if preset.columns[field][0] in preset.signature) + 1
        fits = count >= needed
    else:
        needed = width
        spare = cells.list.slice(width).list.join("").str.strip_chars()
        fits = (count == width) | ((count > width) & (spare == ""))
    words = f"The row has {{}} cells where the header has {width}."
    misfit = block.good.filter(~fits).with_columns(reason=pl.format(words, count)).drop("cells")
    bad = pl.concat([block.bad, misfit], how="diagonal_relaxed")
    return block.good.filter(fits), rejected(
        bad.with_columns(kind=pl.lit(Kind.SHAPE.value), cause=pl.col("reason"))
    )


def texts(rows: pl.DataFrame, where: Places, preset: Preset, *, quoted: bool) -> pl.DataFrame:
    """One stripped text column per field, null where nothing is written; `row_no`, `raw` and `cells` stay."""

    def cell(index: int) -> pl.Expr:
        value = pl.col("cells").list.get(index, null_on_oob=True).str.strip_chars()
        if not quoted:
            # A spreadsheet has put quotation marks round a cell of a format that knows none.
            enclosed = value.str.starts_with('"') & value.str.ends_with('"') & (value.str.len_chars() > 1)
            value = pl.when(enclosed).then(value.str.strip_chars('"')).otherwise(value)
        return pl.when(~value.is_in(NOTHING)).then(value)

    nothing = pl.lit(None, dtype=pl.String)
    frame = rows.with_columns(
        pl.coalesce([cell(index) for index in where.get(field, ())] or [nothing]).alias(field)
        for field in FIELDS
    )
    system = pl.col("agent").is_in(list(preset.system_agents)).fill_null(False)
    return frame.with_columns(
        pl.when(~system).then(pl.col(name)).alias(name) for name in ("agent", "agent_name")
    )


def rejected(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns REJECTED of `frame`, the original text cut where it is endless."""
    long = pl.col("raw").str.len_chars() > MAX_RAW
    cut = pl.when(long).then(pl.col("raw").str.head(MAX_RAW) + "…").otherwise(pl.col("raw"))
    return frame.with_columns(raw=cut).select(*REJECTED).cast(REJECTED)
