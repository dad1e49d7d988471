"""A number for every agent, and since when the client sees it instead of a name."""

import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import append_only, engagement_table, same_engagement

NUMBER = """
-- Drawn within one statement, so that the numbers of a file tell nothing about its names; one at a time per
-- engagement, so that no number is given twice and none that was shown changes.
CREATE FUNCTION app.number_agents() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('agents ' || fresh_in.engagement_id, 0))
       FROM (SELECT DISTINCT engagement_id FROM fresh ORDER BY engagement_id) AS fresh_in;
    INSERT INTO engagements_pseudonym (engagement_id, agent_id, number)
    SELECT f.engagement_id, f.id,
           coalesce((SELECT max(p.number) FROM engagements_pseudonym p WHERE p.engagement_id = f.engagement_id), 0)
           + row_number() OVER (PARTITION BY f.engagement_id ORDER BY random())
      FROM fresh f;
    RETURN NULL;
END $$;
CREATE TRIGGER numbered AFTER INSERT ON engagements_agent REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION app.number_agents();
INSERT INTO engagements_pseudonym (engagement_id, agent_id, number)
SELECT engagement_id, id, row_number() OVER (PARTITION BY engagement_id ORDER BY random()) FROM engagements_agent;
"""
UNNUMBERED = "DROP TRIGGER numbered ON engagements_agent; DROP FUNCTION app.number_agents();"


class Migration(migrations.Migration):
    dependencies = [("engagements", "0010_brief_in_rows")]

    operations = [
        migrations.AddField(
            model_name="engagement",
            name="agents_masked_at",
            field=models.DateTimeField(
                help_text="since when the client sees numbers instead of the names of agents; empty: names",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="Pseudonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pseudonyms",
                        to="engagements.agent",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "agent"), name="one_pseudonym_each"),
                    models.UniqueConstraint(fields=("engagement", "number"), name="pseudonym_once"),
                ],
            },
        ),
        migrations.RunSQL(NUMBER, UNNUMBERED),
        engagement_table("engagements_pseudonym"),
        same_engagement("engagements_pseudonym", "agent_id", "engagements_agent"),
        append_only("engagements_pseudonym"),
    ]
