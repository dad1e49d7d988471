"""Verdicts on calls leave no line of the trail: one function says whether there are newer ones."""

from django.db import migrations

JUDGED = """
-- A text that is another one after each judging of a day: a day that is judged anew is a new row, and keys are never
-- given twice. Never empty. It asks with the reader's own rights, and of days that the context does not see says none.
CREATE FUNCTION app.judged(p_engagement bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT count(*) || ':' || coalesce(max(day.id), 0)
      FROM public.kpis_windowday AS day WHERE day.engagement_id = p_engagement
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0039_created_by_our_clock")]

    operations = [migrations.RunSQL(JUDGED, "DROP FUNCTION app.judged(bigint);")]
