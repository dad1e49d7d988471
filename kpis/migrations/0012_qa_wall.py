"""Samples, reviews and the transfer log behind the wall; what was drawn, heard and seen stays."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, own_words, same_engagement

FIXED = """
-- Calls are scored by it: from then on it is what it was.
CREATE FUNCTION app.guard_qa_scorecard() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.used_at IS NOT NULL THEN
        RAISE EXCEPTION 'scorecard % is in use and cannot change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON kpis_qascorecard
    FOR EACH ROW EXECUTE FUNCTION app.guard_qa_scorecard();
"""
LOOSE = """
DROP TRIGGER guard ON kpis_qascorecard;
DROP FUNCTION app.guard_qa_scorecard();
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0011_qa")]
    operations = [
        *(
            engagement_table(f"kpis_{table}")
            for table in (
                "qascorecard", "qasample", "qadraw", "qacall", "qaclaim", "qaround", "qareview", "transfercheck",
            )
        ),
        same_engagement("kpis_qadraw", "sample_id", "kpis_qasample"),
        same_engagement("kpis_qacall", "sample_id", "kpis_qasample"),
        same_engagement("kpis_qacall", "draw_id", "kpis_qadraw"),
        same_engagement("kpis_qacall", "agent_id", "engagements_agent"),
        same_engagement("kpis_qaclaim", "call_id", "kpis_qacall"),
        same_engagement("kpis_qaround", "call_id", "kpis_qacall"),
        same_engagement("kpis_qareview", "call_id", "kpis_qacall"),
        same_engagement("kpis_qareview", "round_id", "kpis_qaround"),
        same_engagement("kpis_qareview", "scorecard_id", "kpis_qascorecard"),
        same_engagement("kpis_qareview", "supersedes_id", "kpis_qareview"),
        same_engagement("kpis_transfercheck", "agent_id", "engagements_agent"),
        append_only("kpis_qasample"),
        append_only("kpis_qadraw"),
        append_only("kpis_qacall"),
        append_only("kpis_qareview"),
        append_only("kpis_transfercheck"),
        own_words("kpis_qareview"),
        own_words("kpis_transfercheck"),
        migrations.RunSQL(FIXED, LOOSE),
    ]  # fmt: skip
