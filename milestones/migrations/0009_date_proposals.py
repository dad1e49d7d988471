"""A locked date changes by a proposal that the other side answers; every slip says of what and with whose word."""

import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import engagement_table, same_engagement

ANSWERED = """
-- What was proposed stands as it was proposed, and an answer is given once.
CREATE FUNCTION app.guard_date_proposal() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.answer <> ''
       OR (NEW.engagement_id, NEW.item, NEW.from_on, NEW.to_on, NEW.reason, NEW.side, NEW.in_effect, NEW.by_side, NEW.by_id,
           NEW.at)
          IS DISTINCT FROM (OLD.engagement_id, OLD.item, OLD.from_on, OLD.to_on, OLD.reason, OLD.side, OLD.in_effect,
           OLD.by_side, OLD.by_id, OLD.at) THEN
        RAISE EXCEPTION 'date proposal % stands as it is', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON milestones_dateproposal
    FOR EACH ROW EXECUTE FUNCTION app.guard_date_proposal();
"""
NOT_ANSWERED = "DROP TRIGGER guard ON milestones_dateproposal; DROP FUNCTION app.guard_date_proposal();"


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0008_reviews_wall"),
        ("engagements", "0005_substitute"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RenameField("slip", "from_launch_on", "from_on"),
        migrations.RenameField("slip", "to_launch_on", "to_on"),
        migrations.AddField(
            model_name="slip",
            name="item",
            field=models.CharField(
                default="launch", help_text='"launch", or such as "milestone-kickoff"', max_length=60
            ),
        ),
        migrations.AddField(
            model_name="slip",
            name="moved",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="slip",
            name="title",
            field=models.CharField(default="Launch", max_length=160),
        ),
        migrations.CreateModel(
            name="DateProposal",
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
                (
                    "item",
                    models.CharField(help_text='"launch", or such as "milestone-kickoff"', max_length=60),
                ),
                ("title", models.CharField(max_length=160)),
                ("from_on", models.DateField(help_text="its date when this was proposed")),
                ("to_on", models.DateField()),
                ("reason", models.TextField()),
                (
                    "side",
                    models.CharField(
                        choices=[("operator", "Operator"), ("client", "Client"), ("shared", "Shared")],
                        help_text="whose side the delay is on",
                        max_length=10,
                    ),
                ),
                ("in_effect", models.BooleanField(default=False)),
                (
                    "by_side",
                    models.CharField(choices=[("client", "Client"), ("operator", "Operator")], max_length=10),
                ),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("overtaken", "Overtaken"),
                        ],
                        max_length=10,
                    ),
                ),
                ("answer_reason", models.TextField(blank=True)),
                (
                    "answered_side",
                    models.CharField(
                        blank=True, choices=[("client", "Client"), ("operator", "Operator")], max_length=10
                    ),
                ),
                ("answered_name", models.CharField(blank=True, max_length=260)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="date_proposals",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="slip",
            name="proposal",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="slips",
                to="milestones.dateproposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="dateproposal",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement"), name="date_proposal_in_engagement"
            ),
        ),
        migrations.AddConstraint(
            model_name="dateproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answer", ""), ("in_effect", False)),
                fields=("engagement", "item"),
                name="one_open_proposal_per_item",
                violation_error_message="There is already a proposal for this date that waits for an answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dateproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="date_proposal_answered_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="dateproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer__in", ["accepted", "declined"]), _negated=True),
                    models.Q(("answered_side", models.F("by_side")), _negated=True),
                    _connector="OR",
                ),
                name="date_proposal_answered_by_the_other_side",
                violation_error_message="The other side answers a proposal.",
            ),
        ),
        migrations.AlterModelOptions("slip", {"ordering": ["at", "pk"]}),
        engagement_table("milestones_dateproposal"),
        same_engagement("milestones_slip", "proposal_id", "milestones_dateproposal"),
        migrations.RunSQL(ANSWERED, NOT_ANSWERED),
    ]
