"""Calls that reached nobody are counted anew without another verdict: what tells of newer verdicts tells that, too."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("kpis.migrations.0040_newest_verdict").JUDGED
JUDGED = """
-- A text that is another one after each judging of a day (a day that is judged anew is a new row, and keys are never
-- given twice) and after each count of abandoned calls. Never empty. It asks with the reader's own rights, and of days
-- that the context does not see says none.
CREATE OR REPLACE FUNCTION app.judged(p_engagement bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(':', count(*), coalesce(max(day.id), 0), sum(day.answered), sum(day.abandoned))
      FROM public.kpis_windowday AS day WHERE day.engagement_id = p_engagement
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0040_newest_verdict")]
    operations = [
        migrations.RunSQL(JUDGED, BEFORE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]
