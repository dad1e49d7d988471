"""Engagements and what hangs on them behind the wall; a signed brief that nobody can change."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, own_signature, policy_table, same_engagement

VISIBLE = "id = ANY ((SELECT app.engagements())::bigint[])"
# Whoever creates or changes an engagement acts for one of its two organisations, and knows the other: a number
# guessed would otherwise reveal a stranger's name.
PARTY = f"""{VISIBLE} AND (client_id = ANY ((SELECT app.organisations())::bigint[])
    OR operator_id = ANY ((SELECT app.organisations())::bigint[]))
    AND client_id = ANY ((SELECT app.known_organisations())::bigint[])
    AND operator_id = ANY ((SELECT app.known_organisations())::bigint[])"""

FIXED = """
-- Another organisation would see everything that came before; a contracted date is set once.
CREATE FUNCTION app.guard_engagement() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.client_id, NEW.operator_id) IS DISTINCT FROM (OLD.client_id, OLD.operator_id) THEN
        RAISE EXCEPTION 'the two organisations of engagement % are fixed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.contracted_launch_on IS NOT NULL AND NEW.contracted_launch_on IS DISTINCT FROM OLD.contracted_launch_on THEN
        RAISE EXCEPTION 'the contracted launch of engagement % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON engagements_engagement FOR EACH ROW EXECUTE FUNCTION app.guard_engagement();
"""
NOT_FIXED = "DROP TRIGGER guard ON engagements_engagement; DROP FUNCTION app.guard_engagement();"

SIGNED = """
-- From its first signature on, a brief's content is what was signed; only `signed_at` may still be set, once.
CREATE FUNCTION app.refuse_signed_brief() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM engagements_briefsignature s WHERE s.brief_id = OLD.id)
       AND (TG_OP = 'DELETE' OR OLD.signed_at IS NOT NULL
            OR (NEW.terms, NEW.content_hash, NEW.version, NEW.engagement_id)
               IS DISTINCT FROM (OLD.terms, OLD.content_hash, OLD.version, OLD.engagement_id)) THEN
        RAISE EXCEPTION 'brief % is signed and cannot change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.signed_at IS NOT NULL AND OLD.signed_at IS NULL
       AND (SELECT count(DISTINCT side) FROM engagements_briefsignature s
             WHERE s.brief_id = OLD.id AND s.content_hash = NEW.content_hash) < 2 THEN
        RAISE EXCEPTION 'brief % lacks a signature', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed BEFORE UPDATE OR DELETE ON engagements_campaignbrief
    FOR EACH ROW EXECUTE FUNCTION app.refuse_signed_brief();

CREATE FUNCTION app.refuse_signed_metric() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM engagements_briefsignature s
                WHERE s.brief_id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.brief_id END,
                                     CASE WHEN TG_OP <> 'DELETE' THEN NEW.brief_id END)) THEN
        RAISE EXCEPTION 'the metrics of a signed brief cannot change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER signed BEFORE INSERT OR UPDATE OR DELETE ON engagements_briefmetric
    FOR EACH ROW EXECUTE FUNCTION app.refuse_signed_metric();
"""

UNSIGNED = """
DROP TRIGGER signed ON engagements_briefmetric;
DROP FUNCTION app.refuse_signed_metric();
DROP TRIGGER signed ON engagements_campaignbrief;
DROP FUNCTION app.refuse_signed_brief();
"""


class Migration(migrations.Migration):
    dependencies = [("engagements", "0001_initial"), ("accounts", "0003_trail")]
    operations = [
        policy_table("engagements_engagement", using=VISIBLE, check=PARTY),
        migrations.RunSQL(FIXED, NOT_FIXED),
        engagement_table("engagements_participant"),
        engagement_table("engagements_agent"),
        engagement_table("engagements_campaignbrief"),
        engagement_table("engagements_briefmetric"),
        engagement_table("engagements_briefsignature"),
        same_engagement("engagements_briefmetric", "brief_id", "engagements_campaignbrief"),
        same_engagement("engagements_briefsignature", "brief_id", "engagements_campaignbrief"),
        append_only("engagements_briefsignature"),
        own_signature("engagements_briefsignature"),
        migrations.RunSQL(SIGNED, UNSIGNED),
    ]
