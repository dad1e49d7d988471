"""Which imported calls were made by agents who were not cleared: marked on the row, and summed by agent and day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from common import clock
from engagements.clearance import breach_spans
from engagements.models import Engagement
from engagements.roster import roster

# A call whose file gives only the day is judged by the end of it: nobody is blamed for what cannot be told.
JUDGED = """
LEFT JOIN unnest(%(agents)s::bigint[], %(since)s::timestamptz[], %(until)s::timestamptz[], %(lacks)s::smallint[])
       AS b(agent, since, until, lack) ON b.agent = i.agent_id
      AND (b.since IS NULL OR b.since <= coalesce(i.called_at, (i.day + 1)::timestamp AT TIME ZONE %(zone)s))
      AND (b.until IS NULL OR coalesce(i.called_at, (i.day + 1)::timestamp AT TIME ZONE %(zone)s) < b.until)
"""
# To be put behind a `WITH changed AS (...)` of calls that are new: what they add to the breaches of their days.
ADDING = """
    in_kpis_breach AS (
        INSERT INTO kpis_breach AS b (engagement_id, agent_id, day, reason, calls, first_at, last_at, found_at)
        SELECT %(engagement)s, agent_id, day, min(breach), count(*), min(called_at), max(called_at), %(now)s
          FROM changed WHERE breach IS NOT NULL GROUP BY agent_id, day
            ON CONFLICT (engagement_id, agent_id, day) DO UPDATE
               SET reason = CASE WHEN b.calls > 0 THEN least(b.reason, excluded.reason) ELSE excluded.reason END,
                   calls = b.calls + excluded.calls, first_at = least(b.first_at, excluded.first_at),
                   last_at = greatest(b.last_at, excluded.last_at)
    )"""
SUMS = """
SELECT c.engagement_id, c.agent_id, c.day, min(c.breach) AS reason, count(*) AS calls, min(c.called_at) AS first_at,
       max(c.called_at) AS last_at
  FROM kpis_callrecord c
 WHERE c.engagement_id = %(engagement)s AND c.day = ANY(%(days)s) AND c.breach IS NOT NULL
 GROUP BY c.engagement_id, c.agent_id, c.day
"""
KEEP = f"""
INSERT INTO kpis_breach (engagement_id, agent_id, day, reason, calls, first_at, last_at, found_at)
SELECT engagement_id, agent_id, day, reason, calls, first_at, last_at, %(now)s FROM ({SUMS}) s
    ON CONFLICT (engagement_id, agent_id, day) DO UPDATE
       SET reason = excluded.reason, calls = excluded.calls, first_at = excluded.first_at, last_at = excluded.last_at
"""  # noqa: S608  the pieces are ours, the values are parameters
# Counted once and beforehand: asked for each breach, this took minutes for a large file.
EMPTY = f"""
WITH s AS MATERIALIZED ({SUMS})
UPDATE kpis_breach b SET calls = 0, first_at = NULL, last_at = NULL
 WHERE b.engagement_id = %(engagement)s AND b.day = ANY(%(days)s)
   AND (b.agent_id, b.day) NOT IN (SELECT agent_id, day FROM s WHERE agent_id IS NOT NULL)
"""  # noqa: S608  the pieces are ours, the values are parameters


def spans(engagement: Engagement) -> dict[str, Any]:
    """When which agent was not cleared and why, as JUDGED asks for it beside calls `i`.

    The judgement rests on what was recorded before each call, and that never changes: reading a file again, today
    or next year, marks the same rows.
    """
    standing = roster(engagement)
    rows: list[tuple[int, object, object, int]] = []
    for person in standing.people:
        spans = breach_spans(person.record, standing.uses, engagement.cleared_at)
        rows += [(person.agent.pk, span.since, span.until, int(span.lack)) for span in spans]
        for code in person.codes:
            # Before it was linked, a code was nobody's.
            unlinked = [(code.pk, None, code.linked_at, 1)]
            rows += unlinked + [
                (code.pk, max(filter(None, (span.since, code.linked_at))), span.until, int(span.lack))
                for span in spans
                if span.until is None or code.linked_at is None or span.until > code.linked_at
            ]
    agents, since, until, lacks = ([row[place] for row in rows] for place in range(4))
    return {"zone": engagement.zone, "agents": agents, "since": since, "until": until, "lacks": lacks}


def refresh(engagement_id: int, days: Iterable[date]) -> None:
    """Make the breaches of these days equal to the marked calls again."""
    values: dict[str, Any] = {"engagement": engagement_id, "days": list(days), "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)
        cursor.execute(EMPTY, values)
