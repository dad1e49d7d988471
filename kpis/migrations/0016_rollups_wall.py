"""The new sums behind the wall, and made from the calls that are there."""

from django.db import migrations

from tenancy.operations import engagement_table, same_engagement

STAGES = (("contact", 1), ("qualified", 2), ("transfer", 3), ("show", 4), ("close", 5))
SUMS = "calls, dials, contacts, qualified, transfers, shows, closes, talk_s, talked"
ROLLUPS = (
    ("kpis_dailyfact", "day, source_id"),
    ("kpis_hourfact", "day, hour"),
    ("kpis_agentfact", "day, agent_id"),
    ("kpis_codefact", "day, batch_id, source_id, disposition_id"),
    ("kpis_usefact", "day, agent_id, disposition_id"),
)


def _fill(table: str, keys: str) -> migrations.RunSQL:
    told = "CASE WHEN bool_and('{0}' = ANY (i.measures)) THEN count(*) FILTER (WHERE c.depth >= {1}) END"
    of_calls = ", ".join(f"c.{key.strip()}" for key in keys.split(","))
    return migrations.RunSQL(
        f"""
        DELETE FROM {table};
        INSERT INTO {table} (engagement_id, {keys}, {SUMS})
        SELECT c.engagement_id, {of_calls}, count(*), sum(c.dials), {", ".join(told.format(*s) for s in STAGES)},
               coalesce(sum(c.talk_s), 0), count(c.talk_s)
          FROM kpis_callrecord c JOIN kpis_import i ON i.id = c.batch_id
         GROUP BY c.engagement_id, {of_calls};
        """,  # noqa: S608  our own names
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("kpis", "0015_rollups")]
    operations = [
        engagement_table("kpis_hourfact"),
        engagement_table("kpis_agentfact"),
        engagement_table("kpis_codefact"),
        engagement_table("kpis_usefact"),
        same_engagement("kpis_agentfact", "agent_id", "engagements_agent"),
        same_engagement("kpis_codefact", "batch_id", "kpis_import"),
        same_engagement("kpis_codefact", "source_id", "kpis_leadsource"),
        same_engagement("kpis_codefact", "disposition_id", "kpis_disposition"),
        same_engagement("kpis_usefact", "agent_id", "engagements_agent"),
        same_engagement("kpis_usefact", "disposition_id", "kpis_disposition"),
        *(_fill(*rollup) for rollup in ROLLUPS),
    ]
