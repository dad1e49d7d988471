"""The trail: append-only and chained. No role of the application has any right on the table itself."""

from django.db import migrations

TABLE = """
CREATE TABLE app.trail (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    engagement_id bigint,
    organisation_id bigint,
    sequence bigint NOT NULL,
    body jsonb NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT one_chain CHECK (num_nonnulls(engagement_id, organisation_id) = 1),
    CONSTRAINT engagement_sequence UNIQUE (engagement_id, sequence),
    CONSTRAINT organisation_sequence UNIQUE (organisation_id, sequence)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON app.trail FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON app.trail FOR EACH STATEMENT EXECUTE FUNCTION app.refuse_change();
GRANT SELECT, INSERT ON app.trail TO app_definer;
"""

FUNCTIONS = """
-- SHA-256 over the previous hash, the place in the chain and the canonical text of the body.
CREATE FUNCTION app.trail_hash(p_previous bytea, p_chain text, p_sequence bigint, p_body jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(p_previous || convert_to(p_chain || ' ' || p_sequence || ' ' || p_body::text, 'UTF8'))
$$;

CREATE FUNCTION app.trail_chain(p_engagement bigint, p_organisation bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_engagement IS NOT NULL THEN 'engagement ' || p_engagement ELSE 'organisation ' || p_organisation END
$$;

-- The only way to write. Who acts (`actor_id`) comes from the context, not from the caller's words; the name and the
-- organisation beside it are as the caller wrote them down at that time. A lock per chain keeps it from forking; the
-- sequence, not the clock, gives the order.
CREATE FUNCTION app.append_trail(p_engagement bigint, p_organisation bigint, p_actor_name text,
    p_actor_organisation text, p_address text, p_action text, p_subject text, p_before jsonb, p_after jsonb,
    p_at timestamptz)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_chain text := app.trail_chain(p_engagement, p_organisation);
    v_sequence bigint;
    v_previous bytea;
    v_body jsonb;
    v_hash bytea;
BEGIN
    -- Each by itself: NULL = ANY ('{}') is false, not NULL, so one coalesce over both would refuse the
    -- organisation's chain to somebody without an engagement.
    IF NOT (coalesce(p_engagement = ANY (app.engagements()), false)
            OR coalesce(p_organisation = ANY (app.organisations()), false)) THEN
        RAISE EXCEPTION 'the chain of % is not in this context', v_chain USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('trail ' || v_chain, 0));
    SELECT sequence, hash INTO v_sequence, v_previous FROM app.trail
     WHERE engagement_id IS NOT DISTINCT FROM p_engagement AND organisation_id IS NOT DISTINCT FROM p_organisation
     ORDER BY sequence DESC LIMIT 1;
    v_sequence := coalesce(v_sequence, 0) + 1;
    v_previous := coalesce(v_previous, sha256(convert_to(v_chain, 'UTF8')));
    v_body := jsonb_build_object(
        'at', to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'actor_id', nullif(current_setting('app.user', true), '')::bigint, 'actor_name', p_actor_name,
        'actor_organisation', p_actor_organisation, 'address', p_address, 'action', p_action,
        'subject', p_subject, 'before', p_before, 'after', p_after);
    v_hash := app.trail_hash(v_previous, v_chain, v_sequence, v_body);
    INSERT INTO app.trail (engagement_id, organisation_id, sequence, body, previous, hash)
    VALUES (p_engagement, p_organisation, v_sequence, v_body, v_previous, v_hash);
    RETURN encode(v_hash, 'hex');
END $$;

-- What the context may read.
CREATE FUNCTION app.visible_trail() RETURNS SETOF app.trail
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT t.* FROM app.trail t
     WHERE t.engagement_id = ANY (app.engagements()) OR t.organisation_id = ANY (app.organisations());
END $$;

CREATE VIEW accounts_trail WITH (security_invoker = true) AS
SELECT id, engagement_id, organisation_id, sequence, (body ->> 'at')::timestamptz AS at,
       (body ->> 'actor_id')::bigint AS actor_id, body ->> 'actor_name' AS actor_name,
       body ->> 'actor_organisation' AS actor_organisation, body ->> 'address' AS address,
       body ->> 'action' AS action, body ->> 'subject' AS subject,
       nullif(body -> 'before', 'null') AS before, nullif(body -> 'after', 'null') AS after,
       encode(hash, 'hex') AS hash
  FROM app.visible_trail();

-- For `manage.py verify_trail`: every chain with its length, its head and the first entry that does not hold.
CREATE FUNCTION app.verify_trail() RETURNS TABLE (chain text, entries bigint, head text, broken_at bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH linked AS (
        SELECT app.trail_chain(engagement_id, organisation_id) AS chain, sequence, body, previous, hash,
               lag(hash) OVER w AS hash_before, lag(sequence) OVER w AS sequence_before
          FROM app.trail WINDOW w AS (PARTITION BY engagement_id, organisation_id ORDER BY sequence)
    )
    SELECT chain, count(*), encode((array_agg(hash ORDER BY sequence DESC))[1], 'hex'),
           min(sequence) FILTER (WHERE hash <> app.trail_hash(previous, chain, sequence, body)
               OR previous <> coalesce(hash_before, sha256(convert_to(chain, 'UTF8')))
               OR sequence <> coalesce(sequence_before, 0) + 1)
      FROM linked GROUP BY chain ORDER BY chain
$$;

ALTER FUNCTION app.append_trail(bigint, bigint, text, text, text, text, text, jsonb, jsonb, timestamptz) OWNER TO app_definer;
ALTER FUNCTION app.visible_trail() OWNER TO app_definer;
ALTER FUNCTION app.verify_trail() OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.append_trail(bigint, bigint, text, text, text, text, text, jsonb, jsonb, timestamptz),
    app.visible_trail(), app.verify_trail() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.append_trail(bigint, bigint, text, text, text, text, text, jsonb, jsonb, timestamptz),
    app.visible_trail() TO app_web, app_worker;
GRANT EXECUTE ON FUNCTION app.verify_trail() TO app_worker;
"""

BACK = """
DROP VIEW accounts_trail;
DROP FUNCTION app.verify_trail();
DROP FUNCTION app.visible_trail();
DROP FUNCTION app.append_trail(bigint, bigint, text, text, text, text, text, jsonb, jsonb, timestamptz);
DROP FUNCTION app.trail_chain(bigint, bigint);
DROP FUNCTION app.trail_hash(bytea, text, bigint, jsonb);
DROP TABLE app.trail;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_wall")]
    operations = [migrations.RunSQL(TABLE + FUNCTIONS, BACK)]
