"""The door to the newest lines of the trail may be asked of one engagement alone."""

from importlib import import_module

from django.db import migrations

ALL = import_module("milestones.migrations.0017_glances")

DOOR = """
-- The newest line of each chain of the context, or of one of them: its number, and nothing of what it says.
CREATE FUNCTION app.trail_heads(p_engagement bigint DEFAULT NULL)
RETURNS TABLE (engagement_id bigint, sequence bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT seen.id, head.sequence
      FROM unnest(app.engagements()) AS seen(id)
     CROSS JOIN LATERAL (SELECT t.sequence FROM app.trail t WHERE t.engagement_id = seen.id
                          ORDER BY t.sequence DESC LIMIT 1) AS head
     WHERE p_engagement IS NULL OR seen.id = p_engagement
$$;
ALTER FUNCTION app.trail_heads(bigint) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.trail_heads(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.trail_heads(bigint) TO app_web, app_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("milestones", "0019_kept_work")]

    operations = [
        migrations.RunSQL(ALL.SHUT + DOOR, "DROP FUNCTION app.trail_heads(bigint);\n" + ALL.DOOR),
    ]
