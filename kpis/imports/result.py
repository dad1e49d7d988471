"""What one reading of a file is given, and what it comes to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.imports.checks import Span
from kpis.imports.dates import DateOrder, Evidence
from kpis.imports.layout import Layout
from kpis.imports.presets import Preset
from kpis.imports.spool import Spool

ACCEPTED = pl.Schema(
    {
        "row_no": pl.UInt32(),
        "call_key": pl.Int64(),
        "called_at": pl.Datetime("us", "UTC"),
        "day": pl.Date(),
        "hour": pl.Int8(),
        "lead_source": pl.String(),
        "agent": pl.String(),
        "agent_name": pl.String(),
        "code": pl.String(),
        "outcome": pl.String(),
        "depth": pl.Int8(),
        "dials": pl.Int32(),
        "duration_s": pl.Int32(),
        "phone": pl.String(),
        "lead_ref": pl.String(),
    }
)
# What only some exports say: a reading brings those that its file has a column for.
FURTHER = pl.Schema(
    {
        "call_ref": pl.String(),
        "region": pl.String(),
        "postal_code": pl.String(),
        "lead_zone": pl.String(),
        "lead_created_at": pl.Datetime("us", "UTC"),
        "attempt": pl.Int32(),
        "closer": pl.String(),
        "talk_s": pl.Int32(),
        "wrap_s": pl.Int32(),
        "direction": pl.String(),
        "recording": pl.String(),
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that decides how one file is read, besides its bytes. The same bytes and settings give the same
    rows.

    `source_zone` is where times without an offset were written; `zone` is the engagement's, which decides
    days and hours. `date_order` is what somebody said of dates in figures. `from_brief` are the codes, in small
    letters, whose outcome this version of the brief gives.
    """

    preset: Preset
    zone: str
    now: datetime
    outcomes: Mapping[str, Outcome]
    source_zone: str | None = None
    span: Span = field(default_factory=Span)
    first_year: int | None = None
    date_order: DateOrder | None = None
    brief_version: int | None = None
    from_brief: frozenset[str] = frozenset()


# What is kept in memory of every row that can be used, to tell which of them count.
INDEX = pl.Schema(
    {
        "row_no": pl.UInt32(),
        "call_key": pl.Int64(),
        "day": pl.Date(),
        "outcome": pl.Enum([outcome.value for outcome in Outcome]),
        "depth": pl.Int8(),
        "dials": pl.Int32(),
        "doubled": pl.Boolean(),
        "same_as": pl.UInt32(),
    }
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file came to. Rows of the file = accepted + rejected + duplicates + joined + left out.

    `usable` are the rows with the columns ACCEPTED (`called_at` and `hour` null where only a date is known) and those
    of FURTHER that the file tells; `index` has a row INDEX for each, in the same order: its key, and in `same_as` the
    row that was kept, which is its own where it counts. `bad` are the rejected rows, with columns.REJECTED. `codes` are
    code, outcome (null: unknown) and rows. `joined` counts the rows that went into the call of another row, `left_out`
    the rows that are no dials, by what they are, and `unread` the optional values that could not be used, by field.
    `incomplete` says that the export calls itself cut short.
    """

    layout: Layout
    measures: frozenset[Stage]
    usable: Spool
    index: pl.DataFrame
    bad: Spool
    codes: pl.DataFrame
    joined: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)
    incomplete: bool = False
    dates: Evidence = field(default_factory=Evidence)

    def pieces(self) -> Iterator[pl.DataFrame]:
        """The accepted rows, some at a time."""
        at = 0
        for piece in self.usable:
            about = self.index.slice(at, piece.height)
            at += piece.height
            yield piece.with_columns(about["call_key"]).filter(about["row_no"] == about["same_as"])

    @property
    def accepted(self) -> pl.DataFrame:
        """The accepted rows at once: of a short file, or of a look ahead."""
        return pl.concat([self.usable.schema.to_frame(), *self.pieces()]).sort("row_no")

    @property
    def rejected(self) -> pl.DataFrame:
        """The rejected rows at once: of a short file, or of a look ahead."""
        return self.bad.whole()

    @property
    def duplicates(self) -> pl.DataFrame:
        """`row_no`, `call_key` and `same_as`, the row that was kept."""
        again = self.index.filter(pl.col("row_no") != pl.col("same_as"))
        return again.select("row_no", "call_key", "same_as")

    @property
    def counting(self) -> pl.DataFrame:
        """The index of the accepted rows."""
        return self.index.filter(pl.col("row_no") == pl.col("same_as"))

    @property
    def calls(self) -> int:
        return self.counting.height

    @property
    def doubled_times(self) -> int:
        """The local times that the clocks showed twice."""
        return int(self.counting["doubled"].sum())

    @property
    def rows(self) -> int:
        return self.layout.rows

    @property
    def dials(self) -> int:
        return int(self.counting["dials"].sum())

    @property
    def first_day(self) -> date | None:
        first: date | None = self.counting.select(pl.col("day").min()).item()
        return first

    @property
    def last_day(self) -> date | None:
        last: date | None = self.counting.select(pl.col("day").max()).item()
        return last

    @property
    def days(self) -> int:
        """How many different days have calls."""
        return self.counting["day"].n_unique()

    @property
    def reached(self) -> dict[Stage, int | None]:
        """Per stage the rows that reached it, for dials the dials; None where this file cannot tell."""
        depth = self.counting["depth"]
        counts = {stage: int((depth >= stage).sum()) for stage in Stage} | {Stage.DIAL: self.dials}
        return {stage: counts[stage] if stage in self.measures else None for stage in Stage}
