"""The brief's terms in rows and figures; drafts that are proposed or discarded; a signed version wholly closed.

What was signed as text stays as it is: those rows keep schema 1, and with it their hash.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CLOSED = """
-- From its first signature on nothing of a version changes, whatever columns it has: it may still come into force, or be
-- replaced before it did, each once.
CREATE OR REPLACE FUNCTION app.refuse_signed_brief() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.signed_at IS NOT NULL AND current_user IN ('app_web', 'app_worker') THEN
            RAISE EXCEPTION 'a brief is not born signed' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.signed_at IS NOT NULL
       OR OLD.discard_reason <> ''
       OR (EXISTS (SELECT 1 FROM engagements_briefsignature s WHERE s.brief_id = OLD.id)
           AND (TG_OP = 'DELETE' OR OLD.superseded_at IS NOT NULL
                OR to_jsonb(NEW) - '{signed_at,superseded_at}'::text[]
                   IS DISTINCT FROM to_jsonb(OLD) - '{signed_at,superseded_at}'::text[])) THEN
        RAISE EXCEPTION 'brief % is signed and cannot change', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.signed_at IS NOT NULL
       AND (SELECT count(DISTINCT side) FROM engagements_briefsignature s
             WHERE s.brief_id = OLD.id AND s.content_hash = NEW.content_hash) < 2 THEN
        RAISE EXCEPTION 'brief % lacks a signature', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER signed ON engagements_campaignbrief;
CREATE TRIGGER signed BEFORE INSERT OR UPDATE OR DELETE ON engagements_campaignbrief
    FOR EACH ROW EXECUTE FUNCTION app.refuse_signed_brief();

CREATE OR REPLACE FUNCTION app.refuse_signed_metric() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    touched bigint[] := ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN OLD.brief_id END,
                              CASE WHEN TG_OP <> 'DELETE' THEN NEW.brief_id END];
BEGIN
    IF EXISTS (SELECT 1 FROM engagements_briefsignature s WHERE s.brief_id = ANY (touched))
       OR EXISTS (SELECT 1 FROM engagements_campaignbrief b WHERE b.id = ANY (touched) AND b.discard_reason <> '') THEN
        RAISE EXCEPTION 'the metrics of a signed brief cannot change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""

AS_BEFORE = """
CREATE OR REPLACE FUNCTION app.refuse_signed_brief() RETURNS trigger LANGUAGE plpgsql
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
DROP TRIGGER signed ON engagements_campaignbrief;
CREATE TRIGGER signed BEFORE UPDATE OR DELETE ON engagements_campaignbrief
    FOR EACH ROW EXECUTE FUNCTION app.refuse_signed_brief();

CREATE OR REPLACE FUNCTION app.refuse_signed_metric() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM engagements_briefsignature s
                WHERE s.brief_id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.brief_id END,
                                     CASE WHEN TG_OP <> 'DELETE' THEN NEW.brief_id END)) THEN
        RAISE EXCEPTION 'the metrics of a signed brief cannot change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0009_agents_and_scripts_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaignbrief",
            name="discard_reason",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AddField(
            model_name="campaignbrief",
            name="discarded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="campaignbrief",
            name="edited",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="campaignbrief",
            name="proposed_at",
            field=models.DateTimeField(
                help_text="when somebody asked both sides to sign this content", null=True
            ),
        ),
        migrations.AddField(
            model_name="campaignbrief",
            name="proposed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="campaignbrief",
            name="schema",
            field=models.PositiveSmallIntegerField(db_default=1, default=2),
        ),
        migrations.AlterField(
            model_name="briefmetric",
            name="denominator",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name="briefmetric",
            name="target",
            field=models.DecimalField(
                decimal_places=4,
                help_text="in percent a fraction: 0.12 is 12%; else the figure; empty: none agreed",
                max_digits=13,
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="briefmetric",
            name="unit",
            field=models.CharField(
                choices=[
                    ("percent", "percent"),
                    ("minutes", "minutes"),
                    ("hours", "hours"),
                    ("days", "days"),
                    ("count", "a count"),
                    ("money", "an amount of money"),
                ],
                default="percent",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="campaignbrief",
            name="superseded_at",
            field=models.DateTimeField(
                help_text="when a newer version replaced this one, or it was discarded, before both had signed",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignbrief",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("discard_reason", ""), ("discarded_by", None)),
                    models.Q(
                        ("discarded_by__isnull", False),
                        ("signed_at", None),
                        ("superseded_at__isnull", False),
                        models.Q(("discard_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="discarded_with_reason",
                violation_error_message="A discarded draft says by whom and why, and was never in force.",
            ),
        ),
        migrations.RunSQL(CLOSED, AS_BEFORE),
    ]
