"""The states of findings are tied to their answers; the new tables go behind the wall."""

from django.db import migrations, models

from tenancy.operations import append_only, engagement_table, own_signature, same_engagement

TABLES = (
    "cause", "closerfeedback", "effectcheck", "findingevent", "findingevidence", "forwardagreement", "forwardplan",
    "optimisationplan", "planagreement", "scalingproposal",
)  # fmt: skip
# What both sides have agreed to stays as it was, and is agreed by nothing but both sides' agreements to it.
GUARD = """
CREATE FUNCTION app.guard_agreed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE sides integer;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.agreed_at IS NOT NULL AND (TG_OP = 'DELETE' OR
        (NEW.content, NEW.content_hash, NEW.agreed_at) IS DISTINCT FROM
        (OLD.content, OLD.content_hash, OLD.agreed_at)) THEN
        RAISE EXCEPTION 'both sides have agreed to it: it cannot change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.agreed_at IS NOT NULL THEN
        EXECUTE format('SELECT count(DISTINCT side) FROM %I WHERE plan_id = $1 AND content_hash = $2', TG_ARGV[0])
            INTO sides USING NEW.id, NEW.content_hash;
        IF sides < 2 THEN
            RAISE EXCEPTION 'an agreement of a side is missing' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON kpis_optimisationplan
    FOR EACH ROW EXECUTE FUNCTION app.guard_agreed('kpis_planagreement');
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON kpis_forwardplan
    FOR EACH ROW EXECUTE FUNCTION app.guard_agreed('kpis_forwardagreement');
"""
NO_GUARD = """
DROP TRIGGER guard ON kpis_forwardplan; DROP TRIGGER guard ON kpis_optimisationplan; DROP FUNCTION app.guard_agreed();
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0005_causes_of_findings")]
    operations = [
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("metric_key", ""), _negated=True),
                fields=("engagement", "review_day", "metric_key"),
                name="finding_once",
                violation_error_message="There is a finding about this metric for this review already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("state__in", ["open", "reopened"])),
                    models.Q(
                        ("answered_at__isnull", False), ("state__in", ["answered", "fixing", "verified"])
                    ),
                    _connector="OR",
                ),
                name="answered_when_its_state_says_so",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("metric_key", ""), ("observation", ""), _negated=True),
                name="finding_about_something",
            ),
        ),
        migrations.RemoveField(
            model_name="finding",
            name="cause_side",
        ),
        migrations.RemoveField(
            model_name="finding",
            name="root_cause",
        ),
        *(engagement_table(f"kpis_{name}") for name in TABLES),
        same_engagement("kpis_cause", "finding_id", "kpis_finding"),
        same_engagement("kpis_fix", "cause_id", "kpis_cause"),
        same_engagement("kpis_findingevent", "finding_id", "kpis_finding"),
        same_engagement("kpis_findingevidence", "finding_id", "kpis_finding"),
        same_engagement("kpis_effectcheck", "finding_id", "kpis_finding"),
        same_engagement("kpis_effectcheck", "plan_id", "kpis_optimisationplan"),
        same_engagement("kpis_optimisationplan", "finding_id", "kpis_finding"),
        same_engagement("kpis_planagreement", "plan_id", "kpis_optimisationplan"),
        same_engagement("kpis_forwardagreement", "plan_id", "kpis_forwardplan"),
        *(
            append_only(f"kpis_{name}")
            for name in (
                "closerfeedback",
                "effectcheck",
                "findingevent",
                "findingevidence",
                "forwardagreement",
                "planagreement",
            )
        ),  # fmt: skip
        own_signature("kpis_planagreement"),
        own_signature("kpis_forwardagreement"),
        migrations.RunSQL(GUARD, NO_GUARD),
    ]
