"""The wall's keys of tables that are written by the hundred thousand: checked once a statement, not once a row."""

from django.db import migrations

ARRIVED = """
-- A foreign key (column, engagement_id) -> parent (id, engagement_id) for every row that a statement has added, found in
-- `arrived`. Arguments: a column and its parent, in turn. As a key does, it holds the parents until the transaction ends:
-- who deletes one meanwhile waits, and who has deleted one without an end yet is waited for.
CREATE FUNCTION app.same_engagement() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_columns text;
    v_checks text;
    v_column text;
    v_strange bigint;
BEGIN
    SELECT string_agg(format('%I', TG_ARGV[n]), ', '),
           string_agg(format(
               'SELECT %1$L::text, w.id FROM (SELECT DISTINCT %1$I AS id, engagement_id FROM pairs WHERE %1$I IS NOT NULL) w
                 WHERE NOT EXISTS (SELECT FROM public.%2$I p WHERE p.id = w.id AND p.engagement_id = w.engagement_id
                                      FOR KEY SHARE OF p)', TG_ARGV[n], TG_ARGV[n + 1]), ' UNION ALL ')
      INTO v_columns, v_checks
      FROM generate_series(0, TG_NARGS - 2, 2) n;
    EXECUTE format('WITH pairs AS MATERIALIZED (SELECT DISTINCT engagement_id, %s FROM arrived) %s LIMIT 1',
                   v_columns, v_checks) INTO v_column, v_strange;
    IF v_column IS NOT NULL THEN
        RAISE EXCEPTION 'a row added to "%" violates "%"', TG_TABLE_NAME,
                        left(TG_TABLE_NAME || '_' || v_column || '_same_engagement', 63)
            USING ERRCODE = 'foreign_key_violation', DETAIL = format('%s %s is not of this engagement.', v_column, v_strange);
    END IF;
    RETURN NULL;
END $$;
"""

STAYS = """
CREATE FUNCTION app.refuse_move() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a row of % keeps what it belongs to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""

REFERRED = """
-- The other end of such a key: a parent stays while rows point at it. Arguments: the table and its column.
CREATE FUNCTION app.still_referred() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_found boolean;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.engagement_id = OLD.engagement_id THEN
        RETURN NULL;
    END IF;
    -- Rows that another transaction has committed meanwhile must be seen, and an older snapshot does not show them.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a row of % goes in a transaction that is read committed only', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE engagement_id = $1 AND %I = $2)', TG_ARGV[0], TG_ARGV[1])
       INTO v_found USING OLD.engagement_id, OLD.id;
    IF v_found THEN
        RAISE EXCEPTION 'rows of % still point at %', TG_ARGV[0], TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_outbox")]
    operations = [
        migrations.RunSQL(ARRIVED, "DROP FUNCTION app.same_engagement();"),
        migrations.RunSQL(STAYS, "DROP FUNCTION app.refuse_move();"),
        migrations.RunSQL(REFERRED, "DROP FUNCTION app.still_referred();"),
    ]
