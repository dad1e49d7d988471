"""Organisations and people that are made up for one organisation's sample, and nobody else's."""

import django.db.models.deletion
from django.db import migrations, models

import common.clock

GUARDS = """
-- What is made up is said when it is made, by the worker, for an organisation of whoever asked; it is never taken back.
CREATE FUNCTION app.guard_made_up() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'whether a row of % is made up is said once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    IF current_user = 'app_web' OR (current_user = 'app_worker' AND NOT NEW.sample_of_id = ANY (app.organisations())) THEN
        RAISE EXCEPTION 'a sample is made by the worker, for who asked' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER made_up BEFORE INSERT ON accounts_organisation FOR EACH ROW
    WHEN (NEW.sample_of_id IS NOT NULL) EXECUTE FUNCTION app.guard_made_up();
CREATE TRIGGER stays_made_up BEFORE UPDATE OF sample_of_id ON accounts_organisation FOR EACH ROW
    WHEN (NEW.sample_of_id IS DISTINCT FROM OLD.sample_of_id) EXECUTE FUNCTION app.guard_made_up();
CREATE TRIGGER made_up BEFORE INSERT ON accounts_user FOR EACH ROW
    WHEN (NEW.sample_of_id IS NOT NULL) EXECUTE FUNCTION app.guard_made_up();
CREATE TRIGGER stays_made_up BEFORE UPDATE OF sample_of_id ON accounts_user FOR EACH ROW
    WHEN (NEW.sample_of_id IS DISTINCT FROM OLD.sample_of_id) EXECUTE FUNCTION app.guard_made_up();

-- Nobody real belongs to an organisation that is made up, and nobody made up to another one than the sample's two; a web
-- request lets nobody made up in.
CREATE FUNCTION app.guard_made_up_member() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_of bigint := (SELECT o.sample_of_id FROM accounts_organisation o WHERE o.id = NEW.organisation_id);
    v_person bigint := (SELECT u.sample_of_id FROM accounts_user u WHERE u.id = NEW.user_id);
BEGIN
    IF (v_of IS NOT NULL AND v_person IS DISTINCT FROM v_of)
       OR (v_person IS NOT NULL AND (current_user = 'app_web' OR v_person <> coalesce(v_of, NEW.organisation_id))) THEN
        RAISE EXCEPTION 'a sample has no members' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER made_up BEFORE INSERT OR UPDATE OF organisation_id, user_id ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION app.guard_made_up_member();
"""
UNGUARDED = """
DROP TRIGGER made_up ON accounts_membership;
DROP TRIGGER stays_made_up ON accounts_user;
DROP TRIGGER made_up ON accounts_user;
DROP TRIGGER stays_made_up ON accounts_organisation;
DROP TRIGGER made_up ON accounts_organisation;
DROP FUNCTION app.guard_made_up_member();
DROP FUNCTION app.guard_made_up();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_first_use"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="sample_of",
            field=models.OneToOneField(
                editable=False,
                help_text="made up as the other side of this organisation's sample, and goes with it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sample",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="sample_of",
            field=models.ForeignKey(
                editable=False,
                help_text="made up for this organisation's sample; logs in nowhere and goes with it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="logo",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="membership",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="user",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("sample_of", None), ("password__startswith", "!"), _connector="OR"),
                name="sample_people_have_no_password",
            ),
        ),
        migrations.RunSQL(GUARDS, UNGUARDED),
    ]
