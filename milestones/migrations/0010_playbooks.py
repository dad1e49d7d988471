"""Playbooks of an organisation's own, behind its wall; a published version never changes, whatever code runs."""

import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import organisation_table

SAME_ORGANISATION = """
ALTER TABLE milestones_playbookversion ADD CONSTRAINT milestones_playbookversion_same_organisation
    FOREIGN KEY (playbook_id, organisation_id) REFERENCES milestones_ownplaybook (id, organisation_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
GUARD = """
CREATE FUNCTION app.guard_playbook() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.state = 'draft' AND (TG_OP = 'DELETE' OR NEW.state IN ('draft', 'published')) THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' OR OLD.state <> 'published' OR NEW.state <> 'retired'
        OR (NEW.playbook_id, NEW.organisation_id, NEW.version, NEW.content, NEW.made_from, NEW.news, NEW.published_at)
           IS DISTINCT FROM
           (OLD.playbook_id, OLD.organisation_id, OLD.version, OLD.content, OLD.made_from, OLD.news, OLD.published_at)
    THEN
        RAISE EXCEPTION 'version % of this playbook is % and cannot change', OLD.version, OLD.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON milestones_playbookversion
    FOR EACH ROW EXECUTE FUNCTION app.guard_playbook();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_trail"),
        ("milestones", "0009_date_proposals"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnPlaybook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(), editable=False, unique=True
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="PlaybookVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(), editable=False, unique=True
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("content", models.JSONField()),
                ("revision", models.PositiveIntegerField(default=1)),
                ("made_from", models.CharField(help_text="what it was copied from", max_length=240)),
                (
                    "news",
                    models.CharField(
                        blank=True, help_text="what is new in it, said when it was published", max_length=500
                    ),
                ),
                ("created_by_name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                ("published_by_name", models.CharField(blank=True, max_length=120)),
                ("published_at", models.DateTimeField(null=True)),
                ("retired_by_name", models.CharField(blank=True, max_length=120)),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "playbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="milestones.ownplaybook",
                    ),
                ),
            ],
            options={
                "ordering": ["-version"],
            },
        ),
        migrations.AddConstraint(
            model_name="ownplaybook",
            constraint=models.UniqueConstraint(
                fields=("id", "organisation"), name="playbook_in_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="ownplaybook",
            constraint=models.UniqueConstraint(
                fields=("organisation", "code"),
                name="playbook_code_once",
                violation_error_message="There is a playbook of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="playbookversion",
            constraint=models.UniqueConstraint(
                fields=("organisation", "playbook", "version"), name="playbook_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="playbookversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("organisation", "playbook"),
                name="one_draft",
                violation_error_message="There is a draft of this playbook already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="playbookversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "published")),
                fields=("organisation", "playbook"),
                name="one_published",
                violation_error_message="One version of this playbook is published already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="playbookversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("published_at__isnull", True), ("retired_at__isnull", True), ("state", "draft")
                    ),
                    models.Q(
                        ("published_at__isnull", False), ("retired_at__isnull", True), ("state", "published")
                    ),
                    models.Q(
                        ("published_at__isnull", False), ("retired_at__isnull", False), ("state", "retired")
                    ),
                    _connector="OR",
                ),
                name="playbook_state_has_its_dates",
            ),
        ),
        organisation_table("milestones_ownplaybook"),
        organisation_table("milestones_playbookversion"),
        migrations.RunSQL(
            SAME_ORGANISATION,
            "ALTER TABLE milestones_playbookversion DROP CONSTRAINT milestones_playbookversion_same_organisation;",
        ),
        migrations.RunSQL(
            GUARD, "DROP TRIGGER guard ON milestones_playbookversion; DROP FUNCTION app.guard_playbook();"
        ),
    ]
