"""The closer's door shows every transfer, whichever page it is on, and no name of anybody else."""

from importlib import import_module

from django.db import migrations

EARLIER = import_module("kpis.migrations.0027_outcomes_wall")
BEFORE = EARLIER.DOORS.split("\n\n")[1]

DOORS = """
-- All transfers of an open link, with as much of each as its closer needs to know it again: no number in full, no name,
-- nothing of other days or other closers. What an export calls a lead's id may be a name, an address or the number
-- itself: then there is none.
CREATE FUNCTION app.closer_transfers(p_hash text, p_now timestamptz)
RETURNS TABLE (call_key bigint, day date, called_at timestamptz, lead text, number_ends text, told_id bigint,
    stage smallint, told_on date, value numeric, told_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.call_key, r.day, r.called_at,
           CASE WHEN r.lead_ref ~ '[0-9]' AND r.lead_ref !~ '[\\s@+]'
                 AND right(regexp_replace(r.lead_ref, '[^0-9]', '', 'g'), 7)
                     <> right(regexp_replace(r.phone, '[^0-9]', '', 'g'), 7)
                THEN r.lead_ref::text ELSE '' END,
           right(regexp_replace(r.phone, '[^0-9]', '', 'g'), 4), t.id, t.stage::smallint, t."on", t.value,
           CASE WHEN t.link_id = l.id THEN l.name WHEN t.link_id IS NOT NULL THEN 'another closer'
                WHEN t.id IS NOT NULL THEN 'a file' END
      FROM app.find_closer_link(p_hash, p_now) f
      JOIN kpis_closerlink l ON l.id = f.link_id AND f.state = 'open'
      JOIN kpis_callrecord r ON r.engagement_id = l.engagement_id AND r.day BETWEEN l.first_day AND l.last_day
       AND r.depth >= 3 AND (l.closer = '' OR lower(r.closer) = lower(l.closer))
      LEFT JOIN LATERAL (
           SELECT o.* FROM kpis_toldoutcome o LEFT JOIN kpis_sheet s ON s.id = o.sheet_id
            WHERE o.engagement_id = r.engagement_id AND o.call_key = r.call_key AND s.taken_back_at IS NULL
            ORDER BY o.id DESC LIMIT 1) t ON true
     ORDER BY r.day, r.called_at, r.id
$$;
"""
DROP = "DROP FUNCTION app.closer_transfers(text, timestamptz);\n"
OWNED = """
ALTER FUNCTION app.closer_transfers(text, timestamptz) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.closer_transfers(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.closer_transfers(text, timestamptz) TO app_web, app_worker;
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0035_talk_and_wrap")]

    operations = [migrations.RunSQL(DROP + DOORS + OWNED, DROP + BEFORE + OWNED)]
