"""Totals of metrics that calls do not tell, and the unit of a finding about one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0018_calling_windows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
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
                db_default="percent",
                default="percent",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="target",
            field=models.DecimalField(decimal_places=4, max_digits=13, null=True),
        ),
        migrations.CreateModel(
            name="MetricTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "metric_key",
                    models.CharField(help_text="of the brief; calls do not tell it", max_length=40),
                ),
                ("day", models.DateField()),
                ("numerator", models.PositiveBigIntegerField(null=True)),
                (
                    "denominator",
                    models.PositiveBigIntegerField(default=1, help_text="1 where the metric has none"),
                ),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="metric_totals",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["metric_key", "day", "-id"],
                "indexes": [
                    models.Index(fields=["engagement", "metric_key", "day", "-id"], name="newest_total")
                ],
            },
        ),
    ]
