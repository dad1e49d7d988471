"""A sample is removed without a trace: the one door through which rows go that otherwise never do; and no mail about it."""

from django.db import migrations

# What refuses that a row of an engagement is deleted.
KEEPERS = (
    "refuse_change",
    "refuse_signed_brief",
    "refuse_signed_metric",
    "guard_script",
    "guard_agreed",
    "guard_qa_scorecard",
    "guard_gate",
    "guard_minutes",
    "guard_held",
    "guard_decided",
    "guard_date_proposal",
    "guard_deliverable",
)

LEAVES = """
-- Whether rows of an engagement may go: only where a door deletes them, and only those of a sample.
CREATE FUNCTION app.leaves(p_engagement bigint) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN current_user = 'app_definer'
       AND EXISTS (SELECT 1 FROM engagements_engagement e WHERE e.id = p_engagement AND e.is_sample);
END $$;
"""
STAYS = "DROP FUNCTION app.leaves(bigint);"

LINE = """    IF TG_OP = ''DELETE'' AND current_user = ''app_definer'' AND app.leaves((to_jsonb(OLD) ->> ''engagement_id'')::bigint) THEN
        RETURN OLD;
    END IF;
"""


def rewritten(function: str, change: str) -> str:
    """The function as it stands, with one change of its text (`v_old`)."""
    return f"""
    DO $do$
    DECLARE
        v_old text := pg_get_functiondef('app.{function}'::regprocedure);
        v_new text := {change};
    BEGIN
        IF v_new = v_old THEN RAISE EXCEPTION '% has changed', '{function}'; END IF;
        EXECUTE v_new;
    END $do$;
    """


def opened(function: str) -> str:
    return rewritten(f"{function}()", f"regexp_replace(v_old, E'\\nBEGIN\\n', E'\\nBEGIN\\n' || '{LINE}')")


def shut(function: str) -> str:
    return rewritten(f"{function}()", f"replace(v_old, '{LINE}', '')")


DOOR = """
-- Removes the sample of an organisation: everything of its engagement, its trail, and whoever was made up for it. Asked
-- by a job in the name of somebody of that organisation. All or nothing; where nothing is left it does nothing. Returns
-- the engagements that went, for their files.
CREATE FUNCTION app.remove_sample(p_organisation bigint) RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_engagements bigint[];
    v_names uuid[];
    v_people bigint[];
    v_others bigint[];
    v_id bigint;
    v_row record;
BEGIN
    IF NOT coalesce(p_organisation = ANY (app.organisations()), false) THEN
        RAISE EXCEPTION 'the sample of organisation % is not in this context', p_organisation
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- One at a time; and whoever writes in the sample is through, or finds it gone.
    PERFORM 1 FROM accounts_organisation o WHERE o.id = p_organisation FOR NO KEY UPDATE;
    SELECT array_agg(e.id), array_agg(e.public_id) INTO v_engagements, v_names
      FROM (SELECT e.id, e.public_id FROM engagements_engagement e
             WHERE e.is_sample AND p_organisation IN (e.client_id, e.operator_id) ORDER BY e.id FOR UPDATE) e;
    v_engagements := coalesce(v_engagements, '{}');
    FOREACH v_id IN ARRAY v_engagements LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('trail ' || app.trail_chain(v_id, NULL), 0));
    END LOOP;
    v_people := ARRAY(SELECT u.id FROM accounts_user u WHERE u.sample_of_id = p_organisation);
    v_others := ARRAY(SELECT o.id FROM accounts_organisation o WHERE o.sample_of_id = p_organisation);

    -- First what is proved once a statement, for it has no key that waits for the end; then all other rows, in any order.
    FOR v_row IN
        SELECT c.oid::regclass AS name FROM pg_class c
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'engagement_id' AND NOT a.attisdropped
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
         ORDER BY NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid
                                 AND t.tgfoid = 'app.same_engagement()'::regprocedure), c.relname
    LOOP
        EXECUTE format('DELETE FROM %s WHERE engagement_id = ANY ($1)', v_row.name) USING v_engagements;
    END LOOP;
    DELETE FROM engagements_engagement WHERE id = ANY (v_engagements);

    -- What is left of whoever was made up: rows of no engagement. One of another engagement would refuse all of this.
    FOR v_row IN
        SELECT k.conrelid::regclass AS name, a.attname AS key,
               CASE WHEN k.confrelid = 'accounts_user'::regclass THEN v_people ELSE v_others END AS gone
          FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
         WHERE k.contype = 'f' AND k.confrelid IN ('accounts_user'::regclass, 'accounts_organisation'::regclass)
           AND k.conrelid NOT IN ('accounts_user'::regclass, 'accounts_organisation'::regclass, 'engagements_engagement'::regclass)
           AND NOT EXISTS (SELECT 1 FROM pg_attribute e WHERE e.attrelid = k.conrelid
                              AND e.attname = 'engagement_id' AND NOT e.attisdropped)
    LOOP
        EXECUTE format('DELETE FROM %s WHERE %I = ANY ($1)', v_row.name, v_row.key) USING v_row.gone;
    END LOOP;
    DELETE FROM accounts_user WHERE id = ANY (v_people);
    DELETE FROM accounts_organisation WHERE id = ANY (v_others);
    SET CONSTRAINTS ALL IMMEDIATE;
    RETURN coalesce(v_names, '{}');
END $$;
-- Whether nobody has an engagement of this name (any more): only then may its files go.
CREATE FUNCTION app.nobody_has(p_name uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM engagements_engagement e WHERE e.public_id = p_name)
$$;
ALTER FUNCTION app.remove_sample(bigint) OWNER TO app_definer;
ALTER FUNCTION app.nobody_has(uuid) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.remove_sample(bigint), app.nobody_has(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.remove_sample(bigint), app.nobody_has(uuid) TO app_worker;
GRANT DELETE ON app.trail TO app_definer;
"""
NO_DOOR = """
REVOKE DELETE ON app.trail FROM app_definer;
DROP FUNCTION app.nobody_has(uuid);
DROP FUNCTION app.remove_sample(bigint);
"""

# Evenings and reminders: nobody is told by mail what is made up.
TELLERS = (
    (
        "people_to_remind(timestamptz, integer)",
        "WHERE extract(hour FROM",
        "WHERE NOT e.is_sample AND extract(hour FROM",
    ),
    (
        "report_rounds(timestamptz, time)",
        "AND e.passed_day >= 10",
        "AND e.passed_day >= 10 AND NOT e.is_sample",
    ),
    (
        "report_readers(timestamptz, time)",
        "AND e.passed_day >= 10",
        "AND e.passed_day >= 10 AND NOT e.is_sample",
    ),
)


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0005_created_by_our_clock"),
        ("accounts", "0008_samples"),
        ("engagements", "0018_samples"),
        ("kpis", "0039_created_by_our_clock"),
        ("milestones", "0018_created_by_our_clock"),
        ("reports", "0012_created_by_our_clock"),
    ]
    operations = [
        migrations.RunSQL(LEAVES, STAYS),
        migrations.RunSQL("".join(map(opened, KEEPERS)), "".join(map(shut, KEEPERS))),
        migrations.RunSQL(DOOR, NO_DOOR),
        migrations.RunSQL(
            "".join(rewritten(name, f"replace(v_old, '{old}', '{new}')") for name, old, new in TELLERS),
            "".join(rewritten(name, f"replace(v_old, '{new}', '{old}')") for name, old, new in TELLERS),
        ),
    ]
