"""When a call was: text to UTC, to the engagement's local day and to its local hour.

A local time that the zone's clocks skip (02:30 when summer time begins) is refused: it cannot have been.
One that they show twice (when it ends) is taken as the earlier of the two, and counted, so that the page
can say so.
"""

from dataclasses import dataclass

import polars as pl

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in (*names.split(), str(number), f"{number:02d}")
}

DATE_TIME = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2})(?::([0-9]{2})(\.[0-9]{1,9})?)?"
    r" ?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2})?)?)?$"
)
COMPACT = r"^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})?$"


def with_times(frame: pl.DataFrame, *, source_zone: str | None, zone: str) -> pl.DataFrame:
    """`frame` with its text column `called_at` read: adds `at` (UTC or null), `day`, `hour` (0-23 or null)
    in `zone`.

    Also `dated` (the text has the form of a date), `skipped` and `doubled` (see above), `unplaced` (a time
    without offset while no zone is known).
    """
    text = pl.col("called_at").str.replace(COMPACT, "$1-$2-$3 $4:$5:${6}").str.strip_suffix(":")
    part = [text.str.extract(DATE_TIME, group) for group in range(1, 9)]
    frame = frame.with_columns(
        date=part[0].str.to_date("%Y-%m-%d", strict=False),
        clock=part[1],
        naive=pl.concat_str(
            part[0], pl.lit(" "), part[1], pl.lit(":"), part[2].fill_null("00")
        ).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False),
        offset=_offset(part[4], part[5], part[6], part[7]),
        shifts=part[4].is_not_null() | part[5].is_not_null(),
    ).with_columns(local=pl.col("naive").is_not_null() & ~pl.col("shifts"))
    frame = _placed(frame, source_zone)
    known = pl.when(pl.col("local")).then(pl.col("placed")).otherwise(pl.col("shifted"))
    frame = frame.with_columns(at=known)
    here = pl.col("at").dt.convert_time_zone(zone)
    return frame.with_columns(
        day=pl.when(pl.col("clock").is_null()).then(pl.col("date")).otherwise(here.dt.date()),
        hour=here.dt.hour(),
        dated=pl.col("date").is_not_null()
        & (pl.col("clock").is_null() | pl.col("naive").is_not_null())
        & (pl.col("offset").is_not_null() | ~pl.col("shifts")),
    ).drop("date", "clock", "naive", "offset", "shifts", "local", "placed", "shifted")


def _offset(zulu: pl.Expr, sign: pl.Expr, hours: pl.Expr, minutes: pl.Expr) -> pl.Expr:
    """Seconds east of Greenwich; null when the text gives no offset or one that no place has."""
    seconds = hours.cast(pl.Int32) * 3600 + minutes.fill_null("00").cast(pl.Int32) * 60
    signed = pl.when(sign == "-").then(-seconds).otherwise(seconds)
    possible = (seconds <= 14 * 3600) & (minutes.fill_null("00").cast(pl.Int32) < 60)
    return pl.when(zulu.is_not_null()).then(pl.lit(0)).when(possible).then(signed)


def _placed(frame: pl.DataFrame, source_zone: str | None) -> pl.DataFrame:
    naive = pl.col("naive")
    nothing = pl.lit(None, dtype=pl.Datetime("us", "UTC"))
    shifted = (naive - pl.duration(seconds=pl.col("offset"))).dt.replace_time_zone("UTC")
    if source_zone is None:
        return frame.with_columns(
            placed=nothing, shifted=shifted, skipped=False, doubled=False, unplaced=pl.col("local")
        )
    early, late = (
        naive.dt.replace_time_zone(source_zone, ambiguous=which, non_existent="null")
        for which in ("earliest", "latest")
    )
    return frame.with_columns(
        placed=early.dt.convert_time_zone("UTC"),
        shifted=shifted,
        skipped=pl.col("local") & early.is_null(),
        doubled=pl.col("local") & early.ne(late).fill_null(False),
        unplaced=False,
    )


@dataclass(slots=True)
class YearCount:
    """Where the inference of years stands between two blocks of one file."""

    year: int
    month: int = 0


def with_inferred_days(frame: pl.DataFrame, count: YearCount) -> pl.DataFrame:
    """`frame`, whose rows are in the order of time, with its `day` and `month` made a date in `day`; no
    hour is known.

    The year grows by one whenever the month goes down. `count` carries year and month on to the next block.
    """
    month = pl.col("month").str.to_lowercase().replace_strict(MONTHS, default=None, return_dtype=pl.Int32)
    frame = frame.with_columns(month_no=month)
    before = pl.col("month_no").forward_fill().shift(1).fill_null(count.month)
    frame = frame.with_columns(
        year=(pl.col("month_no") < before).fill_null(False).cum_sum().cast(pl.Int32) + count.year
    )
    text = pl.format("{}-{}-{}", "year", pl.col("month_no"), pl.col("day").str.extract(r"^([0-9]{1,2})$"))
    frame = frame.with_columns(typed=pl.col("day"), day=text.str.to_date("%Y-%-m-%-d", strict=False))
    if frame.height:
        count.year = int(frame["year"][-1])
        count.month = int(frame["month_no"].forward_fill()[-1] or count.month)
    nothing = pl.lit(None, dtype=pl.Datetime("us", "UTC"))
    return frame.with_columns(
        called_at=pl.concat_str(pl.col("typed"), pl.lit(" "), pl.col("month"), ignore_nulls=True),
        at=nothing,
        hour=pl.lit(None, dtype=pl.Int8),
        dated=pl.col("day").is_not_null(),
        skipped=False,
        doubled=False,
        unplaced=False,
    ).drop("typed", "month", "month_no", "year")
