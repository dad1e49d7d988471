"""The new sums behind the wall, and made from the calls that are there."""

from django.db import migrations

from tenancy.operations import engagement_table, same_engagement

STAGES = (("contact", 1), ("qualified", 2), ("transfer", 3), ("show", 4), ("close", 5))
TOLD = ", ".join(
    f"CASE WHEN bool_and('{key}' = ANY (i.measures)) THEN count(*) FILTER (WHERE c.depth >= {depth}) END"
    for key, depth in STAGES
)
ATTEMPTS = f"""
INSERT INTO kpis_attemptfact (engagement_id, day, attempt, calls, dials, contacts, qualified, transfers, shows, closes,
                              talk_s, talked)
SELECT c.engagement_id, c.day, c.attempt, count(*), sum(c.dials), {TOLD}, coalesce(sum(c.talk_s), 0), count(c.talk_s)
  FROM kpis_callrecord c JOIN kpis_import i ON i.id = c.batch_id
 GROUP BY c.engagement_id, c.day, c.attempt;
"""  # noqa: S608  our own names
TELLING = """
UPDATE kpis_import SET tells_waits = true
 WHERE id IN (SELECT batch_id FROM kpis_callrecord WHERE lead_created_at IS NOT NULL);
"""
# As kpis.waits has it.
WAIT = """
(CASE WHEN waited IS NULL THEN -2 WHEN waited < 0 THEN -1 WHEN waited <= 600 THEN ceil(waited / 15) * 15
      WHEN waited <= 3600 THEN ceil(waited / 60) * 60 WHEN waited <= 28800 THEN ceil(waited / 900) * 900
      ELSE ceil(waited / 86400) * 86400 END)::integer
"""
WAITS = f"""
WITH firsts AS (
    SELECT DISTINCT ON (c.engagement_id, coalesce(nullif(c.lead_ref, ''), c.phone))
           c.engagement_id, c.day, c.source_id,
           extract(hour FROM c.lead_created_at AT TIME ZONE e.zone)::smallint AS came_in,
           CASE WHEN coalesce(c.attempt, 1) = 1 THEN extract(epoch FROM c.called_at - c.lead_created_at) END AS waited
      FROM kpis_callrecord c JOIN engagements_engagement e ON e.id = c.engagement_id
     WHERE c.called_at IS NOT NULL AND (c.lead_ref <> '' OR c.phone <> '')
       AND c.engagement_id IN (SELECT engagement_id FROM kpis_import WHERE tells_waits)
     ORDER BY c.engagement_id, coalesce(nullif(c.lead_ref, ''), c.phone), c.called_at, c.call_key
), stepped AS MATERIALIZED (
    SELECT engagement_id, day, source_id, came_in, {WAIT} AS wait FROM firsts
), by_source AS (
    INSERT INTO kpis_sourcewait (engagement_id, day, source_id, wait, leads)
    SELECT engagement_id, day, source_id, wait, count(*) FROM stepped GROUP BY 1, 2, 3, 4
)
INSERT INTO kpis_hourwait (engagement_id, day, hour, wait, leads)
SELECT engagement_id, day, came_in, wait, count(*) FROM stepped GROUP BY 1, 2, 3, 4;
"""  # noqa: S608  our own names


class Migration(migrations.Migration):
    dependencies = [("kpis", "0024_attempts_and_waits")]
    operations = [
        engagement_table("kpis_attemptfact"),
        engagement_table("kpis_sourcewait"),
        engagement_table("kpis_hourwait"),
        same_engagement("kpis_sourcewait", "source_id", "kpis_leadsource"),
        *(migrations.RunSQL(fill, migrations.RunSQL.noop) for fill in (ATTEMPTS, TELLING, WAITS)),
    ]
