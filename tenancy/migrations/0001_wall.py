"""The wall's functions: who is asking, and what they may see."""

from django.db import migrations

SCHEMA = """
CREATE SCHEMA app;
GRANT USAGE ON SCHEMA app TO app_web, app_worker, app_definer, tollgate_owner, tollgate_backup;
GRANT CREATE ON SCHEMA app TO app_definer, tollgate_owner;
"""

READERS = """
-- The lists that app.enter() computed. They raise when nobody has entered: a forgotten context is an error,
-- never a blank page. Policies call them inside (SELECT ...), so once per statement.
CREATE FUNCTION app.ids(setting text) RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    value text := current_setting(setting, true);
BEGIN
    IF coalesce(value, '') = '' THEN
        RAISE EXCEPTION 'no tenant context: % is not set', setting
            USING ERRCODE = 'insufficient_privilege', HINT = 'Enter with tenancy.context.entered().';
    END IF;
    RETURN value::bigint[];
END $$;
CREATE FUNCTION app.engagements() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT app.ids('app.engagements') $$;
CREATE FUNCTION app.organisations() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT app.ids('app.organisations') $$;
CREATE FUNCTION app.known_organisations() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT app.ids('app.known_organisations') $$;
"""

ENTER = """
-- Reads what this person may see and keeps it for this transaction only.
CREATE FUNCTION app.enter(p_user bigint, p_organisation bigint DEFAULT NULL, p_engagement bigint DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_own bigint[];
    v_engagements bigint[];
    v_known bigint[];
BEGIN
    SELECT coalesce(array_agg(m.organisation_id), '{}') INTO v_own
      FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
     WHERE m.user_id = p_user AND u.is_active AND m.ended_at IS NULL
       AND (p_organisation IS NULL OR m.organisation_id = p_organisation);

    -- Administrators and leaders see every engagement of their organisation, members those they take part in.
    SELECT coalesce(array_agg(e.id), '{}'), v_own || coalesce(array_agg(e.client_id), '{}') || coalesce(array_agg(e.operator_id), '{}')
      INTO v_engagements, v_known
      FROM engagements_engagement e
     WHERE (e.client_id = ANY (v_own) OR e.operator_id = ANY (v_own))
       AND (EXISTS (SELECT 1 FROM accounts_membership m
                     WHERE m.user_id = p_user AND m.ended_at IS NULL AND m.role IN ('admin', 'leader')
                       AND m.organisation_id = ANY (v_own) AND m.organisation_id IN (e.client_id, e.operator_id))
            OR EXISTS (SELECT 1 FROM engagements_participant p
                        WHERE p.engagement_id = e.id AND p.user_id = p_user AND p.ended_at IS NULL
                          AND CASE p.side WHEN 'client' THEN e.client_id ELSE e.operator_id END = ANY (v_own)));
    IF p_engagement IS NOT NULL THEN
        v_engagements := ARRAY(SELECT p_engagement WHERE p_engagement = ANY (v_engagements));
    END IF;

    PERFORM set_config('app.user', p_user::text, true),
            set_config('app.organisations', v_own::text, true),
            set_config('app.engagements', v_engagements::text, true),
            set_config('app.known_organisations', v_known::text, true);
END $$;

-- A fresh id that this transaction may see, for a row about to be created.
CREATE FUNCTION app.new_engagement_id() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_id bigint := nextval(pg_get_serial_sequence('public.engagements_engagement', 'id'));
BEGIN
    PERFORM set_config('app.engagements', (app.engagements() || v_id)::text, true);
    RETURN v_id;
END $$;

CREATE FUNCTION app.new_organisation_id(p_own boolean) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_id bigint := nextval(pg_get_serial_sequence('public.accounts_organisation', 'id'));
BEGIN
    PERFORM set_config('app.known_organisations', (app.known_organisations() || v_id)::text, true);
    IF p_own THEN
        PERFORM set_config('app.organisations', (app.organisations() || v_id)::text, true);
    END IF;
    RETURN v_id;
END $$;

ALTER FUNCTION app.enter(bigint, bigint, bigint) OWNER TO app_definer;
ALTER FUNCTION app.new_engagement_id() OWNER TO app_definer;
ALTER FUNCTION app.new_organisation_id(boolean) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.enter(bigint, bigint, bigint), app.new_engagement_id(), app.new_organisation_id(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.enter(bigint, bigint, bigint), app.new_engagement_id(), app.new_organisation_id(boolean)
    TO app_web, app_worker;
"""

REFUSE = """
CREATE FUNCTION app.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    run_before = [("contenttypes", "0001_initial")]
    operations = [migrations.RunSQL(SCHEMA + READERS + ENTER + REFUSE, "DROP SCHEMA app CASCADE;")]
