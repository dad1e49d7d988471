"""Organisations, memberships, invitations and tokens behind the wall, and the few doors through it."""

from django.db import migrations

from tenancy.operations import organisation_table, policy_table

KNOWN = "id = ANY ((SELECT app.known_organisations())::bigint[])"
INVITATION = (
    "(organisation_id = ANY ((SELECT app.organisations())::bigint[]) "
    "OR invited_by_organisation_id = ANY ((SELECT app.organisations())::bigint[]))"
)
# One invites into an organisation of one's own, or into one that one knows, never into a stranger's.
INVITING = INVITATION + " AND organisation_id = ANY ((SELECT app.known_organisations())::bigint[])"

# The other side's organisation may be read, never changed.
OWN_ONLY = """
CREATE POLICY own_update ON accounts_organisation AS RESTRICTIVE FOR UPDATE TO app_web, app_worker
    USING (id = ANY ((SELECT app.organisations())::bigint[]));
CREATE POLICY own_delete ON accounts_organisation AS RESTRICTIVE FOR DELETE TO app_web, app_worker
    USING (id = ANY ((SELECT app.organisations())::bigint[]));
"""

DOORS = """
-- Where a person may sit: asked before a context exists.
CREATE FUNCTION app.seats(p_user bigint)
RETURNS TABLE (organisation_id bigint, public_id uuid, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, o.public_id, o.name::text, m.role::text
      FROM accounts_membership m JOIN accounts_organisation o ON o.id = m.organisation_id
      JOIN accounts_user u ON u.id = m.user_id
     WHERE m.user_id = p_user AND m.ended_at IS NULL AND u.is_active
     ORDER BY o.name
$$;

-- Whose API token this is; nothing for a revoked or expired one, or one whose owner has left.
CREATE FUNCTION app.find_token(p_hash text, p_now timestamptz)
RETURNS TABLE (token_id bigint, user_id bigint, organisation_id bigint, may_write boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE accounts_apitoken t SET last_used_at = p_now
      FROM accounts_user u
     WHERE t.token_hash = p_hash AND t.revoked_at IS NULL AND t.expires_at > p_now
       AND u.id = t.user_id AND u.is_active
       AND EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = t.user_id
                      AND m.organisation_id = t.organisation_id AND m.ended_at IS NULL)
    RETURNING t.id, t.user_id, t.organisation_id, t.may_write
$$;

-- What the holder of an invitation's token may read before logging in.
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

-- Take an open invitation: membership, and the participations that were waiting for this address. Somebody from
-- another organisation can only have opened a new organisation, never add people to one that has members.
CREATE FUNCTION app.accept_invitation(p_hash text, p_user bigint, p_now timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v accounts_invitation%ROWTYPE;
    v_first timestamptz;
BEGIN
    SELECT i.* INTO v FROM accounts_invitation i JOIN accounts_user u ON u.id = p_user AND lower(u.email) = lower(i.email)
     WHERE i.token_hash = p_hash AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > p_now
       FOR UPDATE OF i;
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT min(created_at) INTO v_first FROM accounts_membership WHERE organisation_id = v.organisation_id;
    IF v.invited_by_organisation_id <> v.organisation_id AND v_first <= v.created_at
       AND NOT EXISTS (SELECT 1 FROM accounts_membership m WHERE m.organisation_id = v.organisation_id
                          AND m.user_id = p_user AND m.ended_at IS NULL) THEN
        RETURN NULL;
    END IF;
    INSERT INTO accounts_membership (organisation_id, user_id, role, created_at)
    VALUES (v.organisation_id, p_user, v.role, p_now)
    ON CONFLICT (organisation_id, user_id) WHERE ended_at IS NULL DO NOTHING;
    UPDATE engagements_participant p SET user_id = p_user
      FROM engagements_engagement e
     WHERE e.id = p.engagement_id AND p.engagement_id = v.engagement_id AND p.user_id IS NULL
       AND lower(p.email) = lower(v.email) AND p.ended_at IS NULL
       AND CASE p.side WHEN 'client' THEN e.client_id ELSE e.operator_id END = v.organisation_id;
    UPDATE accounts_invitation SET accepted_at = p_now WHERE id = v.id;
    RETURN v.organisation_id;
END $$;
"""

SIGNATURES = (
    "app.seats(bigint)",
    "app.find_token(text, timestamptz)",
    "app.find_invitation(text, timestamptz)",
    "app.accept_invitation(text, bigint, timestamptz)",
)
OWNERSHIP = "".join(
    f"""
ALTER FUNCTION {signature} OWNER TO app_definer;
REVOKE ALL ON FUNCTION {signature} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {signature} TO app_web, app_worker;
"""
    for signature in SIGNATURES
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("tenancy", "0001_wall")]
    operations = [
        policy_table("accounts_organisation", using=KNOWN, check=KNOWN),
        migrations.RunSQL(
            OWN_ONLY,
            "DROP POLICY own_update ON accounts_organisation; DROP POLICY own_delete ON accounts_organisation;",
        ),
        organisation_table("accounts_membership"),
        organisation_table("accounts_apitoken"),
        policy_table("accounts_invitation", using=INVITATION, check=INVITING),
        migrations.RunSQL(
            DOORS + OWNERSHIP, "".join(f"DROP FUNCTION {signature};" for signature in reversed(SIGNATURES))
        ),
    ]
