"""Deliverables behind the wall; a snapshot is frozen when it is taken, a file when it is built."""

from django.db import migrations

from tenancy.operations import engagement_table, same_engagement

FROZEN = """
CREATE FUNCTION app.guard_deliverable() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.built_at IS NOT NULL
       OR (NEW.snapshot, NEW.snapshot_sha256, NEW.kind, NEW.version, NEW.engagement_id, NEW.fingerprint)
          IS DISTINCT FROM (OLD.snapshot, OLD.snapshot_sha256, OLD.kind, OLD.version, OLD.engagement_id, OLD.fingerprint) THEN
        RAISE EXCEPTION 'deliverable % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON reports_deliverable
    FOR EACH ROW EXECUTE FUNCTION app.guard_deliverable();
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("milestones", "0002_wall")]
    operations = [
        engagement_table("reports_deliverable"),
        same_engagement("reports_deliverable", "job_id", "tenancy_job"),
        migrations.RunSQL(
            FROZEN, "DROP TRIGGER frozen ON reports_deliverable; DROP FUNCTION app.guard_deliverable();"
        ),
    ]
