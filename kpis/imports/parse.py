"""A call log's bytes to typed rows: every row of the file is accepted, rejected with reasons, a duplicate, part of
another row's call, or no dial."""

from collections import Counter
from collections.abc import Callable, Iterable

import polars as pl

from common.errors import Refused
from engagements.outcomes import Outcome
from kpis.imports.checks import checks, judged, with_values
from kpis.imports.columns import REJECTED, counted, places, rejected, shaped, texts
from kpis.imports.dates import DateOrder, Evidence, evidence, settled
from kpis.imports.keys import with_identity, with_occurrences
from kpis.imports.layout import Layout, read_layout
from kpis.imports.legs import joined
from kpis.imports.moments import OrderNeeded, YearCount, times, with_inferred_days, with_times
from kpis.imports.presets import Moment, Preset
from kpis.imports.reading import read_text
from kpis.imports.result import ACCEPTED, FURTHER, INDEX, Parsed, Settings
from kpis.imports.rows import BLOCK, Block, Records
from kpis.imports.spool import Spool

MAX_ROWS = 2_000_000
# From which text field a further column comes, where the names differ.
WRITTEN_AS = {"lead_created_at": "lead_created", "talk_s": "talk", "wrap_s": "wrap"}
LONGEST = {"call_ref": 120, "region": 80, "postal_code": 20, "lead_zone": 64, "closer": 120, "recording": 500}

Progress = Callable[[int, int], None]


def parse_calls(
    data: bytes, settings: Settings, *, progress: Progress | None = None, first: int | None = None
) -> Parsed:
    """Read a whole file. Raises Refused when the file as a whole cannot be used; a bad row is only rejected.

    `progress` is told rows done and rows in all after every block. With `first` only so many rows are read, and of
    the others the codes alone, for a look ahead.
    """
    layout, lines = read_layout(read_text(data), settings.preset)
    if layout.rows > MAX_ROWS:
        raise Refused(f"The file has {layout.rows:,} rows. The limit is {MAX_ROWS:,}: split it by month.")
    return Reading(layout, lines, settings, first).run(progress)


def codes_of(data: bytes, preset: Preset) -> frozenset[str]:
    """Every code that a file holds, read as this preset. Raises Refused where it does not fit."""
    layout, lines = read_layout(read_text(data), preset)
    return frozenset(_codes(lines.blocks(), layout, preset)["code"].drop_nulls())


def _codes(found: Iterable[Block], layout: Layout, preset: Preset) -> pl.DataFrame:
    """The codes of the rows that are dials, and how many rows carry each; one column `code` is null where none is."""
    quoted = layout.delimiter not in preset.bare_delimiters
    where = places(preset, layout.header)
    only = {name: cells for name, cells in where.items() if name in ("code", "direction", "did", "media")}
    counts = [pl.DataFrame(schema={"code": pl.String, "rows": pl.UInt32})]
    for block in found:
        rows, _ = counted(texts(block.good, only, preset, quoted=quoted))
        if divider := preset.several.get("code"):
            rows = rows.with_columns(pl.col("code").str.split(divider)).explode("code")
            rows = rows.with_columns(pl.col("code").str.strip_chars())
        counts.append(rows.group_by("code").agg(rows=pl.len()))
    return pl.concat(counts).group_by("code").agg(pl.col("rows").sum())


def dates_of(data: bytes, preset: Preset) -> Evidence:
    """What the whole file says on the order of day and month in its dates."""
    layout, lines = read_layout(read_text(data), preset)
    return _dates(lines, layout, preset)


def _dates(lines: Records, layout: Layout, preset: Preset) -> Evidence:
    """The evidence in the column of the calls' dates, over every row."""
    quoted = layout.delimiter not in preset.bare_delimiters
    where = places(preset, layout.header)
    only = {name: cells for name, cells in where.items() if name in ("called_at", "called_time")}
    return evidence(texts(block.good, only, preset, quoted=quoted)["called_at"] for block in lines.blocks())


class Reading:
    """One file being read, block by block."""

    def __init__(self, layout: Layout, lines: Records, settings: Settings, first: int | None = None) -> None:
        self.layout, self.settings, self.lines, self.first = layout, settings, lines, first
        self.preset = settings.preset
        self.where = places(self.preset, layout.header)
        self.further = [
            name
            for name in FURTHER
            if WRITTEN_AS.get(name, name) in self.where
            or (name == "call_ref" and "call_id" in self.where)
            or (name == "direction" and "did" in self.where)
        ]
        self.schema = pl.Schema({**ACCEPTED, **{name: FURTHER[name] for name in self.further}})
        self.dates = Evidence()
        self.order: DateOrder | None = None
        self.left_out: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()

    def run(self, progress: Progress | None) -> Parsed:
        """Every block in turn, then what holds for the file as a whole."""
        preset, settings, layout = self.preset, self.settings, self.layout
        quoted = layout.delimiter not in preset.bare_delimiters
        found = checks(preset, span=settings.span, now=settings.now)
        years = YearCount(settings.first_year or preset.first_year or settings.now.year)
        usable, bad_rows = Spool(self.schema), Spool(REJECTED)
        index, codes, done, incomplete = [INDEX.to_frame()], [], 0, False
        for block in self.lines.blocks(most=self.first):
            rows, misshapen = shaped(block, preset, self.where, len(layout.header))
            incomplete = incomplete or self._says_incomplete(rows)
            rows = texts(rows, self.where, preset, quoted=quoted)
            if preset.key:
                # Of the cells only what has a name is needed from here on; most of a wide export is not.
                rows = rows.drop("cells")
            rows, outside = counted(rows)
            self.left_out.update(outside)
            rows = self._with_stand_ins(self._typed(rows, years))
            codes.append(rows.group_by("code", "outcome").agg(rows=pl.len()))
            good, bad = judged(rows, found)
            kept = self._kept(good)
            usable.add(kept.select(*self.schema))
            index.append(_about(kept))
            bad_rows.add(pl.concat([misshapen, rejected(bad)]).sort("row_no"))
            done += block.good.height + block.bad.height
            if progress:
                progress(done, layout.rows)
        if self.first is not None and self.first < layout.rows:
            codes.append(self._codes_behind(self.first))
        return self._parsed(usable, pl.concat(index), bad_rows, pl.concat(codes), incomplete=incomplete)

    def _codes_behind(self, first: int) -> pl.DataFrame:
        rest = _codes(self.lines.blocks(skip=first), self.layout, self.preset)
        named = rest.with_columns(duration=None, talk=None, wrap=None, dials=None, row_no=0).cast(
            dict.fromkeys(("duration", "talk", "wrap", "dials"), pl.String)
        )
        return with_values(named, self.settings.outcomes, self.preset).select("code", "outcome", "rows")

    def _says_incomplete(self, rows: pl.DataFrame) -> bool:
        names = self.layout.names
        if self.preset.complete not in names:
            return False
        cell = pl.col("cells").list.get(names.index(self.preset.complete), null_on_oob=True)
        return bool(rows.select((cell.str.strip_chars().str.to_uppercase() == "NO").any()).item())

    def _typed(self, rows: pl.DataFrame, years: YearCount) -> pl.DataFrame:
        settings = self.settings
        if self.preset.moment is Moment.DAY_AND_MONTH:
            rows = with_inferred_days(rows, years)
        else:
            try:
                rows = self._timed(rows)
            except OrderNeeded:
                self.dates = _dates(self.lines, self.layout, self.preset)
                self.order = settled(self.dates, settings.date_order)
                rows = self._timed(rows)
        return with_values(rows, settings.outcomes, self.preset)

    def _timed(self, rows: pl.DataFrame) -> pl.DataFrame:
        settings = self.settings
        return with_times(
            rows,
            source_zone="UTC" if self.preset.utc else settings.source_zone,
            zone=settings.zone,
            order=self.order,
            strict=self.preset.strict,
        )

    def _with_stand_ins(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Where a call's own id is missing, the fields that identify it together."""
        rows = rows.with_columns(call_ref=pl.coalesce("call_ref", "call_id"))
        if not self.preset.stand_in:
            return rows
        parts = [pl.col(name).fill_null("") for name in self.preset.stand_in]
        known = pl.col("called_at").is_not_null()
        together = pl.when(known).then(pl.concat_str(parts, separator="\x1f"))
        return rows.with_columns(call_id=pl.coalesce("call_id", together))

    def _kept(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The accepted rows in their final columns, and `doubled`."""
        rows = with_identity(rows, self.preset).with_columns(
            called_at=pl.col("at"), dials=pl.col("dial_count")
        )
        rows = self._with_further(rows)
        if "phone_code" in self.where:
            # A number at home stays as it is written; abroad it needs its country.
            abroad = ~pl.col("phone_code").is_in(["", "1"]) & ~pl.col("phone").str.starts_with("+")
            code = pl.col("phone_code").str.strip_chars_start("+0")
            rows = rows.with_columns(
                phone=pl.when(abroad.fill_null(False))
                .then(pl.concat_str(pl.lit("+"), code, pl.col("phone").str.strip_chars_start("0")))
                .otherwise(pl.col("phone"))
            )
        return rows.select(*self.schema, "doubled").cast(self.schema)

    def _with_further(self, rows: pl.DataFrame) -> pl.DataFrame:
        """What optional columns say; a value that cannot be used is left out and counted, the call stays."""
        if "attempt" in self.where:
            rows = rows.with_columns(
                typed=pl.col("attempt").str.extract(r"^([0-9]{1,4})(?:\.0+)?$").cast(pl.Int32)
            )
            self._count_unread(rows, "attempt", "typed")
            rows = rows.with_columns(attempt=pl.col("typed")).drop("typed")
        if "lead_created" in self.where:
            made = self._lead_times(rows["lead_created"])
            rows = rows.with_columns(made.alias("lead_created_at"))
            self._count_unread(rows, "lead_created", "lead_created_at")
        for name in ("talk", "wrap"):
            if name in self.where:
                self._count_unread(rows, name, f"{name}_s")
        for name, limit in LONGEST.items():
            if name in self.further:
                long = pl.col(name).str.len_chars() > limit
                self.unread[name] += int(rows.select(long.sum()).item() or 0)
                rows = rows.with_columns(pl.when(~long.fill_null(False)).then(pl.col(name)).alias(name))
        return rows

    def _lead_times(self, texts: pl.Series) -> pl.Series:
        zone = "UTC" if self.preset.utc else self.settings.source_zone
        try:
            return times(texts, source_zone=zone, order=self.order, strict=self.preset.strict)
        except OrderNeeded:
            # The calls' own dates did not need the order, so these decide for themselves, or stay unknown.
            order = evidence([texts]).order or self.settings.date_order
            if order is None:
                return pl.Series([None], dtype=pl.Datetime("us", "UTC")).new_from_index(0, texts.len())
            return times(texts, source_zone=zone, order=order, strict=self.preset.strict)

    def _count_unread(self, rows: pl.DataFrame, written: str, typed: str) -> None:
        lost = rows.select((pl.col(written).is_not_null() & pl.col(typed).is_null()).sum()).item()
        self.unread[written] += int(lost or 0)

    def _parsed(
        self, usable: Spool, index: pl.DataFrame, bad: Spool, codes: pl.DataFrame, *, incomplete: bool
    ) -> Parsed:
        rows = index.height
        if not self.preset.key:
            index = with_occurrences(index)
        elif self.preset.legs:
            usable, index = self._joined(usable, index)
        index = index.with_columns(same_as=pl.col("row_no").first().over("call_key"))
        in_use = index.filter(pl.col("row_no") == pl.col("same_as"))["outcome"].unique()
        return Parsed(
            layout=self.layout,
            measures=self.preset.can_measure([Outcome(outcome) for outcome in in_use]),
            usable=usable,
            index=index,
            bad=bad,
            codes=codes.filter(pl.col("code").is_not_null())
            .group_by("code", "outcome")
            .agg(pl.col("rows").sum())
            .sort("rows", "code", descending=[True, False]),
            joined=rows - index.height,
            left_out=dict(self.left_out),
            unread={name: count for name, count in self.unread.items() if count},
            incomplete=incomplete,
            dates=self.dates,
        )

    def _joined(self, usable: Spool, index: pl.DataFrame) -> tuple[Spool, pl.DataFrame]:
        """The calls that the rows make together, some at a time: all rows of one call share its key."""
        calls, about = Spool(usable.schema), [INDEX.to_frame()]
        doubled = index.select("row_no", "doubled")
        parts = max(1, usable.height // BLOCK)
        for part in range(parts):
            mine = [
                piece.filter(pl.col("call_key").reinterpret(signed=False) % parts == part) for piece in usable
            ]
            rows = pl.concat([usable.schema.to_frame(), *mine]).join(
                doubled, on="row_no", maintain_order="left"
            )
            made = joined(rows)
            calls.add(made.select(*self.schema))
            about.append(_about(made))
        return calls, pl.concat(about)


def _about(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(same_as=pl.col("row_no")).select(*INDEX).cast(INDEX)
