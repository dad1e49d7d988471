"""Narrowing asks for no membership again: it picks one engagement of those that the transaction sees anyway."""

from django.db import migrations

NARROW = """
-- From here on this transaction sees one engagement, or none where it did not see that one before. It takes away and
-- never adds, so it needs nobody's rights but those of who asks.
CREATE FUNCTION app.narrow(p_engagement bigint) RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_seen boolean := coalesce(p_engagement = ANY (app.engagements()), false);
BEGIN
    PERFORM set_config('app.engagements', CASE WHEN v_seen THEN ARRAY[p_engagement]::text ELSE '{}' END, true);
    RETURN v_seen;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0007_no_line_after_the_end")]

    operations = [migrations.RunSQL(NARROW, "DROP FUNCTION app.narrow(bigint);")]
