"""What is told again goes out by itself, to nobody more than once an hour; what an evening brings goes out as before."""

from importlib import import_module

from django.db import migrations, models

_BEFORE = import_module("reports.migrations.0009_evenings_wall")

READERS = f"""
CREATE OR REPLACE FUNCTION app.report_readers(p_now timestamptz, p_morning time)
RETURNS TABLE (user_id bigint, organisation_id bigint, day date, number integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH subscribers AS ({_BEFORE.SUBSCRIBERS}), slots AS ({_BEFORE.SLOTS}), waiting AS (
        SELECT b.user_id, b.organisation_id, d.about, d.news NOT IN ('late', 'restated') AS first,
               b.wall::date AS today
          FROM subscribers b JOIN reports_deliverable d ON d.engagement_id = b.engagement_id
         WHERE d.about IS NOT NULL AND d.created_at >= b.since AND d.created_at > p_now - interval '7 days'
           AND (d.kind = 'weekly-trend' OR b.cadence = 'daily')
           AND NOT EXISTS (SELECT 1 FROM reports_reportmail m
                            WHERE m.user_id = b.user_id AND jsonb_exists(m.items, d.public_id::text))
    ), told AS (
        SELECT w.user_id, min(w.organisation_id) AS organisation_id,
               coalesce(max(w.about) FILTER (WHERE w.first), max(w.today)) AS day
          FROM waiting w
         WHERE NOT EXISTS (SELECT 1 FROM slots s
                            WHERE s.user_id = w.user_id AND coalesce(s.state, '') NOT IN ('done', 'failed')
                              AND s.wall < s.day + s.at + interval '2 hours')
         GROUP BY w.user_id
        HAVING bool_or(w.first)
            OR NOT EXISTS (SELECT 1 FROM reports_reportmail m
                            WHERE m.user_id = w.user_id AND m.taken_at > p_now - interval '1 hour')
    )
    SELECT t.user_id, t.organisation_id, t.day,
           (SELECT count(*) FROM reports_reportmail m WHERE m.user_id = t.user_id AND m.day = t.day)::integer
      FROM told t
     WHERE NOT EXISTS (SELECT 1 FROM waiting w JOIN subscribers b ON b.user_id = w.user_id
                        WHERE w.user_id = t.user_id AND w.first AND w.about >= b.launch_on
                          AND b.since_wall < w.about + b.report_at AND b.wall < w.about + b.report_at)
     ORDER BY t.user_id
$$;
"""
_START = "CREATE FUNCTION app.report_readers"
READERS_BEFORE = (
    "CREATE OR REPLACE FUNCTION app.report_readers"
    + _BEFORE.DOORS.partition(_START)[2].partition("ALTER FUNCTION")[0]
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_evenings_wall")]
    operations = [
        migrations.AlterField(
            model_name="reportsubscription",
            name="cadence",
            field=models.CharField(
                choices=[
                    ("daily", "Every evening, and once a week its summary"),
                    ("weekly", "Once a week"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(READERS, READERS_BEFORE),
    ]
