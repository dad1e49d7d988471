"""Unit prices in versions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0020_metric_totals_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="UnitPrices",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_on", models.DateField()),
                ("currency", models.CharField(help_text="ISO 4217, such as USD", max_length=3)),
                ("dial", models.DecimalField(decimal_places=4, default=0, max_digits=12)),
                ("contact", models.DecimalField(decimal_places=4, default=0, max_digits=12)),
                ("qualified", models.DecimalField(decimal_places=4, default=0, max_digits=12)),
                ("transfer", models.DecimalField(decimal_places=4, default=0, max_digits=12)),
                ("show", models.DecimalField(decimal_places=4, default=0, max_digits=12)),
                ("agent_hour", models.DecimalField(decimal_places=4, default=0, max_digits=12)),
                ("dials_an_hour", models.DecimalField(decimal_places=2, default=0, max_digits=8)),
                ("note", models.TextField(blank=True)),
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
                        related_name="unit_prices",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-from_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agent_hour__gte", 0),
                            ("contact__gte", 0),
                            ("dial__gte", 0),
                            ("dials_an_hour__gte", 0),
                            ("qualified__gte", 0),
                            ("show__gte", 0),
                            ("transfer__gte", 0),
                        ),
                        name="prices_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agent_hour", 0), ("dials_an_hour__gt", 0), _connector="OR"),
                        name="an_hour_is_shared_by_its_dials",
                    ),
                ],
            },
        ),
    ]
