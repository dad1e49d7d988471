"""An engagement that is made up to be looked at: said when it is opened, and joined by nobody from outside."""

from django.db import migrations, models

import common.clock

GUARDS = """
-- A sample stands between an organisation and one that is made up for it, and nothing else does: what two real
-- organisations share never becomes one.
CREATE FUNCTION app.guard_sample() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_client bigint := (SELECT o.sample_of_id FROM accounts_organisation o WHERE o.id = NEW.client_id);
    v_operator bigint := (SELECT o.sample_of_id FROM accounts_organisation o WHERE o.id = NEW.operator_id);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'whether engagement % is a sample is said once', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.is_sample AND current_user = 'app_web' THEN
        RAISE EXCEPTION 'a sample is made by the worker' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.is_sample IS DISTINCT FROM (coalesce(v_client = NEW.operator_id, false) OR coalesce(v_operator = NEW.client_id, false))
       OR NOT NEW.is_sample AND num_nonnulls(v_client, v_operator) > 0 THEN
        RAISE EXCEPTION 'a sample has one side that is made up for the other' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sample BEFORE INSERT ON engagements_engagement FOR EACH ROW EXECUTE FUNCTION app.guard_sample();
CREATE TRIGGER stays_sample BEFORE UPDATE OF is_sample ON engagements_engagement FOR EACH ROW
    WHEN (NEW.is_sample IS DISTINCT FROM OLD.is_sample) EXECUTE FUNCTION app.guard_sample();

-- Who takes part in a sample is made up for it, or belongs to its one real organisation and is there already. Nobody
-- made up takes part in anything else.
CREATE FUNCTION app.guard_sample_participant() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_sample boolean;
    v_own bigint;
    v_theirs bigint;
    v_person bigint := (SELECT u.sample_of_id FROM accounts_user u WHERE u.id = NEW.user_id);
BEGIN
    SELECT e.is_sample, s.id, t.id INTO v_sample, v_own, v_theirs
      FROM engagements_engagement e
      JOIN accounts_organisation s ON s.id = CASE NEW.side WHEN 'client' THEN e.client_id ELSE e.operator_id END
      JOIN accounts_organisation t ON t.id = CASE NEW.side WHEN 'client' THEN e.operator_id ELSE e.client_id END
     WHERE e.id = NEW.engagement_id;
    IF coalesce(v_sample, false) THEN
        IF NEW.user_id IS NULL OR NOT (
            coalesce(v_person IN (v_own, v_theirs), false)
            OR EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = NEW.user_id
                          AND m.organisation_id = v_own AND m.ended_at IS NULL)) THEN
            RAISE EXCEPTION 'nobody is invited to a sample' USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF v_person IS NOT NULL THEN
        RAISE EXCEPTION 'who is made up takes part in the sample only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sample BEFORE INSERT OR UPDATE OF engagement_id, side, user_id ON engagements_participant
    FOR EACH ROW EXECUTE FUNCTION app.guard_sample_participant();

CREATE FUNCTION app.guard_sample_invitation() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM accounts_organisation o WHERE o.id = NEW.organisation_id AND o.sample_of_id IS NOT NULL)
       OR EXISTS (SELECT 1 FROM engagements_engagement e WHERE e.id = NEW.engagement_id AND e.is_sample) THEN
        RAISE EXCEPTION 'nobody is invited to a sample' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sample BEFORE INSERT OR UPDATE OF organisation_id, engagement_id ON accounts_invitation
    FOR EACH ROW EXECUTE FUNCTION app.guard_sample_invitation();
"""
UNGUARDED = """
DROP TRIGGER sample ON accounts_invitation;
DROP FUNCTION app.guard_sample_invitation();
DROP TRIGGER sample ON engagements_participant;
DROP FUNCTION app.guard_sample_participant();
DROP TRIGGER stays_sample ON engagements_engagement;
DROP TRIGGER sample ON engagements_engagement;
DROP FUNCTION app.guard_sample();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0017_kept"),
        ("accounts", "0008_samples"),
    ]

    operations = [
        migrations.AddField(
            model_name="engagement",
            name="is_sample",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="made up to be looked at, said when it is opened; it can be removed for good",
            ),
        ),
        migrations.AlterField(
            model_name="campaignbrief",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="engagement",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="participant",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.RunSQL(GUARDS, UNGUARDED),
    ]
