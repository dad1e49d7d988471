"""Sums of wrap-up, and counts of how long calls were spoken. What is there already is summed by `rebuild_facts`."""

import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import engagement_table, same_engagement


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0012_report_at"),
        ("kpis", "0034_agent_hours"),
    ]

    operations = [
        migrations.AddField(
            model_name="agentfact",
            name="wrap_s",
            field=models.BigIntegerField(
                help_text="seconds, where wrap-up is known; null: not yet summed", null=True
            ),
        ),
        migrations.AddField(
            model_name="agentfact",
            name="wrapped",
            field=models.BigIntegerField(help_text="calls whose wrap-up is known", null=True),
        ),
        migrations.AddField(
            model_name="attemptfact",
            name="wrap_s",
            field=models.BigIntegerField(
                help_text="seconds, where wrap-up is known; null: not yet summed", null=True
            ),
        ),
        migrations.AddField(
            model_name="attemptfact",
            name="wrapped",
            field=models.BigIntegerField(help_text="calls whose wrap-up is known", null=True),
        ),
        migrations.AddField(
            model_name="codefact",
            name="wrap_s",
            field=models.BigIntegerField(
                help_text="seconds, where wrap-up is known; null: not yet summed", null=True
            ),
        ),
        migrations.AddField(
            model_name="codefact",
            name="wrapped",
            field=models.BigIntegerField(help_text="calls whose wrap-up is known", null=True),
        ),
        migrations.AddField(
            model_name="dailyfact",
            name="wrap_s",
            field=models.BigIntegerField(
                help_text="seconds, where wrap-up is known; null: not yet summed", null=True
            ),
        ),
        migrations.AddField(
            model_name="dailyfact",
            name="wrapped",
            field=models.BigIntegerField(help_text="calls whose wrap-up is known", null=True),
        ),
        migrations.AddField(
            model_name="hourfact",
            name="wrap_s",
            field=models.BigIntegerField(
                help_text="seconds, where wrap-up is known; null: not yet summed", null=True
            ),
        ),
        migrations.AddField(
            model_name="hourfact",
            name="wrapped",
            field=models.BigIntegerField(help_text="calls whose wrap-up is known", null=True),
        ),
        migrations.AddField(
            model_name="usefact",
            name="wrap_s",
            field=models.BigIntegerField(
                help_text="seconds, where wrap-up is known; null: not yet summed", null=True
            ),
        ),
        migrations.AddField(
            model_name="usefact",
            name="wrapped",
            field=models.BigIntegerField(help_text="calls whose wrap-up is known", null=True),
        ),
        migrations.CreateModel(
            name="AgentTalk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seconds", models.IntegerField()),
                ("calls", models.BigIntegerField()),
                ("day", models.DateField()),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.agent",
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
            ],
            options={
                "ordering": ["day"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "day", "agent", "seconds"),
                        name="agent_talk_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceTalk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seconds", models.IntegerField()),
                ("calls", models.BigIntegerField()),
                ("day", models.DateField()),
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
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kpis.leadsource",
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "day", "source", "seconds"),
                        name="source_talk_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="finding",
            name="unit",
            field=models.CharField(
                choices=[
                    ("percent", "percent"),
                    ("seconds", "seconds"),
                    ("minutes", "minutes"),
                    ("hours", "hours"),
                    ("days", "days"),
                    ("count", "a count"),
                    ("money", "an amount of money"),
                ],
                db_default="percent",
                default="percent",
                max_length=10,
            ),
        ),
        engagement_table("kpis_sourcetalk"),
        engagement_table("kpis_agenttalk"),
        same_engagement("kpis_sourcetalk", "source_id", "kpis_leadsource"),
        same_engagement("kpis_agenttalk", "agent_id", "engagements_agent"),
    ]
