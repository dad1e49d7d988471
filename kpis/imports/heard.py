"""What was told of transfers after the call, and what that makes of the calls and of their sums.

The newest statement on a call that stands counts: it says how deep the call went, where its own code says that it was
a transfer. A file whose codes tell nothing of shows (or closes) can tell them on a day once every transfer of that day
has been told of; before that the day has no data on them, for a number without part of its calls would be wrong.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.models import ToldOutcome

# The newest statement on each call, of those whose file was not taken back.
STANDING = """
    SELECT DISTINCT ON (o.call_key) o.call_key, o.stage, o.tells_close
      FROM kpis_toldoutcome o LEFT JOIN kpis_sheet s ON s.id = o.sheet_id
     WHERE o.engagement_id = %(engagement)s AND s.taken_back_at IS NULL ORDER BY o.call_key, o.id DESC
"""
# What statements add to what a file can tell on a day; goes behind `files`, with `{days}` on calls as `c`.
HEARD = f"""
    standing AS MATERIALIZED ({STANDING}), heard AS MATERIALIZED (
        SELECT c.batch_id, c.day,
               CASE WHEN bool_and(c.depth >= 4 OR s.call_key IS NOT NULL) THEN {1 << Stage.SHOW.value} ELSE 0 END
               + CASE WHEN bool_and(c.depth >= 5 OR coalesce(s.tells_close, false))
                      THEN {1 << Stage.CLOSE.value} ELSE 0 END AS told
          FROM kpis_callrecord c JOIN files f ON f.id = c.batch_id AND f.told & {1 << Stage.TRANSFER.value} > 0
          LEFT JOIN standing s ON s.call_key = c.call_key
         WHERE c.engagement_id = %(engagement)s AND c.depth >= 3 {{days}}
         GROUP BY c.batch_id, c.day HAVING count(s.call_key) > 0
    )
"""  # noqa: S608  our own pieces
NOTHING_HEARD = "heard AS (SELECT 0::bigint AS batch_id, NULL::date AS day, 0 AS told WHERE false)"
APPLY = f"""
WITH standing AS MATERIALIZED ({STANDING}), found AS (
    SELECT c.id, c.day, c.depth AS before, CASE
           WHEN s.stage IS NULL OR o.depth < {Stage.TRANSFER.value} THEN o.depth
           WHEN s.stage = {Stage.SHOW.value} AND NOT s.tells_close THEN greatest(o.depth, {Stage.SHOW.value})
           ELSE s.stage END AS depth
      FROM kpis_callrecord c
      JOIN kpis_disposition d ON d.id = c.disposition_id AND d.engagement_id = %(engagement)s
      JOIN unnest(%(outcomes)s::text[], %(depths)s::smallint[]) AS o(outcome, depth) ON o.outcome = d.outcome
      LEFT JOIN standing s ON s.call_key = c.call_key
     WHERE c.engagement_id = %(engagement)s AND c.call_key = ANY(%(keys)s)
), written AS (
    UPDATE kpis_callrecord c SET depth = f.depth FROM found f
     WHERE c.engagement_id = %(engagement)s AND c.id = f.id AND f.depth <> f.before
)
SELECT DISTINCT day FROM found ORDER BY day
"""  # noqa: S608  our own pieces


def any_told(engagement_id: int) -> bool:
    """Whether anything was ever told of this engagement's transfers."""
    return ToldOutcome.objects.filter(engagement_id=engagement_id).exists()


def told_keys(engagement_id: int) -> list[int]:
    """The calls of which anything was ever told."""
    found = ToldOutcome.objects.filter(engagement_id=engagement_id).order_by()
    return list(found.values_list("call_key", flat=True).distinct())


def apply(engagement_id: int, keys: Iterable[int]) -> list[date]:
    """Make these calls as deep as their codes and the standing statements say; the days of those that are in.

    Hold `facts.lock`, and refresh the sums of these days afterwards.
    """
    values: dict[str, Any] = {
        "engagement": engagement_id,
        "keys": list(keys),
        "outcomes": [outcome.value for outcome in Outcome],
        "depths": [int(outcome.stage) for outcome in Outcome],
    }
    if not values["keys"]:
        return []
    with connection.cursor() as cursor:
        cursor.execute(APPLY, values)
        return [day for (day,) in cursor.fetchall()]
