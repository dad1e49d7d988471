"""Parsed rows into the database: staged, then inserted in one statement, whole or nothing."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl
import polars.selectors as cs
from django.db import connection

from common import clock
from engagements.models import Agent
from engagements.outcomes import Outcome
from kpis.models import CodeFact, Disposition, Import, LeadSource

from . import breaches, facts, heard, talks, waits
from .result import Parsed, Settings

# Row level security refuses COPY into the table itself, so the rows take one step in between.
STAGE = """
DROP TABLE IF EXISTS pg_temp.incoming;
CREATE TEMPORARY TABLE incoming (
    row_no integer, call_key bigint, called_at timestamptz, day date, hour smallint, source_id bigint, agent_id bigint,
    disposition_id bigint, depth smallint, dials integer, duration_s integer, phone text, lead_ref text, call_ref text,
    region text, postal_code text, lead_zone text, lead_created_at timestamptz, attempt integer, closer text,
    talk_s integer, wrap_s integer, direction text, recording text
) ON COMMIT DROP;
"""
COLUMNS = (
    "row_no", "call_key", "called_at", "day", "hour", "source_id", "agent_id", "disposition_id", "depth", "dials",
    "duration_s", "phone", "lead_ref",
)  # fmt: skip
# What only some exports say; a reading brings the columns that it has.
FURTHER = (
    "call_ref", "region", "postal_code", "lead_zone", "lead_created_at", "attempt", "closer", "talk_s", "wrap_s",
    "direction", "recording",
)  # fmt: skip
SLICE = 25_000
# Sorting and grouping a file's calls stays in memory: the default would spill a file of 100,000 rows to disk.
MEMORY = "SELECT set_config('work_mem', '64MB', true)"
SOURCES = """
INSERT INTO kpis_leadsource (engagement_id, name)
SELECT %(engagement)s, unnest(%(names)s::text[]) ON CONFLICT DO NOTHING
"""
AGENTS = """
INSERT INTO engagements_agent (engagement_id, name)
SELECT %(engagement)s, unnest(%(names)s::text[]) ON CONFLICT DO NOTHING
"""
CODES = """
INSERT INTO kpis_disposition (engagement_id, system, code, outcome, brief_version)
SELECT %(engagement)s, %(system)s, code, outcome,
       CASE WHEN lower(code) = ANY (%(from_brief)s::text[]) THEN %(brief_version)s::smallint END
  FROM unnest(%(codes)s::text[], %(meanings)s::text[]) n (code, outcome) ON CONFLICT DO NOTHING
"""


def _calls(columns: Iterable[str]) -> str:
    """The statement that adds the staged rows which have these columns, and adds them to the breaches and sums."""
    names, values = ", ".join(columns), ", ".join(f"i.{name}" for name in columns)
    return f"""
WITH changed AS (
    INSERT INTO kpis_callrecord (engagement_id, batch_id, breach, {names})
    SELECT %(engagement)s, %(batch)s, b.lack, {values}
      FROM incoming i
      {breaches.JUDGED}
     WHERE NOT EXISTS (SELECT FROM kpis_callrecord c WHERE c.engagement_id = %(engagement)s AND c.call_key = i.call_key)
    RETURNING batch_id, day, hour, source_id, agent_id, disposition_id, attempt, depth, dials, talk_s, wrap_s,
              breach, called_at, %(told)s::integer AS told
), {breaches.ADDING}, {facts.SUMMING}
SELECT count(breach) FROM changed
"""  # noqa: S608  the pieces are ours, the values are parameters


def insert_calls(batch: Import, parsed: Parsed, settings: Settings) -> int:
    """Add the accepted rows that are not there yet, with their sources, agents and codes, and add them to the sums.

    Returns how many of them were made by agents who were not cleared; these are added to the breaches of their days.
    """
    values: dict[str, Any] = {"engagement": batch.engagement_id, "batch": batch.pk, "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(MEMORY)
        known = _known(cursor, batch, parsed, settings)
        cursor.execute(STAGE)
        names = [*COLUMNS, *(name for name in FURTHER if name in parsed.usable.schema)]
        texts = [name for name in names if parsed.usable.schema.get(name) == pl.String]
        options = f"FORMAT csv, FORCE_NOT_NULL ({', '.join(texts)})"
        with cursor.copy(f"COPY incoming ({', '.join(names)}) FROM STDIN ({options})") as copy:
            for piece in parsed.pieces():
                # The server reads a slice while the next one is made.
                for part in piece.iter_slices(SLICE):
                    copy.write(_csv(known.named(part).select(names)))
        others = facts.update_measures(batch.engagement_id, settings.preset.system)
        batch.refresh_from_db(fields=["measures"])
        values["told"] = facts.bits(batch.measures)
        values |= breaches.spans(batch.engagement)
        since = waits.mark()
        cursor.execute(_calls(names), values)
        marked: int = cursor.fetchone()[0]
        told = False
        if "lead_created_at" in names:
            cursor.execute("SELECT EXISTS (SELECT FROM incoming WHERE lead_created_at IS NOT NULL)")
            told = cursor.fetchone()[0]
        waits.add(batch, since, told=told)
        if "talk_s" in names:
            talks.add(batch.engagement_id, since)
        cursor.execute("DROP TABLE incoming")
    # What was told of calls before their file came in (again) counts for them now.
    later = heard.apply(batch.engagement_id, heard.told_keys(batch.engagement_id))
    if others:
        facts.refresh(batch.engagement_id)
    elif later:
        own = CodeFact.objects.filter(engagement_id=batch.engagement_id, batch=batch, day__in=later)
        facts.refresh(batch.engagement_id, set(own.order_by().values_list("day", flat=True)))
    return marked


@dataclass(frozen=True, slots=True)
class Known:
    """The ids under which this engagement keeps what a file names, and how deep each of its codes goes."""

    sources: dict[str, int]
    agents: dict[str, int]
    codes: dict[str, int]
    depths: dict[str, int]

    def named(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of a reading with ids in place of names; the depth is that of the code's meaning as it stands now."""
        return rows.with_columns(
            _looked_up("lead_source", self.sources).alias("source_id"),
            _looked_up("agent", self.agents).alias("agent_id"),
            _looked_up("code", self.codes).alias("disposition_id"),
            _looked_up("code", self.depths).alias("depth"),
        )


def _looked_up(column: str, found: dict[str, int]) -> pl.Expr:
    return pl.col(column).replace_strict(
        list(found), list(found.values()), default=None, return_dtype=pl.Int64
    )


def _known(cursor: Any, batch: Import, parsed: Parsed, settings: Settings) -> Known:
    """Everything that the accepted rows name, kept from now on where it was new."""
    engagement, system = batch.engagement_id, settings.preset.system
    own = {"engagement": engagement}
    sources, agents = _names(parsed, "lead_source"), _names(parsed, "agent")
    meanings = pl.concat(
        [
            parsed.usable.schema.to_frame().select("code", "outcome"),
            *(piece.select("code", "outcome").unique() for piece in parsed.pieces()),
        ]
    )
    meanings = meanings.unique("code").sort("code")
    cursor.execute(SOURCES, {**own, "names": sources})
    cursor.execute(AGENTS, {**own, "names": agents})
    said = {
        "system": system,
        "codes": meanings["code"].to_list(),
        "meanings": meanings["outcome"].to_list(),
        "from_brief": sorted(settings.from_brief),
        "brief_version": settings.brief_version,
    }
    cursor.execute(CODES, {**own, **said})
    kept = list(
        Disposition.objects.filter(engagement=engagement, system=system).values_list("code", "pk", "outcome")
    )
    return Known(
        dict(LeadSource.objects.filter(engagement=engagement, name__in=sources).values_list("name", "pk")),
        dict(Agent.objects.filter(engagement=engagement, name__in=agents).values_list("name", "pk")),
        {code: pk for code, pk, _ in kept},
        {code: int(Outcome(outcome).stage) for code, _, outcome in kept},
    )


def _names(parsed: Parsed, column: str) -> list[str]:
    found = {name for piece in parsed.pieces() for name in piece[column].unique()}
    return sorted(name for name in found if name is not None)


def _csv(frame: pl.DataFrame) -> bytes:
    """The rows as PostgreSQL reads them: null is an empty cell."""
    out = io.BytesIO()
    frame.with_columns(cs.datetime().dt.strftime("%Y-%m-%dT%H:%M:%S%.f+00")).write_csv(
        out, include_header=False
    )
    return out.getvalue()
