"""Sums by attempt, and how long leads waited for their first call: pages read these instead of calls."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0023_restatements"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="tells_waits",
            field=models.BooleanField(
                db_default=False, default=False, help_text="a call of it says when its lead came in"
            ),
        ),
        migrations.CreateModel(
            name="AttemptFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "calls",
                    models.BigIntegerField(db_default=0, help_text="rows; a row may stand for several dials"),
                ),
                ("dials", models.PositiveBigIntegerField(null=True)),
                ("contacts", models.PositiveBigIntegerField(null=True)),
                ("qualified", models.PositiveBigIntegerField(null=True)),
                ("transfers", models.PositiveBigIntegerField(null=True)),
                ("shows", models.PositiveBigIntegerField(null=True)),
                ("closes", models.PositiveBigIntegerField(null=True)),
                (
                    "talk_s",
                    models.BigIntegerField(
                        db_default=0, help_text="seconds, of the calls whose talk time is known"
                    ),
                ),
                ("talked", models.BigIntegerField(db_default=0, help_text="calls whose talk time is known")),
                ("day", models.DateField()),
                ("attempt", models.IntegerField(null=True)),
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
                "ordering": ["day", "attempt"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "day", "attempt"),
                        name="attempt_fact_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HourWait",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "wait",
                    models.IntegerField(help_text="seconds at most, or why that is not known (kpis.waits)"),
                ),
                ("leads", models.BigIntegerField()),
                ("day", models.DateField(help_text="of the first call")),
                ("hour", models.SmallIntegerField(help_text="in the engagement's zone", null=True)),
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
                "ordering": ["day", "hour"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "day", "hour", "wait"),
                        name="hour_wait_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceWait",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "wait",
                    models.IntegerField(help_text="seconds at most, or why that is not known (kpis.waits)"),
                ),
                ("leads", models.BigIntegerField()),
                ("day", models.DateField(help_text="of the first call")),
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
                        fields=("engagement", "day", "source", "wait"),
                        name="source_wait_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
