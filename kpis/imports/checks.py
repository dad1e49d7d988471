"""What is wrong with a record, in the reader's words. A record with no reason against it is accepted.

Digits are the ten ASCII ones: `1_000`, `١٢`, `NaN` and `1e3` are not numbers here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import polars as pl

from engagements.outcomes import Outcome
from kpis.imports.presets import Preset, Unit

LONGEST_CALL = 24 * 3600
MOST_DIALS = 1_000
# Diallers' clocks run ahead a little; more than this is a wrong zone or a wrong date.
CLOCK_SLACK = timedelta(minutes=10)
DAY = "%a %-d %b %Y"
LIMITS = {
    "call_id": 200,
    "code": 40,
    "lead_ref": 120,
    "phone": 40,
    "lead_source": 120,
    "agent": 80,
    "agent_name": 120,
    "campaign": 120,
}


class Kind(StrEnum):
    """What sort of trouble a rejected row is in; the page counts by these."""

    SHAPE = "The row is malformed"
    MISSING = "A required value is missing"
    TIME = "The date or time cannot be used"
    RANGE = "The date is outside the engagement"
    CODE = "The disposition has no meaning yet"
    NUMBER = "A number cannot be used"
    LENGTH = "A text is too long"


@dataclass(frozen=True, slots=True)
class Check:
    """`reason` (text) applies to the rows where `when` holds."""

    kind: Kind
    when: pl.Expr
    reason: pl.Expr


@dataclass(frozen=True, slots=True)
class Span:
    """The engagement's days on which calls may lie, both ends included; None is open."""

    first: date | None = None
    last: date | None = None


def with_values(frame: pl.DataFrame, outcomes: Mapping[str, Outcome], preset: Preset) -> pl.DataFrame:
    """`frame` of texts with `duration_s`, `talk_s`, `wrap_s`, `dial_count`, `outcome` and `depth`; null where
    unreadable."""
    exact = {code: outcome.value for code, outcome in outcomes.items()}
    folded = {code.lower(): outcome.value for code, outcome in outcomes.items()}
    depth = {outcome.value: int(outcome.stage) for outcome in Outcome}
    if divider := preset.several.get("code"):
        frame = _deepest_code(frame, divider, {code: depth[outcome] for code, outcome in folded.items()})
    return frame.with_columns(
        duration_s=_seconds("duration", preset),
        talk_s=_seconds("talk", preset),
        wrap_s=_seconds("wrap", preset),
        dial_count=pl.when(pl.col("dials").is_null()).then(pl.lit(1)).otherwise(_whole("dials", 4)),
        outcome=pl.coalesce(
            pl.col("code").replace_strict(exact, default=None, return_dtype=pl.String),
            pl.col("code").str.to_lowercase().replace_strict(folded, default=None, return_dtype=pl.String),
        ),
    ).with_columns(depth=pl.col("outcome").replace_strict(depth, default=None, return_dtype=pl.Int8))


def _deepest_code(frame: pl.DataFrame, divider: str, depth: Mapping[str, int]) -> pl.DataFrame:
    """`frame` whose cells with several codes keep one: the first unknown one, else the one that came furthest."""
    listed = pl.col("code").str.contains(divider, literal=True)
    if not frame.select(listed.any()).item():
        return frame
    one = (
        frame.filter(listed)
        .select("row_no", code=pl.col("code").str.split(divider))
        .explode("code")
        .with_columns(pl.col("code").str.strip_chars())
        .filter(pl.col("code") != "")
        .with_columns(
            depth=pl.col("code").str.to_lowercase().replace_strict(depth, default=9, return_dtype=pl.Int8)
        )
        .sort("depth", descending=True, maintain_order=True)
        .group_by("row_no", maintain_order=True)
        .agg(one=pl.col("code").first())
    )
    return (
        frame.join(one, on="row_no", how="left", maintain_order="left")
        .with_columns(code=pl.when(listed).then(pl.col("one")).otherwise(pl.col("code")))
        .drop("one")
    )


def _seconds(column: str, preset: Preset) -> pl.Expr:
    """A duration in whole seconds, from H:MM:SS or from the export's own unit."""
    clock = pl.col(column).str.extract_groups(r"^([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])$")
    hours, minutes, seconds = (clock.struct.field(str(group)).cast(pl.Int32) for group in (1, 2, 3))
    clocked = hours * 3600 + minutes * 60 + seconds
    if preset.unit is Unit.MILLISECONDS:
        counted = (_whole(column, 9) / 1000).round().cast(pl.Int32)
    elif preset.unit is Unit.MINUTES:
        parts = pl.col(column).str.extract(r"^([0-9]{1,4}(?:\.[0-9]{1,9})?)$").cast(pl.Float64)
        counted = (parts * 60).round().cast(pl.Int32)
    elif preset.strict:
        counted = _whole(column, 6)
    else:
        # A spreadsheet or a program has made a fraction of whole seconds.
        counted = pl.col(column).str.extract(r"^([0-9]{1,6})(?:\.0+)?$").cast(pl.Int32)
    return pl.coalesce(counted, clocked)


UNITS = {
    Unit.SECONDS: "whole seconds",
    Unit.MILLISECONDS: "whole milliseconds",
    Unit.MINUTES: "minutes",
}


def _whole(column: str, digits: int) -> pl.Expr:
    return pl.col(column).str.extract(f"^([0-9]{{1,{digits}}})$").cast(pl.Int32)


def checks(preset: Preset, *, span: Span, now: datetime) -> list[Check]:
    """All that can be wrong with a record that has the right number of cells."""
    return [
        *_time_checks(preset),
        *_range_checks(span, now),
        *_code_checks(preset),
        *_identity_checks(preset),
        *_number_checks(preset),
        *_length_checks(preset),
    ]


def _column(preset: Preset, field: str) -> str:
    return preset.columns.get(field, (field,))[0]


def _time_checks(preset: Preset) -> Sequence[Check]:
    text = pl.col("called_at")
    what = "day and month" if "day" in preset.columns else "date and time like 2026-03-02 14:05:00"
    if not preset.strict and "day" not in preset.columns:
        what = "date and time that is known here, such as 2026-03-02 14:05:00"
    return (
        Check(Kind.MISSING, text.is_null(), pl.lit("The date is missing.")),
        Check(
            Kind.TIME, text.is_not_null() & ~pl.col("dated"), pl.format("“{}” is not a " + what + ".", text)
        ),
        Check(
            Kind.TIME,
            pl.col("skipped"),
            pl.format("{} did not exist: the clocks went forward over it.", text),
        ),
        Check(
            Kind.TIME,
            pl.col("unplaced"),
            pl.format("{} has no offset, and no time zone was stated for the file.", text),
        ),
    )


def _range_checks(span: Span, now: datetime) -> Sequence[Check]:
    day = pl.col("day")
    shown = day.dt.strftime(DAY)
    ahead = pl.col("at") > pl.lit(now + CLOCK_SLACK)
    # A bare day may be tomorrow's date east of here already, hence a day of slack.
    found = [
        Check(
            Kind.RANGE,
            ahead.fill_null(False) | (day > (now + timedelta(days=1)).date()),
            pl.format("{} is in the future.", pl.col("called_at")),
        )
    ]
    if span.first:
        words = f" is before {_day(span.first)}, the first day on which calls can be."
        found.append(Check(Kind.RANGE, day < span.first, pl.format("{}" + words, shown)))
    if span.last:
        words = f" is after {_day(span.last)}, the last day on which calls can be."
        found.append(Check(Kind.RANGE, day > span.last, pl.format("{}" + words, shown)))
    return found


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _code_checks(preset: Preset) -> Sequence[Check]:
    code = pl.col("code")
    column = _column(preset, "code")
    unknown = "{} “{}” has no meaning in this engagement yet. Give it one and import the file again."
    return (
        Check(Kind.MISSING, code.is_null(), pl.lit(f"The {column} is missing.")),
        Check(
            Kind.CODE,
            code.is_not_null() & pl.col("outcome").is_null() & (code.str.len_chars() <= LIMITS["code"]),
            pl.format(unknown, pl.lit(column.capitalize()), code),
        ),
    )


def _identity_checks(preset: Preset) -> Sequence[Check]:
    fields = [field for field in preset.key if field != "called_at"]
    if not fields:
        return ()
    names = [_column(preset, field) for field in fields]
    words = (
        f"The {names[0]} is missing."
        if len(names) == 1
        else f"{', '.join(names)} are all empty: which call was this?"
    )
    return (
        Check(Kind.MISSING, pl.all_horizontal(pl.col(field).is_null() for field in fields), pl.lit(words)),
    )


def _number_checks(preset: Preset) -> Sequence[Check]:
    duration, dials = pl.col("duration"), pl.col("dials")
    long, many = pl.col("duration_s") > LONGEST_CALL, ~pl.col("dial_count").is_between(1, MOST_DIALS)
    return (
        Check(
            Kind.NUMBER,
            duration.is_not_null() & pl.col("duration_s").is_null(),
            pl.format(
                "{} “{}” is not a duration in " + UNITS[preset.unit] + " or H:MM:SS.",
                pl.lit(_column(preset, "duration")),
                duration,
            ),
        ),
        Check(
            Kind.NUMBER, long, pl.format("A call of {} seconds is longer than a day.", pl.col("duration_s"))
        ),
        Check(
            Kind.NUMBER,
            dials.is_not_null() & (pl.col("dial_count").is_null() | many),
            pl.format(
                "{} “{}” is not a number of dials from 1 to {}.",
                pl.lit(_column(preset, "dials")),
                dials,
                pl.lit(MOST_DIALS),
            ),
        ),
    )


def _length_checks(preset: Preset) -> Sequence[Check]:
    return [
        Check(
            Kind.LENGTH,
            pl.col(field).str.len_chars() > limit,
            pl.lit(f"The {_column(preset, field)} is longer than {limit} characters."),
        )
        for field, limit in LIMITS.items()
    ]


def judged(frame: pl.DataFrame, found: Sequence[Check]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows against which nothing speaks, and the others with `kind` and `cause` of the first check that bites
    and `reason`, all that bite."""
    holds = [check.when.fill_null(False) for check in found]
    wrong = frame.select(pl.any_horizontal(holds)).to_series() if holds else pl.Series([False])
    if not wrong.any():
        return frame, frame.clear().with_columns(
            pl.lit(None, dtype=pl.String).alias(name) for name in ("kind", "cause", "reason")
        )
    # The words are made for the bad rows only: for a million good ones they would take longer than the reading.
    kinds = [pl.when(held).then(pl.lit(check.kind.value)) for held, check in zip(holds, found, strict=True)]
    reasons = [pl.when(held).then(check.reason) for held, check in zip(holds, found, strict=True)]
    bad = frame.filter(wrong).with_columns(
        kind=pl.coalesce(kinds),
        cause=pl.coalesce(reasons),
        reason=pl.concat_str(reasons, separator=" ", ignore_nulls=True),
    )
    return frame.filter(~wrong), bad
