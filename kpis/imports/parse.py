"""A call log's bytes to typed rows: every row of the file is accepted, rejected with reasons, or a duplicate."""

from collections.abc import Callable

import polars as pl

from common.errors import Refused
from engagements.outcomes import Outcome
from kpis.imports.checks import checks, judged, with_values
from kpis.imports.columns import places, rejected, shaped, texts
from kpis.imports.keys import with_identity, with_occurrences
from kpis.imports.layout import Layout, read_layout
from kpis.imports.moments import YearCount, with_inferred_days, with_times
from kpis.imports.presets import Moment
from kpis.imports.reading import read_text
from kpis.imports.result import ACCEPTED, Parsed, Settings
from kpis.imports.rows import blocks

MAX_ROWS = 2_000_000

Progress = Callable[[int, int], None]


def parse_calls(data: bytes, settings: Settings, *, progress: Progress | None = None) -> Parsed:
    """Read a whole file. Raises Refused when the file as a whole cannot be used; a bad row is only rejected.

    `progress` is told rows done and rows in all after every block.
    """
    preset = settings.preset
    layout, lines = read_layout(read_text(data), preset)
    where = places(preset, layout.header)
    if lines.height > MAX_ROWS:
        raise Refused(f"The file has {lines.height:,} rows. The limit is {MAX_ROWS:,}: split it by month.")
    quoted = layout.delimiter not in preset.bare_delimiters
    found = checks(preset, span=settings.span, now=settings.now)
    years = YearCount(settings.first_year or preset.first_year or settings.now.year)
    accepted, refused, codes, done = [], [], [], 0
    for block in blocks(lines, delimiter=layout.delimiter, quoted=quoted):
        rows, misshapen = shaped(block, preset, where, len(layout.header))
        rows = _typed(texts(rows, where, preset, quoted=quoted), settings, years)
        rows = judged(rows, found)
        accepted.append(_kept(rows.filter(pl.col("kind").is_null()), settings))
        refused += [misshapen, rejected(rows.filter(pl.col("kind").is_not_null()))]
        codes.append(rows.group_by("code", "outcome").agg(rows=pl.len()))
        done += block.good.height + block.bad.height
        if progress:
            progress(done, lines.height)
    return _parsed(layout, settings, pl.concat(accepted), pl.concat(refused), pl.concat(codes))


def _typed(rows: pl.DataFrame, settings: Settings, years: YearCount) -> pl.DataFrame:
    if settings.preset.moment is Moment.DAY_AND_MONTH:
        rows = with_inferred_days(rows, years)
    else:
        rows = with_times(rows, source_zone=settings.source_zone, zone=settings.zone)
    return with_values(rows, settings.outcomes)


def _kept(rows: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The accepted rows in their final columns, and `doubled`."""
    keyed = with_identity(rows, settings.preset)
    return (
        keyed.with_columns(called_at=pl.col("at"), dials=pl.col("dial_count"))
        .select(*ACCEPTED, "doubled")
        .cast(ACCEPTED)
    )


def _parsed(
    layout: Layout, settings: Settings, accepted: pl.DataFrame, refused: pl.DataFrame, codes: pl.DataFrame
) -> Parsed:
    if not settings.preset.key:
        accepted = with_occurrences(accepted)
    same = pl.col("row_no").first().over("call_key")
    accepted = accepted.with_columns(same_as=same)
    again = pl.col("row_no") != pl.col("same_as")
    kept = accepted.filter(~again)
    in_use = [Outcome(outcome) for outcome in kept["outcome"].unique()]
    return Parsed(
        layout=layout,
        measures=settings.preset.can_measure(in_use),
        accepted=kept.select(*ACCEPTED),
        rejected=refused.sort("row_no"),
        duplicates=accepted.filter(again).select("row_no", "call_key", "same_as"),
        codes=codes.filter(pl.col("code").is_not_null())
        .group_by("code", "outcome")
        .agg(pl.col("rows").sum())
        .sort("rows", "code", descending=[True, False]),
        doubled_times=int(kept["doubled"].sum()),
    )
