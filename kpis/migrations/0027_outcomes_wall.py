"""Outcomes behind the wall, and the door of those who hold a closer's link."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, own_words, same_engagement

DOORS = """
-- What a closer's link is and whose name it acts in, asked before anybody is anybody. It ends with the participation
-- of who made it, as an API token does.
CREATE FUNCTION app.find_closer_link(p_hash text, p_now timestamptz)
RETURNS TABLE (link_id bigint, engagement_id bigint, user_id bigint, organisation_id bigint, holder text, made_by text,
    client text, operator text, campaign text, zone text, first_day date, last_day date, expires_at timestamptz, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.id, e.id, l.by_id, o.id, l.name::text, l.by_name::text, c.name::text, p.name::text, e.campaign::text,
           e.zone::text, l.first_day, l.last_day, l.expires_at,
           CASE WHEN l.revoked_at IS NOT NULL THEN 'revoked' WHEN l.expires_at <= p_now THEN 'expired'
                WHEN NOT EXISTS (
                    SELECT 1 FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active
                     WHERE m.user_id = l.by_id AND m.organisation_id = o.id AND m.ended_at IS NULL
                       AND (m.role IN ('admin', 'leader') OR EXISTS (
                            SELECT 1 FROM engagements_participant q WHERE q.engagement_id = e.id
                               AND q.user_id = l.by_id AND q.side = l.by_side AND q.ended_at IS NULL)))
                THEN 'left' ELSE 'open' END
      FROM kpis_closerlink l JOIN engagements_engagement e ON e.id = l.engagement_id
      JOIN accounts_organisation c ON c.id = e.client_id JOIN accounts_organisation p ON p.id = e.operator_id
      JOIN accounts_organisation o ON o.id = CASE l.by_side WHEN 'client' THEN e.client_id ELSE e.operator_id END
     WHERE l.token_hash = p_hash
$$;

-- The transfers that an open link is about, with as much of each as its closer needs to know it again: no number in
-- full, no name, nothing of other days or other closers.
CREATE FUNCTION app.closer_transfers(p_hash text, p_now timestamptz)
RETURNS TABLE (call_key bigint, day date, called_at timestamptz, lead text, number_ends text, told_id bigint,
    stage smallint, told_on date, value numeric, told_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.call_key, r.day, r.called_at, r.lead_ref::text,
           right(regexp_replace(r.phone, '[^0-9]', '', 'g'), 4), t.id, t.stage::smallint, t."on", t.value, t.by_name::text
      FROM app.find_closer_link(p_hash, p_now) f
      JOIN kpis_closerlink l ON l.id = f.link_id AND f.state = 'open'
      JOIN kpis_callrecord r ON r.engagement_id = l.engagement_id AND r.day BETWEEN l.first_day AND l.last_day
       AND r.depth >= 3 AND (l.closer = '' OR lower(r.closer) = lower(l.closer))
      LEFT JOIN LATERAL (
           SELECT o.* FROM kpis_toldoutcome o LEFT JOIN kpis_sheet s ON s.id = o.sheet_id
            WHERE o.engagement_id = r.engagement_id AND o.call_key = r.call_key AND s.taken_back_at IS NULL
            ORDER BY o.id DESC LIMIT 1) t ON true
     ORDER BY r.day, r.called_at, r.id LIMIT 500
$$;
"""
SIGNATURES = ("app.find_closer_link(text, timestamptz)", "app.closer_transfers(text, timestamptz)")
OWNERSHIP = "".join(
    f"""
ALTER FUNCTION {signature} OWNER TO app_definer;
REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {signature} TO app_web, app_worker;
"""
    for signature in SIGNATURES
)


class Migration(migrations.Migration):
    dependencies = [("kpis", "0026_outcomes")]

    operations = [
        engagement_table("kpis_sheet"),
        engagement_table("kpis_closerlink"),
        own_words("kpis_closerlink"),
        engagement_table("kpis_toldoutcome"),
        append_only("kpis_toldoutcome"),
        same_engagement("kpis_toldoutcome", "sheet_id", "kpis_sheet"),
        same_engagement("kpis_toldoutcome", "link_id", "kpis_closerlink"),
        migrations.RunSQL(
            DOORS + OWNERSHIP, "".join(f"DROP FUNCTION {signature};" for signature in reversed(SIGNATURES))
        ),
    ]
