"""Transfer lines and real leads with their tests, evidence that expires and imported rows as evidence, behind the wall."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import append_only, engagement_table, same_engagement


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0010_brief_in_rows"),
        ("milestones", "0010_playbooks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LeadTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.PositiveSmallIntegerField()),
                (
                    "lead",
                    models.CharField(
                        help_text="how both sides find the lead again; a number is masked", max_length=80
                    ),
                ),
                ("source", models.CharField(max_length=120)),
                (
                    "steps",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        help_text="the path through the systems, in its order",
                    ),
                ),
                ("crm_record", models.BooleanField()),
                (
                    "transfer_reached",
                    models.BooleanField(help_text="empty where no transfer belongs to the path", null=True),
                ),
                (
                    "written_back",
                    models.BooleanField(help_text="the disposition stood in the CRM afterwards"),
                ),
                ("outcome", models.CharField(max_length=200)),
                ("reached", models.BooleanField(help_text="the outcome that was meant to come out came out")),
                ("note", models.TextField(blank=True)),
                ("tester_name", models.CharField(max_length=260)),
                ("tested_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-tested_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="TransferLine",
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
                ("name", models.CharField(max_length=80)),
                (
                    "number",
                    models.CharField(help_text="the number or the queue that is dialed", max_length=80),
                ),
                ("team", models.CharField(help_text="which closers answer", max_length=120)),
                ("hours", models.CharField(blank=True, max_length=200)),
                ("by_name", models.CharField(max_length=260)),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
                ("retired_by", models.CharField(blank=True, max_length=260)),
                ("retired_why", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TransferTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("connected", models.BooleanField()),
                ("briefed", models.BooleanField(help_text="the closer knew who was handed over, and why")),
                ("answered_by", models.CharField(blank=True, max_length=120)),
                ("note", models.TextField(blank=True)),
                ("tester_name", models.CharField(max_length=260)),
                ("tested_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-tested_at", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="evidence",
            name="evidence_of_one_thing",
        ),
        migrations.AddField(
            model_name="checkresult",
            name="expires_on",
            field=models.DateField(help_text="from this day on its evidence no longer holds", null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="effective_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="expires_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="evidence",
            name="imported",
            field=models.UUIDField(help_text="public id of the import whose rows prove it", null=True),
        ),
        migrations.AddField(
            model_name="leadtest",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="leadtest",
            name="tester",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="lead_test",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="evidence",
                to="milestones.leadtest",
            ),
        ),
        migrations.AddField(
            model_name="transferline",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="transferline",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="transfertest",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="transfertest",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tests",
                to="milestones.transferline",
            ),
        ),
        migrations.AddField(
            model_name="transfertest",
            name="tester",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="transfer_test",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="evidence",
                to="milestones.transfertest",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("lead_test__isnull", True),
                        ("milestone__isnull", False),
                        ("result__isnull", True),
                        ("transfer_test__isnull", True),
                    ),
                    models.Q(
                        ("lead_test__isnull", True),
                        ("milestone__isnull", True),
                        ("result__isnull", False),
                        ("transfer_test__isnull", True),
                    ),
                    models.Q(
                        ("lead_test__isnull", True),
                        ("milestone__isnull", True),
                        ("result__isnull", True),
                        ("transfer_test__isnull", False),
                    ),
                    models.Q(
                        ("lead_test__isnull", False),
                        ("milestone__isnull", True),
                        ("result__isnull", True),
                        ("transfer_test__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="evidence_of_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadtest",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="lead_test_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="line_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at__isnull", True)),
                fields=("engagement", "name"),
                name="line_once",
                violation_error_message="There is a line of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("retired_at__isnull", True),
                    models.Q(("retired_why", ""), _negated=True),
                    _connector="OR",
                ),
                name="line_retired_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfertest",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement"), name="transfer_test_in_engagement"
            ),
        ),
        *(engagement_table(f"milestones_{name}") for name in ("transferline", "transfertest", "leadtest")),
        same_engagement("milestones_transfertest", "line_id", "milestones_transferline"),
        same_engagement("milestones_evidence", "transfer_test_id", "milestones_transfertest"),
        same_engagement("milestones_evidence", "lead_test_id", "milestones_leadtest"),
        append_only("milestones_transfertest"),
        append_only("milestones_leadtest"),
    ]
