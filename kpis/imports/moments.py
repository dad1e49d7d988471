"""When a call was: text to UTC, to the engagement's local day and to its local hour.

A local time that the zone's clocks skip (02:30 when summer time begins) is refused: it cannot have been.
One that they show twice (when it ends) is taken as the earlier of the two, and counted, so that the page
can say so.
"""

from dataclasses import dataclass

import polars as pl

from .dates import CLOCK, NUMERIC, WEEKDAY, DateOrder, full_year

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
PLAIN, PLAIN_SHAPE = "%Y-%m-%d %H:%M:%S", r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}$"
ZULU, ZULU_SHAPE = "%Y-%m-%dT%H:%M:%SZ", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
UNIX = r"^(1[0-9]{9})([0-9]{3})?$"
# Day, month and year stand in the groups named; the clock's five groups follow the last of them.
FORMS = (
    ("^" + WEEKDAY + r"([0-9]{1,2})[ -]([A-Za-z]{3,9})\.?[ ,-]+([0-9]{4}|[0-9]{2})" + CLOCK, 2, 3, 4),
    ("^" + WEEKDAY + r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})" + CLOCK, 3, 2, 4),
    (r"^([0-9]{4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,2})" + CLOCK, 3, 2, 1),
    (r"^([0-9]{4}|[0-9]{2})([0-9]{2})([0-9]{2})" + CLOCK.removesuffix("?$") + "$", 3, 2, 1),
)


class OrderNeeded(Exception):
    """A date of figures alone came up, and nobody has said what its first figure is."""


def with_times(
    frame: pl.DataFrame,
    *,
    source_zone: str | None,
    zone: str,
    order: DateOrder | None = None,
    strict: bool = True,
) -> pl.DataFrame:
    """`frame` with its text column `called_at` read: adds `at` (UTC or null), `day`, `hour` (0-23 or null)
    in `zone`.

    Also `dated` (the text has the form of a date), `skipped` and `doubled` (see above), `unplaced` (a time
    without offset while no zone is known). Raises OrderNeeded where `order` is None and matters.
    """
    frame = frame.with_columns(_moments(frame["called_at"], source_zone, order, strict=strict).get_columns())
    here = pl.col("at").dt.convert_time_zone(zone)
    return frame.with_columns(
        day=pl.when(pl.col("at").is_null() & pl.col("clockless"))
        .then(pl.col("date"))
        .otherwise(here.dt.date()),
        hour=here.dt.hour(),
    ).drop("date", "clockless")


def times(
    texts: pl.Series, *, source_zone: str | None, order: DateOrder | None = None, strict: bool = True
) -> pl.Series:
    """Moments in UTC; null where a text is none, or a day without a time."""
    return _moments(texts, source_zone, order, strict=strict)["at"]


def _moments(
    texts: pl.Series, source_zone: str | None, order: DateOrder | None, *, strict: bool
) -> pl.DataFrame:
    written = pl.DataFrame({"text": texts})
    # Most files write every time in one of two ways, for which no pattern is needed.
    for form, shape, utc in ((PLAIN, PLAIN_SHAPE, False), (ZULU, ZULU_SHAPE, True)):
        if texts.len() and texts.null_count() == 0 and bool(texts.str.contains(shape).all()):
            plain = texts.str.to_datetime(form, time_unit="us", strict=False)
            if plain.null_count() == 0:
                return _answer(
                    _placed(
                        written.select(
                            date=plain.dt.date(),
                            clock=pl.lit(""),
                            naive=plain,
                            offset=pl.lit(0 if utc else None, dtype=pl.Int32),
                            shifts=utc,
                            local=not utc,
                        ),
                        None if utc else source_zone,
                    )
                )
    text = (
        _as_iso(texts, order, strict=strict).str.replace(COMPACT, "$1-$2-$3 $4:$5:${6}").str.strip_suffix(":")
    )
    part = text.str.extract_groups(DATE_TIME).struct.unnest()
    parts = part.select(
        date=pl.col("1").str.to_date("%Y-%m-%d", strict=False),
        clock=pl.col("2"),
        naive=pl.concat_str(
            pl.col("1"), pl.lit(" "), pl.col("2"), pl.lit(":"), pl.col("3").fill_null("00")
        ).str.to_datetime(PLAIN, time_unit="us", strict=False),
        offset=_offset(pl.col("5"), pl.col("6"), pl.col("7"), pl.col("8")),
        shifts=pl.col("5").is_not_null() | pl.col("6").is_not_null(),
    ).with_columns(local=pl.col("naive").is_not_null() & ~pl.col("shifts"))
    return _answer(_placed(parts, source_zone))


def _answer(frame: pl.DataFrame) -> pl.DataFrame:
    known = pl.when(pl.col("local")).then(pl.col("placed")).otherwise(pl.col("shifted"))
    return frame.select(
        "date",
        "skipped",
        "doubled",
        "unplaced",
        at=known,
        clockless=pl.col("clock").is_null(),
        dated=pl.col("date").is_not_null()
        & (pl.col("clock").is_null() | pl.col("naive").is_not_null())
        & (pl.col("offset").is_not_null() | ~pl.col("shifts")),
    )


def _as_iso(texts: pl.Series, order: DateOrder | None, *, strict: bool) -> pl.Series:
    """The texts with every other form of date that is known written as ISO; the rest as it is."""
    rest = texts.is_not_null() & ~texts.str.contains(DATE_TIME) & ~texts.str.contains(COMPACT)
    if strict or not rest.any():
        return texts
    iso = _unix(texts)
    for form in (*FORMS, _numeric(texts.filter(rest), order)):
        if form:
            iso = iso.zip_with(iso.is_not_null(), _composed(texts, *form))
    return iso.zip_with(rest & iso.is_not_null(), texts)


def _numeric(texts: pl.Series, order: DateOrder | None) -> tuple[str, int, int, int] | None:
    if not texts.str.contains(NUMERIC).any():
        return None
    if order is None:
        raise OrderNeeded
    return (NUMERIC, 2, 3, 4) if order is DateOrder.DAY_FIRST else (NUMERIC, 3, 2, 4)


def _unix(texts: pl.Series) -> pl.Series:
    seconds = texts.str.extract(UNIX, 1).cast(pl.Int64)
    return pl.select(pl.from_epoch(seconds, time_unit="s").dt.strftime("%Y-%m-%d %H:%M:%SZ")).to_series()


def _composed(texts: pl.Series, form: str, day: int, month: int, year: int) -> pl.Series:
    """ISO text of what matches `form`, null elsewhere; its clock's groups follow the date's."""
    found = texts.str.extract_groups(form).struct.unnest()
    clock = 1 + max(day, month, year)
    hour, minute, second, half, offset = (pl.col(str(clock + n)) for n in range(5))
    count = hour.cast(pl.Int32)
    hours = (
        pl.when(half.is_null())
        .then(count)
        .when(count.is_between(1, 12))
        .then(count % 12 + pl.when(half.str.to_lowercase() == "p").then(12).otherwise(0))
        .otherwise(99)
    )
    zone = pl.when(offset.is_in(["Z", "UTC", "GMT"])).then(pl.lit("Z")).otherwise(offset.fill_null(""))
    time = pl.when(hour.is_null()).then(pl.lit("")).otherwise(
        pl.concat_str(
            pl.lit(" "), hours.cast(pl.String).str.zfill(2), pl.lit(":"), minute, pl.lit(":"),
            second.fill_null("00"), zone,
        )
    )  # fmt: skip
    number = pl.col(str(month)).str.to_lowercase().replace_strict(MONTHS, default=None, return_dtype=pl.Int32)
    return found.select(
        pl.concat_str(
            full_year(found[str(year)]).cast(pl.String).str.zfill(4), pl.lit("-"),
            number.cast(pl.String).str.zfill(2), pl.lit("-"), pl.col(str(day)).str.zfill(2), time,
        )
    ).to_series()  # fmt: skip


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
