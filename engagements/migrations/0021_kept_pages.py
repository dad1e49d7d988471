"""Pages, kept as one reader was last shown them; and what the two organisations did outside of their engagements."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import policy_table

HEADS = """
-- The newest lines of the chains of an engagement's two organisations, as one text; nothing of what they say.
CREATE FUNCTION app.side_heads(p_engagement bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce((SELECT max(t.sequence) FROM app.trail t WHERE t.organisation_id = e.client_id), 0)
        || ':' || coalesce((SELECT max(t.sequence) FROM app.trail t WHERE t.organisation_id = e.operator_id), 0)
      FROM engagements_engagement e WHERE e.id = p_engagement AND e.id = ANY (app.engagements())
$$;
ALTER FUNCTION app.side_heads(bigint) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.side_heads(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.side_heads(bigint) TO app_web, app_worker;
"""
OWN = """
    reader_id = (SELECT nullif(current_setting('app.user', true), '')::bigint)
    AND engagement_id = ANY ((SELECT app.engagements())::bigint[])
"""


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0020_which_code_kept_it"),
        ("accounts", "0008_samples"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptPage",
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
                (
                    "beside",
                    models.CharField(
                        db_default="",
                        default="",
                        help_text="what else it rests on, which leaves no line",
                        max_length=60,
                    ),
                ),
                (
                    "code",
                    models.PositiveSmallIntegerField(help_text="the number of the code that computed it"),
                ),
                ("page", models.CharField(max_length=60)),
                ("pieces", models.JSONField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_pages",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "reader", "page"), name="page_kept_once")
                ],
            },
        ),
        policy_table("engagements_keptpage", using=OWN, check=OWN),
        migrations.RunSQL(HEADS, "DROP FUNCTION app.side_heads(bigint);"),
    ]
