"""Parsed rows into the database: staged, then inserted in one statement, whole or nothing."""

import io
from collections.abc import Iterator

import polars as pl
from django.db import connection

from engagements.outcomes import Outcome
from kpis.models import Import

from .result import Parsed, Settings

CHUNK = 50_000
# Row level security refuses COPY into the table itself, so the rows take one step in between.
STAGE = """
DROP TABLE IF EXISTS pg_temp.incoming;
CREATE TEMPORARY TABLE incoming (
    row_no integer, call_key bigint, called_at timestamptz, day date, hour smallint, source text, agent text,
    code text, outcome text, dials integer, duration_s integer, phone text, lead_ref text
) ON COMMIT DROP;
"""
COLUMNS = (
    "row_no", "call_key", "called_at", "day", "hour", "lead_source", "agent", "code", "outcome", "dials", "duration_s",
    "phone", "lead_ref",
)  # fmt: skip
NAMES = (
    """
    INSERT INTO kpis_leadsource (engagement_id, name)
    SELECT DISTINCT %(engagement)s, source FROM incoming WHERE source IS NOT NULL ON CONFLICT DO NOTHING
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
CALLS = """
INSERT INTO kpis_callrecord (engagement_id, batch_id, call_key, row_no, called_at, day, hour, source_id, agent_id,
                             disposition_id, depth, dials, duration_s, lead_ref, phone)
SELECT %(engagement)s, %(batch)s, i.call_key, i.row_no, i.called_at, i.day, i.hour, s.id, a.id,
       d.id, o.depth, i.dials, i.duration_s, coalesce(i.lead_ref, ''), coalesce(i.phone, '')
  FROM incoming i
  JOIN kpis_disposition d ON d.engagement_id = %(engagement)s AND d.system = %(system)s AND d.code = i.code
  JOIN unnest(%(outcomes)s::text[], %(depths)s::smallint[]) AS o(outcome, depth) ON o.outcome = d.outcome
  LEFT JOIN kpis_leadsource s ON s.engagement_id = %(engagement)s AND s.name = i.source
  LEFT JOIN engagements_agent a ON a.engagement_id = %(engagement)s AND a.name = i.agent
 ORDER BY i.row_no
    ON CONFLICT (engagement_id, call_key) DO NOTHING
"""


def insert_calls(batch: Import, parsed: Parsed, settings: Settings) -> int:
    """Add the accepted rows that are not there yet, with their sources, agents and codes. Returns how many."""
    values: dict[str, int | str | list[str] | list[int] | None] = {
        "engagement": batch.engagement_id,
        "batch": batch.pk,
        "system": batch.preset,
        "outcomes": [outcome.value for outcome in Outcome],
        "depths": [int(outcome.stage) for outcome in Outcome],
        "from_brief": sorted(settings.from_brief),
        "brief_version": settings.brief_version,
    }
    with connection.cursor() as cursor:
        cursor.execute(STAGE)
        with cursor.copy("COPY incoming FROM STDIN (FORMAT csv)") as copy:
            for piece in _csv(parsed.accepted):
                copy.write(piece)
        cursor.execute("ANALYZE incoming")
        for statement in NAMES:
            cursor.execute(statement, values)
        cursor.execute(CALLS, values)
        added = int(cursor.rowcount)
        cursor.execute("DROP TABLE incoming")
    return added


def _csv(accepted: pl.DataFrame) -> Iterator[bytes]:
    """The rows as PostgreSQL reads them: null is an empty cell, text is never empty."""
    frame = accepted.select(*COLUMNS).with_columns(pl.col("called_at").dt.strftime("%Y-%m-%dT%H:%M:%S%.f+00"))
    for start in range(0, frame.height, CHUNK):
        out = io.BytesIO()
        frame.slice(start, CHUNK).write_csv(out, include_header=False)
        yield out.getvalue()
