"""Whether a person still sees the tour; an invitation says before the log-in what it leads to."""

from django.db import migrations, models

OWNERSHIP = """
ALTER FUNCTION app.find_invitation(text, timestamptz) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.find_invitation(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.find_invitation(text, timestamptz) TO app_web, app_worker;
"""

# PL/pgSQL, for engagements lie above this app and may not be there yet.
FIND = """
DROP FUNCTION app.find_invitation(text, timestamptz);
-- What the holder of an invitation's token may read before logging in: what the mail told them, and no more.
CREATE FUNCTION app.find_invitation(p_hash text, p_now timestamptz)
RETURNS TABLE (email text, name text, organisation text, invited_by text, state text, inviting text, campaign text,
               participant_roles jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT i.email::text, i.name::text, o.name::text, u.name::text,
           CASE WHEN i.revoked_at IS NOT NULL THEN 'revoked' WHEN i.accepted_at IS NOT NULL THEN 'accepted'
                WHEN i.expires_at <= p_now THEN 'expired' ELSE 'open' END,
           b.name::text, coalesce(e.campaign, '')::text, i.participant_roles
      FROM accounts_invitation i JOIN accounts_organisation o ON o.id = i.organisation_id
      JOIN accounts_organisation b ON b.id = i.invited_by_organisation_id
      JOIN accounts_user u ON u.id = i.invited_by_id
      LEFT JOIN engagements_engagement e ON e.id = i.engagement_id
     WHERE i.token_hash = p_hash;
END $$;
"""

FIND_BEFORE = """
DROP FUNCTION app.find_invitation(text, timestamptz);
CREATE FUNCTION app.find_invitation(p_hash text, p_now timestamptz)
RETURNS TABLE (email text, name text, organisation text, invited_by text, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.email::text, i.name::text, o.name::text, u.name::text,
           CASE WHEN i.revoked_at IS NOT NULL THEN 'revoked' WHEN i.accepted_at IS NOT NULL THEN 'accepted'
                WHEN i.expires_at <= p_now THEN 'expired' ELSE 'open' END
      FROM accounts_invitation i JOIN accounts_organisation o ON o.id = i.organisation_id
      JOIN accounts_user u ON u.id = i.invited_by_id
     WHERE i.token_hash = p_hash
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_views_and_shortcuts")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="tour",
            field=models.BooleanField(
                db_default=True, default=True, help_text="shows what this person's role does, until put away"
            ),
        ),
        migrations.RunSQL(FIND + OWNERSHIP, FIND_BEFORE + OWNERSHIP),
    ]
