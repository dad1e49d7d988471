"""What people were reminded of, each by themselves; and the door that tells the worker whom to remind today."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import policy_table

OWN = "user_id = (SELECT nullif(current_setting('app.user', true), '')::bigint)"

DOOR = """
-- Who is to be reminded now: ids alone, of people who own something open that is due by the rule of
-- milestones/rules/reminders.py, or who stand in for its owner once it is late. From p_hour on in the zone of the
-- engagement; whoever was reminded on that day is not among them.
CREATE FUNCTION app.people_to_remind(p_now timestamptz, p_hour integer)
RETURNS TABLE (user_id bigint, organisation_id bigint, day date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH here AS (
        SELECT e.id, e.client_id, e.operator_id, (p_now AT TIME ZONE e.zone)::date AS day
          FROM engagements_engagement e
         WHERE extract(hour FROM p_now AT TIME ZONE e.zone) >= p_hour
    ), owed AS (
        SELECT m.engagement_id, m.owner_id, m.forecast_on AS due FROM milestones_milestone m WHERE m.done_on IS NULL
        UNION ALL
        SELECT c.engagement_id, c.owner_id, c.forecast_on FROM milestones_readinesscheck c
         WHERE NOT coalesce((SELECT r.passed FROM milestones_checkresult r WHERE r.check_tested_id = c.id
                              ORDER BY r.tested_at DESC, r.id DESC LIMIT 1), false)
        UNION ALL
        SELECT f.engagement_id, f.owner_id, f.due_on FROM kpis_fix f WHERE f.done_on IS NULL
        UNION ALL
        SELECT a.engagement_id, a.owner_id, a.due_on FROM milestones_actionitem a
         WHERE a.done_on IS NULL AND a.dropped_at IS NULL
    ), due AS (
        SELECT o.owner_id, h.day, h.day - o.due AS late,
               CASE p.side WHEN 'client' THEN h.client_id ELSE h.operator_id END AS organisation_id,
               p.user_id, p.substitute_id
          FROM owed o JOIN here h ON h.id = o.engagement_id
          JOIN engagements_participant p ON p.id = o.owner_id AND p.ended_at IS NULL
         WHERE h.day - o.due IN (-2, 0) OR (h.day > o.due AND (h.day - o.due) % 3 = 1)
    ), people AS (
        SELECT d.user_id, d.organisation_id, d.day FROM due d
        UNION
        SELECT s.user_id, d.organisation_id, d.day FROM due d
          JOIN engagements_participant s ON s.id = d.substitute_id AND s.ended_at IS NULL
         WHERE d.late > 0
    )
    SELECT q.user_id, min(q.organisation_id), q.day FROM people q
      JOIN accounts_user u ON u.id = q.user_id AND u.is_active AND u.reminders
      JOIN accounts_membership m ON m.user_id = q.user_id AND m.organisation_id = q.organisation_id AND m.ended_at IS NULL
     WHERE NOT EXISTS (SELECT 1 FROM milestones_reminder r WHERE r.user_id = q.user_id AND r.day = q.day)
     GROUP BY q.user_id, q.day ORDER BY q.user_id
$$;
ALTER FUNCTION app.people_to_remind(timestamptz, integer) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.people_to_remind(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.people_to_remind(timestamptz, integer) TO app_worker;
"""
SHUT = "DROP FUNCTION app.people_to_remind(timestamptz, integer);"


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0011_setup_in_full"),
        ("accounts", "0004_reminders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("items", models.JSONField(default=list)),
                ("taken_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-day"],
                "constraints": [models.UniqueConstraint(fields=("user", "day"), name="one_reminder_a_day")],
            },
        ),
        policy_table("milestones_reminder", using=OWN, check=OWN),
        migrations.RunSQL(DOOR, SHUT),
    ]
