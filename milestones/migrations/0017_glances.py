"""The portfolio's row of each engagement, kept; and the door that says whether it is still what the trail knows."""

import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import engagement_table

DOOR = """
-- The newest line of each chain of the context: its number, and nothing of what it says.
CREATE FUNCTION app.trail_heads() RETURNS TABLE (engagement_id bigint, sequence bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT seen.id, (SELECT t.sequence FROM app.trail t WHERE t.engagement_id = seen.id
                      ORDER BY t.sequence DESC LIMIT 1)
      FROM unnest(app.engagements()) AS seen(id)
     WHERE EXISTS (SELECT 1 FROM app.trail t WHERE t.engagement_id = seen.id)
$$;
ALTER FUNCTION app.trail_heads() OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.trail_heads() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.trail_heads() TO app_web, app_worker;
"""
SHUT = "DROP FUNCTION app.trail_heads();"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_trail"),
        ("engagements", "0015_weekly_on"),
        ("milestones", "0016_evidence_holds_at_the_launch"),
    ]

    operations = [
        migrations.CreateModel(
            name="Glance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(help_text="in the engagement's zone")),
                (
                    "sequence",
                    models.BigIntegerField(help_text="the newest line of the trail before it was computed"),
                ),
                ("shape", models.PositiveSmallIntegerField()),
                ("facts", models.JSONField()),
                (
                    "engagement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="glance",
                        to="engagements.engagement",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="glance",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="glance_in_engagement"),
        ),
        engagement_table("milestones_glance"),
        migrations.RunSQL(DOOR, SHUT),
    ]
