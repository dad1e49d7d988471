"""Figures that changed after they had been shown: kept for good, behind the wall."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import append_only, engagement_table


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0022_unit_prices_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Restatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("import", "Calls added"),
                            ("removal", "Import removed"),
                            ("meaning", "Code given another meaning"),
                        ],
                        max_length=10,
                    ),
                ),
                ("subject", models.CharField(help_text="the file or the code", max_length=200)),
                (
                    "sha256",
                    models.CharField(blank=True, help_text="of the file; empty for a code", max_length=64),
                ),
                ("before", models.JSONField()),
                ("after", models.JSONField(null=True)),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "day"],
                "indexes": [models.Index(fields=["engagement", "day"], name="restated_days")],
            },
        ),
        engagement_table("kpis_restatement"),
        append_only("kpis_restatement"),
    ]
