"""An organisation's own lines of the trail, without looking through those of all its engagements."""

from django.db import migrations, models

VIEW = """
-- What the context may read of its organisations themselves.
CREATE FUNCTION app.visible_own_trail() RETURNS SETOF app.trail
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT t.* FROM app.trail t WHERE t.organisation_id = ANY (app.organisations());
END $$;
CREATE VIEW accounts_own_trail WITH (security_invoker = true) AS
SELECT id, engagement_id, organisation_id, sequence, (body ->> 'at')::timestamptz AS at,
       (body ->> 'actor_id')::bigint AS actor_id, body ->> 'actor_name' AS actor_name,
       body ->> 'actor_organisation' AS actor_organisation, body ->> 'address' AS address,
       body ->> 'action' AS action, body ->> 'subject' AS subject,
       nullif(body -> 'before', 'null') AS before, nullif(body -> 'after', 'null') AS after,
       encode(hash, 'hex') AS hash
  FROM app.visible_own_trail();
ALTER FUNCTION app.visible_own_trail() OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.visible_own_trail() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.visible_own_trail() TO app_web, app_worker;
"""
BACK = """
DROP VIEW accounts_own_trail;
DROP FUNCTION app.visible_own_trail();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_samples"), ("tenancy", "0008_narrow")]

    operations = [
        migrations.CreateModel(
            name="OwnTrailEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("engagement_id", models.BigIntegerField(null=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("sequence", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=120)),
                ("actor_organisation", models.CharField(max_length=120)),
                ("address", models.CharField(max_length=45)),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=200)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={"db_table": "accounts_own_trail", "ordering": ["-sequence"], "managed": False},
        ),
        migrations.RunSQL(VIEW, BACK),
    ]
