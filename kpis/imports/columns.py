"""Records of cells to one text column per field, by the names in the header."""

from collections.abc import Mapping

import polars as pl

from common.errors import Refused
from kpis.imports.checks import Kind
from kpis.imports.presets import DIRECTIONS, IN, NOT_A_CALL, OUT, Preset, column_name, missing_columns
from kpis.imports.rows import Block

MAX_RAW = 4_000
# What databases and dialers write for "nothing". "unknown" is not among them: it can be a category.
NOTHING = ("", "NULL", "null", "\\N", "[None]", "[Deleted]", "[No associated user]")
# In a code these mean something (VICIdial's NA is an unanswered call), elsewhere they mean that nothing is known.
NOT_KNOWN = ("NA", "N/A", "n/a", "None", "nan", "-1", "0000-00-00 00:00:00")
FIELDS = (
    "called_at",
    "called_time",
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
    "phone_code",
    "did",
    "direction",
    "media",
    "call_ref",
    "region",
    "postal_code",
    "lead_zone",
    "lead_created",
    "attempt",
    "closer",
    "talk",
    "wrap",
    "recording",
)
# Not "called_at", where such a text is a date that cannot be used and is told as one.
VAGUE = frozenset(FIELDS) - {
    "called_at",
    "code",
    "call_id",
    "duration",
    "dials",
    "day",
    "month",
    "lead_source",
}
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
    if block.bad.is_empty() and block.good.select(fits.all()).item():
        return block.good, pl.DataFrame(schema=REJECTED)
    words = f"The row has {{}} cells where the header has {width}."
    misfit = block.good.filter(~fits).with_columns(reason=pl.format(words, count)).drop("cells")
    bad = pl.concat([block.bad, misfit], how="diagonal_relaxed")
    return block.good.filter(fits), rejected(
        bad.with_columns(kind=pl.lit(Kind.SHAPE.value), cause=pl.col("reason"))
    )


def texts(rows: pl.DataFrame, where: Places, preset: Preset, *, quoted: bool) -> pl.DataFrame:
    """One stripped text column per field, null where nothing is written; `row_no`, `raw` and `cells` stay."""
    nothing = pl.lit(None, dtype=pl.String)
    frame = rows.with_columns(
        pl.coalesce([_cell(index, field, preset, quoted=quoted) for index in where.get(field, ())] or [nothing])
        .alias(field)
        for field in FIELDS
    )  # fmt: skip
    changes = []
    if "called_time" in where:
        together = pl.concat_str(pl.col("called_at"), pl.lit(" "), pl.col("called_time"))
        changes.append(pl.coalesce(together, pl.col("called_at")).alias("called_at"))
    if preset.blank_code:
        changes.append(pl.col("code").fill_null(preset.blank_code))
    if not preset.strict:
        changes += [_number(name).alias(name) for name in ("phone", "phone_code") if name in where]
        # A list of agents or queues: the first is who dialed.
        changes += [
            pl.col(name).str.split(divider).list.first().str.strip_chars().replace("", None).alias(name)
            for name, divider in preset.several.items()
            if name != "code"
        ]
    frame = frame.with_columns(changes)
    system = pl.col("agent").is_in(list(preset.system_agents)).fill_null(False)
    return frame.with_columns(
        pl.when(~system).then(pl.col(name)).alias(name) for name in ("agent", "agent_name")
    ).with_columns(direction=_direction(preset, where))


def _cell(index: int, field: str, preset: Preset, *, quoted: bool) -> pl.Expr:
    value = pl.col("cells").list.get(index, null_on_oob=True).str.strip_chars()
    if not quoted:
        # A spreadsheet has put quotation marks round a cell of a format that knows none.
        enclosed = value.str.starts_with('"') & value.str.ends_with('"') & (value.str.len_chars() > 1)
        value = pl.when(enclosed).then(value.str.strip_chars('"')).otherwise(value)
    nothing = (*NOTHING, *NOT_KNOWN) if field in VAGUE and not preset.strict else NOTHING
    return pl.when(~value.is_in(nothing)).then(value)


def _number(name: str) -> pl.Expr:
    """A phone number without what some systems put round it: `tel:`, `sip:…@host`, the `.0` of a spreadsheet."""
    bare = pl.col(name).str.replace(r"^(?i:tel|sips?):", "").str.replace(r"^([^@;]+)[@;].*$", "$1")
    prefixed = pl.col(name).str.contains(r"^(?i:tel|sips?):")
    return pl.when(prefixed).then(bare).otherwise(pl.col(name).str.replace(r"^([0-9]+)\.0$", "$1"))


def _direction(preset: Preset, where: Places) -> pl.Expr:
    """`inbound`, `outbound`, NOT_A_CALL, or null where the file does not say."""
    said = pl.col("direction").str.to_lowercase().str.strip_chars()
    words = {**DIRECTIONS, **{word: way for word, way in preset.directions.items() if not word.endswith("*")}}
    found = said.replace_strict(words, default=None, return_dtype=pl.String)
    for word, way in preset.directions.items():
        if word.endswith("*"):
            found = pl.coalesce(found, pl.when(said.str.starts_with(word[:-1])).then(pl.lit(way)))
    if "did" in where:
        found = pl.coalesce(
            found, pl.when(pl.col("did").is_not_null() & (pl.col("did") != "0")).then(pl.lit(IN))
        )
    if preset.media:
        spoken = pl.col("media").str.to_lowercase().is_in(list(preset.media)).fill_null(True)
        found = pl.when(spoken).then(found).otherwise(pl.lit(NOT_A_CALL))
    return found


def counted(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows that are dials, and how many of the others there are: inbound calls, and what is no call."""
    if frame["direction"].null_count() == frame.height:
        return frame, {}
    outside = frame.filter(pl.col("direction").is_in([IN, NOT_A_CALL]))
    dials = frame.filter(pl.col("direction").is_null() | (pl.col("direction") == OUT))
    return dials, dict(outside.group_by("direction").len().iter_rows())


def rejected(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns REJECTED of `frame`, the original text cut where it is endless."""
    long = pl.col("raw").str.len_chars() > MAX_RAW
    cut = pl.when(long).then(pl.col("raw").str.head(MAX_RAW) + "…").otherwise(pl.col("raw"))
    return frame.with_columns(raw=cut).select(*REJECTED).cast(REJECTED)
