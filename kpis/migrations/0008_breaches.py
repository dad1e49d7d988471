"""Calls of agents who were not cleared, and the answers to them."""

import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0007_disposition_from_brief"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="callrecord",
            name="breach",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (1, "not on the roster"),
                    (2, "before launch clearance"),
                    (3, "certification missing"),
                    (4, "script certification out of date"),
                ],
                help_text="why the agent was not cleared when the call was made",
                null=True,
            ),
        ),
        migrations.CreateModel(
            name="Breach",
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
                ("day", models.DateField()),
                (
                    "reason",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "not on the roster"),
                            (2, "before launch clearance"),
                            (3, "certification missing"),
                            (4, "script certification out of date"),
                        ],
                        help_text="the first that held for a call",
                    ),
                ),
                ("calls", models.PositiveIntegerField()),
                (
                    "first_at",
                    models.DateTimeField(help_text="empty where the file gives only dates", null=True),
                ),
                ("last_at", models.DateTimeField(null=True)),
                ("found_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="engagements.agent"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="breaches",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="BreachAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.TextField()),
                ("action", models.TextField(help_text="what was done about it")),
                ("done_on", models.DateField()),
                ("calls", models.PositiveIntegerField()),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
                (
                    "breach",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="kpis.breach"
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
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="BreachDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("accepted", models.BooleanField()),
                ("note", models.TextField(blank=True)),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="kpis.breachanswer",
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
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="breach_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="breach",
            constraint=models.UniqueConstraint(fields=("engagement", "agent", "day"), name="breach_once"),
        ),
        migrations.AddConstraint(
            model_name="breachanswer",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement"), name="breach_answer_in_engagement"
            ),
        ),
        migrations.AddConstraint(
            model_name="breachdecision",
            constraint=models.UniqueConstraint(
                fields=("engagement", "answer"), name="breach_answer_decided_once"
            ),
        ),
    ]
