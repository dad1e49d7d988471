"""Daily and weekly reports behind the wall; and the doors that tell the worker which rounds and mails are due.

Both doors give ids alone, of people who may still see the engagement. They keep the rules of reports/evenings.py: an
hour is a time on the wall of the engagement's zone, compared with the time on that wall now.
"""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, own_words, policy_table, same_engagement

OWN = "user_id = (SELECT nullif(current_setting('app.user', true), '')::bigint)"
OWN_IN_ENGAGEMENT = f"{OWN} AND engagement_id = ANY ((SELECT app.engagements())::bigint[])"

FROZEN = """
CREATE OR REPLACE FUNCTION app.guard_deliverable() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.built_at IS NOT NULL
       OR (NEW.snapshot, NEW.snapshot_sha256, NEW.kind, NEW.version, NEW.engagement_id, NEW.fingerprint{new})
          IS DISTINCT FROM (OLD.snapshot, OLD.snapshot_sha256, OLD.kind, OLD.version, OLD.engagement_id, OLD.fingerprint{old}) THEN
        RAISE EXCEPTION 'deliverable % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""
GUARD = FROZEN.format(new=", NEW.about, NEW.label, NEW.news", old=", OLD.about, OLD.label, OLD.news")
GUARD_BEFORE = FROZEN.format(new="", old="")

# Subscriptions of people who may see the engagement now, with the time on the wall of its zone.
SUBSCRIBERS = """
    SELECT s.id, s.user_id, s.cadence, s.since, o.organisation_id, e.id AS engagement_id, e.launch_on, e.report_at,
           p_now AT TIME ZONE e.zone AS wall, s.since AT TIME ZONE e.zone AS since_wall, e.zone
      FROM reports_reportsubscription s
      JOIN engagements_engagement e ON e.id = s.engagement_id AND e.passed_day >= 10
     CROSS JOIN LATERAL (SELECT CASE s.side WHEN 'client' THEN e.client_id ELSE e.operator_id END) o(organisation_id)
      JOIN accounts_user u ON u.id = s.user_id AND u.is_active
      JOIN accounts_membership m ON m.user_id = s.user_id AND m.organisation_id = o.organisation_id AND m.ended_at IS NULL
     WHERE m.role IN ('admin', 'leader')
        OR EXISTS (SELECT 1 FROM engagements_participant p
                    WHERE p.engagement_id = e.id AND p.user_id = s.user_id AND p.side = s.side AND p.ended_at IS NULL)
"""
# The newest evening and the newest morning of each of these, the one that came while they were subscribed.
SLOTS = """
    SELECT b.*, t.slot, (b.wall - t.at::interval)::date AS day, t.at,
           (SELECT j.state FROM tenancy_job j WHERE j.engagement_id = b.engagement_id
               AND j.key = 'reports.round:' || t.slot || ':' || (b.wall - t.at::interval)::date) AS state
      FROM subscribers b CROSS JOIN LATERAL (VALUES ('evening', b.report_at), ('morning', p_morning)) t(slot, at)
     WHERE (b.wall - t.at::interval)::date >= b.launch_on
       AND b.since_wall < (b.wall - t.at::interval)::date + t.at
"""
DOORS = f"""
CREATE FUNCTION app.report_rounds(p_now timestamptz, p_morning time)
RETURNS TABLE (engagement_id bigint, user_id bigint, organisation_id bigint, day date, slot text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH subscribers AS ({SUBSCRIBERS}), slots AS ({SLOTS})
    SELECT DISTINCT ON (s.engagement_id, s.slot) s.engagement_id, s.user_id, s.organisation_id, s.day, s.slot
      FROM slots s WHERE s.state IS NULL OR s.state = 'failed'
     ORDER BY s.engagement_id, s.slot, s.id
$$;
-- Whom reports wait for that no mail has told of. Nobody gets one while a round of theirs is still due (for two hours
-- at most), nor about a date to whose evening another of their engagements has not come: one mail tells of them all.
CREATE FUNCTION app.report_readers(p_now timestamptz, p_morning time)
RETURNS TABLE (user_id bigint, organisation_id bigint, day date, number integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH subscribers AS ({SUBSCRIBERS}), slots AS ({SLOTS}), waiting AS (
        SELECT b.user_id, b.organisation_id, d.about, d.version, b.wall::date AS today
          FROM subscribers b JOIN reports_deliverable d ON d.engagement_id = b.engagement_id
         WHERE d.about IS NOT NULL AND d.created_at >= b.since AND d.created_at > p_now - interval '7 days'
           AND (d.kind = 'weekly-trend' OR b.cadence = 'daily')
           AND NOT EXISTS (SELECT 1 FROM reports_reportmail m
                            WHERE m.user_id = b.user_id AND jsonb_exists(m.items, d.public_id::text))
    ), told AS (
        SELECT w.user_id, min(w.organisation_id) AS organisation_id,
               coalesce(max(w.about) FILTER (WHERE w.version = 1), max(w.today)) AS day
          FROM waiting w
         WHERE NOT EXISTS (SELECT 1 FROM slots s
                            WHERE s.user_id = w.user_id AND coalesce(s.state, '') NOT IN ('done', 'failed')
                              AND s.wall < s.day + s.at + interval '2 hours')
         GROUP BY w.user_id
    )
    SELECT t.user_id, t.organisation_id, t.day,
           (SELECT count(*) FROM reports_reportmail m WHERE m.user_id = t.user_id AND m.day = t.day)::integer
      FROM told t
     WHERE NOT EXISTS (SELECT 1 FROM waiting w JOIN subscribers b ON b.user_id = w.user_id
                        WHERE w.user_id = t.user_id AND w.version = 1 AND w.about >= b.launch_on
                          AND b.since_wall < w.about + b.report_at AND b.wall < w.about + b.report_at)
     ORDER BY t.user_id
$$;
ALTER FUNCTION app.report_rounds(timestamptz, time) OWNER TO app_definer;
ALTER FUNCTION app.report_readers(timestamptz, time) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.report_rounds(timestamptz, time), app.report_readers(timestamptz, time) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.report_rounds(timestamptz, time), app.report_readers(timestamptz, time) TO app_worker;
"""
SHUT = """
DROP FUNCTION app.report_rounds(timestamptz, time);
DROP FUNCTION app.report_readers(timestamptz, time);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0008_evenings"),
        ("milestones", "0012_reminders"),
        ("accounts", "0003_trail"),
    ]
    operations = [
        policy_table("reports_reportsubscription", using=OWN_IN_ENGAGEMENT, check=OWN_IN_ENGAGEMENT),
        engagement_table("reports_reportreading"),
        same_engagement("reports_reportreading", "deliverable_id", "reports_deliverable"),
        append_only("reports_reportreading"),
        own_words("reports_reportreading"),
        policy_table("reports_reportmail", using=OWN, check=OWN),
        migrations.RunSQL(GUARD, GUARD_BEFORE),
        migrations.RunSQL(DOORS, SHUT),
    ]
