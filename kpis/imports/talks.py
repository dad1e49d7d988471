"""How many calls were spoken how long, by day: kept equal to the calls whenever these come or go."""

from django.db import connection

from kpis.models import AgentTalk, Import, SourceTalk
from kpis.talks import step_sql

CHANGE = f"""
WITH moving AS (
    SELECT c.day, c.source_id, c.agent_id, c.talk_s, {step_sql("c.talk_s")} AS step
      FROM kpis_callrecord c
     WHERE c.engagement_id = %(engagement)s AND c.talk_s IS NOT NULL AND {{moving}}
), grouped AS MATERIALIZED (
    SELECT grouping(talk_s) AS by_agent, day, source_id, agent_id, talk_s, step, %(sign)s * count(*) AS calls
      FROM moving GROUP BY GROUPING SETS ((day, source_id, talk_s), (day, agent_id, step))
), by_source AS (
    INSERT INTO kpis_sourcetalk AS t (engagement_id, day, source_id, seconds, calls)
    SELECT %(engagement)s, day, source_id, talk_s, calls FROM grouped WHERE by_agent = 0
        ON CONFLICT (engagement_id, day, source_id, seconds) DO UPDATE SET calls = t.calls + excluded.calls
)
INSERT INTO kpis_agenttalk AS t (engagement_id, day, agent_id, seconds, calls)
SELECT %(engagement)s, day, agent_id, step, calls FROM grouped WHERE by_agent = 1
    ON CONFLICT (engagement_id, day, agent_id, seconds) DO UPDATE SET calls = t.calls + excluded.calls
"""  # noqa: S608  the pieces are ours, the values are parameters


def add(engagement_id: int, since: int) -> None:
    """Count the calls that were added since this mark (see `waits.mark`)."""
    _change(engagement_id, "c.id > %(since)s", {"since": since}, sign=1)


def leave(batch: Import) -> None:
    """Count without the calls of an import that is about to be removed."""
    _change(batch.engagement_id, "c.batch_id = %(batch)s", {"batch": batch.pk}, sign=-1)
    for model in (SourceTalk, AgentTalk):
        model.objects.filter(engagement=batch.engagement_id, calls__lte=0).delete()


def refresh(engagement_id: int) -> None:
    """Count all calls again."""
    for model in (SourceTalk, AgentTalk):
        model.objects.filter(engagement=engagement_id).delete()
    _change(engagement_id, "true", {}, sign=1)


def _change(engagement_id: int, moving: str, values: dict[str, int], *, sign: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHANGE.format(moving=moving), {"engagement": engagement_id, "sign": sign, **values})
