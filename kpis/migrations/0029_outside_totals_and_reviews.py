"""What files say beside the calls: the totals of a dialer, and reviews made elsewhere."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0028_transfer_by_ref"),
    ]

    operations = [
        migrations.CreateModel(
            name="OutsideReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row_no", models.PositiveIntegerField(help_text="line in the file")),
                ("call_key", models.BigIntegerField()),
                ("call_ref", models.CharField(max_length=120)),
                ("day", models.DateField(help_text="of the call")),
                (
                    "score",
                    models.DecimalField(decimal_places=2, help_text="percent", max_digits=5, null=True),
                ),
                ("items", models.JSONField(default=dict, help_text="what each item was given, as written")),
                ("heard_code", models.CharField(blank=True, max_length=80)),
                (
                    "recorded_code",
                    models.CharField(help_text="the call's own, when the file came in", max_length=80),
                ),
                ("reviewer", models.CharField(max_length=120)),
                ("on", models.DateField(help_text="when it was reviewed")),
                ("comment", models.CharField(blank=True, max_length=500)),
                (
                    "drawn",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kpis.qacall",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="kpis.sheet"
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "sheet", "call_key"), name="outside_review_once_a_file"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("score__isnull", True),
                            models.Q(("score__gte", 0), ("score__lte", 100)),
                            _connector="OR",
                        ),
                        name="outside_score_in_percent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SaidTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row_no", models.PositiveIntegerField(help_text="line in the file")),
                ("day", models.DateField()),
                ("dials", models.PositiveBigIntegerField(null=True)),
                ("contacts", models.PositiveBigIntegerField(null=True)),
                ("qualified", models.PositiveBigIntegerField(null=True)),
                ("transfers", models.PositiveBigIntegerField(null=True)),
                ("shows", models.PositiveBigIntegerField(null=True)),
                ("closes", models.PositiveBigIntegerField(null=True)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="totals", to="kpis.sheet"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["engagement", "day"], name="said_of_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "sheet", "day"), name="said_once_a_file")
                ],
            },
        ),
    ]
