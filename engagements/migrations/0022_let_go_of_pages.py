"""Pages that were kept for their readers go once their day is over: whoever left would never let go of theirs."""

from django.db import migrations

DOOR = """
CREATE FUNCTION app.let_go_of_pages(p_before date) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH gone AS (DELETE FROM engagements_keptpage WHERE day < p_before RETURNING 1) SELECT count(*) FROM gone
$$;
ALTER FUNCTION app.let_go_of_pages(date) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.let_go_of_pages(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.let_go_of_pages(date) TO app_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("engagements", "0021_kept_pages")]
    operations = [migrations.RunSQL(DOOR, "DROP FUNCTION app.let_go_of_pages(date);")]
