"""How long agents were logged in, as reports say it, behind the wall and for good."""

import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import append_only, engagement_table, same_engagement


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0012_report_at"),
        ("kpis", "0033_keys_by_statement_wall"),
    ]

    operations = [
        migrations.AddField(
            model_name="sheet",
            name="said",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()), default=dict, help_text="what else was said"
            ),
        ),
        migrations.AlterField(
            model_name="sheet",
            name="kind",
            field=models.CharField(
                choices=[
                    ("outcomes", "Outcomes of transfers"),
                    ("roster", "Roster of agents"),
                    ("totals", "End-of-day totals"),
                    ("reviews", "QA reviews"),
                    ("hours", "Agent hours"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="AgentHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "row_no",
                    models.PositiveIntegerField(
                        help_text="line in the file, the first where several count together"
                    ),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("worked_s", models.PositiveIntegerField(help_text="seconds logged in or paid")),
                ("calls", models.PositiveIntegerField(null=True)),
                ("talk_s", models.PositiveIntegerField(null=True)),
                ("wrap_s", models.PositiveIntegerField(null=True)),
                ("wait_s", models.PositiveIntegerField(null=True)),
                ("pause_s", models.PositiveIntegerField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="engagements.agent"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hours", to="kpis.sheet"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["engagement", "first_day"], name="hours_of_days")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "sheet", "agent", "first_day", "last_day"),
                        name="hours_once_a_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="hours_have_their_days",
                    ),
                ],
            },
        ),
        engagement_table("kpis_agenthours"),
        append_only("kpis_agenthours"),
        same_engagement("kpis_agenthours", "sheet_id", "kpis_sheet"),
        same_engagement("kpis_agenthours", "agent_id", "engagements_agent"),
    ]
