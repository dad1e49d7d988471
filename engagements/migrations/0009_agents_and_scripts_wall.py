"""Rosters, certifications and scripts behind the wall; an approved script that nobody can change."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, own_signature, same_engagement

FINAL = """
-- What the client has been sent stays as it was read; what the client has approved does not change at all.
CREATE FUNCTION app.guard_script() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.approved_at IS NOT NULL THEN
            RAISE EXCEPTION 'a script is not born approved' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.approved_at IS NOT NULL THEN
        RAISE EXCEPTION 'script % is final and cannot change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.sent_at IS NOT NULL
       AND (TG_OP = 'DELETE'
            OR (NEW.text, NEW.file_id, NEW.content_hash, NEW.version, NEW.engagement_id, NEW.sent_at)
               IS DISTINCT FROM
               (OLD.text, OLD.file_id, OLD.content_hash, OLD.version, OLD.engagement_id, OLD.sent_at)
            OR OLD.returned_at IS NOT NULL) THEN
        RAISE EXCEPTION 'script % was sent and cannot change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.approved_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM engagements_scriptapproval a
                        WHERE a.script_id = OLD.id AND a.side = 'client' AND a.content_hash = NEW.content_hash) THEN
        RAISE EXCEPTION 'script % lacks the approval', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON engagements_script
    FOR EACH ROW EXECUTE FUNCTION app.guard_script();
"""
NOT_FINAL = """
DROP TRIGGER guard ON engagements_script;
DROP FUNCTION app.guard_script();
"""


class Migration(migrations.Migration):
    dependencies = [("engagements", "0008_agents_and_scripts")]
    operations = [
        engagement_table("engagements_rosterentry"),
        engagement_table("engagements_certification"),
        engagement_table("engagements_script"),
        engagement_table("engagements_scriptfile"),
        engagement_table("engagements_scriptapproval"),
        engagement_table("engagements_scriptuse"),
        same_engagement("engagements_agent", "belongs_to_id", "engagements_agent"),
        same_engagement("engagements_rosterentry", "agent_id", "engagements_agent"),
        same_engagement("engagements_certification", "agent_id", "engagements_agent"),
        same_engagement("engagements_certification", "script_id", "engagements_script"),
        same_engagement("engagements_script", "file_id", "engagements_scriptfile"),
        same_engagement("engagements_scriptapproval", "script_id", "engagements_script"),
        same_engagement("engagements_scriptuse", "approval_id", "engagements_scriptapproval"),
        append_only("engagements_rosterentry"),
        append_only("engagements_certification"),
        append_only("engagements_scriptfile"),
        append_only("engagements_scriptapproval"),
        append_only("engagements_scriptuse"),
        own_signature("engagements_scriptapproval"),
        migrations.RunSQL(FINAL, NOT_FINAL),
    ]
