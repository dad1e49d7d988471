"""The plan and its gates behind the wall; a gate that only two signatures on one document can pass."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, own_signature, same_engagement

TABLES = (
    "checkresult", "evidence", "gate", "milestone", "plan", "planlock", "readinesscheck", "review", "signoff", "slip",
)  # fmt: skip

GATE = """
-- The last line of defence: whatever code runs, a gate is passed only by both sides' signatures under the very
-- document on the table, and a passed gate never changes.
CREATE FUNCTION app.guard_gate() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.passed_at IS NOT NULL THEN
        RAISE EXCEPTION 'gate % has been passed and cannot change', OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.passed_at IS NOT NULL AND (NEW.document_sha256 = ''
        OR (SELECT count(DISTINCT side) FROM milestones_signoff s
             WHERE s.gate_id = NEW.id AND s.content_hash = NEW.document_sha256) < 2) THEN
        RAISE EXCEPTION 'gate % lacks a signature', NEW.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON milestones_gate
    FOR EACH ROW EXECUTE FUNCTION app.guard_gate();

-- Contracted dates are frozen: set once, when both sides lock the timeline.
CREATE FUNCTION app.freeze_contracted() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.contracted_on IS NOT NULL AND NEW.contracted_on IS DISTINCT FROM OLD.contracted_on THEN
        RAISE EXCEPTION 'the contracted date of % is frozen', OLD.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER contracted BEFORE UPDATE ON milestones_{name} FOR EACH ROW EXECUTE FUNCTION app.freeze_contracted();
"""
    for name in ("milestone", "readinesscheck", "review", "gate")
)

NO_GATE = (
    "".join(
        f"DROP TRIGGER contracted ON milestones_{name};"
        for name in ("milestone", "readinesscheck", "review", "gate")
    )
    + "DROP FUNCTION app.freeze_contracted(); DROP TRIGGER guard ON milestones_gate; DROP FUNCTION app.guard_gate();"
)


class Migration(migrations.Migration):
    dependencies = [("milestones", "0001_initial"), ("kpis", "0002_wall")]
    operations = [
        *(engagement_table(f"milestones_{name}") for name in TABLES),
        same_engagement("milestones_milestone", "owner_id", "engagements_participant"),
        same_engagement("milestones_readinesscheck", "owner_id", "engagements_participant"),
        same_engagement("milestones_checkresult", "check_tested_id", "milestones_readinesscheck"),
        same_engagement("milestones_evidence", "milestone_id", "milestones_milestone"),
        same_engagement("milestones_evidence", "result_id", "milestones_checkresult"),
        same_engagement("milestones_planlock", "plan_id", "milestones_plan"),
        same_engagement("milestones_signoff", "gate_id", "milestones_gate"),
        *(
            append_only(f"milestones_{name}")
            for name in ("checkresult", "evidence", "planlock", "signoff", "slip")
        ),
        own_signature("milestones_planlock"),
        own_signature("milestones_signoff"),
        migrations.RunSQL(GATE, NO_GATE),
    ]
