"""Parsed rows into the database: staged, then inserted in one statement, whole or nothing."""

import io
from typing import Any

import polars as pl
import polars.selectors as cs
from django.db import connection

from common import clock
from engagements.outcomes import Outcome
from kpis.models import CodeFact, Import

from . import breaches, facts, heard, waits
from .result import Parsed, Settings

# Row level security refuses COPY into the table itself, so the rows take one step in between.
STAGE = """
DROP TABLE IF EXISTS pg_temp.incoming;
CREATE TEMPORARY TABLE incoming (
    row_no integer, call_key bigint, called_at timestamptz, day date, hour smallint, lead_source text, agent text,
    code text, outcome text, dials integer, duration_s integer, phone text, lead_ref text, call_ref text, region text,
    postal_code text, lead_zone text, lead_created_at timestamptz, attempt integer, closer text, talk_s integer,
    wrap_s integer, direction text, recording text
) ON COMMIT DROP;
"""
COLUMNS = (
    "row_no", "call_key", "called_at", "day", "hour", "lead_source", "agent", "code", "outcome", "dials", "duration_s",
    "phone", "lead_ref",
)  # fmt: skip
# What only some exports say; a reading brings the columns that it has.
FURTHER = (
    "call_ref", "region", "postal_code", "lead_zone", "lead_created_at", "attempt", "closer", "talk_s", "wrap_s",
    "direction", "recording",
)  # fmt: skip
NAMES = (
    """
    INSERT INTO kpis_leadsource (engagement_id, name)
    SELECT DISTINCT %(engagement)s, lead_source FROM incoming WHERE lead_source IS NOT NULL ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO engagements_agent (engagement_id, name)
    SELECT DISTINCT %(engagement)s, agent FROM incoming WHERE agent IS NOT NULL ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO kpis_disposition (engagement_id, system, code, outcome, brief_version)
    SELECT DISTINCT %(engagement)s, %(system)s, code, outcome,
           CASE WHEN lower(code) = ANY (%(from_brief)s::text[]) THEN %(brief_version)s::smallint END
      FROM incoming ON CONFLICT DO NOTHING
    """,
)
# The depth comes from the map as it stands now, not from the reading that may be a moment older.
CALLS = f"""
WITH changed AS (
    INSERT INTO kpis_callrecord (engagement_id, batch_id, call_key, row_no, called_at, day, hour, source_id, agent_id,
                                 disposition_id, depth, dials, duration_s, breach, lead_ref, phone, call_ref, region,
                                 postal_code, lead_zone, lead_created_at, attempt, closer, talk_s, wrap_s, direction,
                                 recording)
    SELECT %(engagement)s, %(batch)s, i.call_key, i.row_no, i.called_at, i.day, i.hour, s.id, a.id,
           d.id, o.depth, i.dials, i.duration_s, b.lack, coalesce(i.lead_ref, ''), coalesce(i.phone, ''),
           coalesce(i.call_ref, ''), coalesce(i.region, ''), coalesce(i.postal_code, ''), coalesce(i.lead_zone, ''),
           i.lead_created_at, i.attempt, coalesce(i.closer, ''), i.talk_s, i.wrap_s, coalesce(i.direction, ''),
           coalesce(i.recording, '')
      FROM incoming i
      JOIN kpis_disposition d ON d.engagement_id = %(engagement)s AND d.system = %(system)s AND d.code = i.code
      JOIN unnest(%(outcomes)s::text[], %(depths)s::smallint[]) AS o(outcome, depth) ON o.outcome = d.outcome
      LEFT JOIN kpis_leadsource s ON s.engagement_id = %(engagement)s AND s.name = i.lead_source
      LEFT JOIN engagements_agent a ON a.engagement_id = %(engagement)s AND a.name = i.agent
      {breaches.JUDGED}
        ON CONFLICT (engagement_id, call_key) DO NOTHING
    RETURNING batch_id, day, hour, source_id, agent_id, disposition_id, attempt, depth, dials, talk_s, breach,
              called_at, %(told)s::integer AS told
), {breaches.ADDING}, {facts.SUMMING}
SELECT count(breach) FROM changed
"""  # noqa: S608  the pieces are ours, the values are parameters


def insert_calls(batch: Import, parsed: Parsed, settings: Settings) -> int:
    """Add the accepted rows that are not there yet, with their sources, agents and codes, and add them to the sums.

    Returns how many of them were made by agents who were not cleared; these are added to the breaches of their days.
    """
    values: dict[str, Any] = {
        "engagement": batch.engagement_id,
        "batch": batch.pk,
        "system": settings.preset.system,
        "outcomes": [outcome.value for outcome in Outcome],
        "depths": [int(outcome.stage) for outcome in Outcome],
        "from_brief": sorted(settings.from_brief),
        "brief_version": settings.brief_version,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        names = [*COLUMNS, *(name for name in FURTHER if name in parsed.usable.schema)]
        with cursor.copy(f"COPY incoming ({', '.join(names)}) FROM STDIN (FORMAT csv)") as copy:
            for piece in parsed.pieces():
                copy.write(_csv(piece.select(names)))
        cursor.execute("ANALYZE incoming")
        for statement in NAMES:
            cursor.execute(statement, values)
        others = facts.update_measures(batch.engagement_id, settings.preset.system)
        batch.refresh_from_db(fields=["measures"])
        values["told"] = facts.bits(batch.measures)
        values |= breaches.spans(batch.engagement)
        since = waits.mark()
        cursor.execute(CALLS, values)
        marked: int = cursor.fetchone()[0]
        cursor.execute("SELECT EXISTS (SELECT FROM incoming WHERE lead_created_at IS NOT NULL)")
        waits.add(batch, since, told=cursor.fetchone()[0])
        cursor.execute("DROP TABLE incoming")
    # What was told of calls before their file came in (again) counts for them now.
    later = heard.apply(batch.engagement_id, heard.told_keys(batch.engagement_id))
    if others:
        facts.refresh(batch.engagement_id)
    elif later:
        own = CodeFact.objects.filter(engagement_id=batch.engagement_id, batch=batch, day__in=later)
        facts.refresh(batch.engagement_id, set(own.order_by().values_list("day", flat=True)))
    return marked


def _csv(frame: pl.DataFrame) -> bytes:
    """The rows as PostgreSQL reads them: null is an empty cell, text is never empty."""
    out = io.BytesIO()
    frame.with_columns(cs.datetime().dt.strftime("%Y-%m-%dT%H:%M:%S%.f+00")).write_csv(
        out, include_header=False
    )
    return out.getvalue()
