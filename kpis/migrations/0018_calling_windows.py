"""When people were called: verdicts and counts, the rules behind them, and answers, all behind the wall."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import append_only, engagement_table, same_engagement


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0017_transfer_by_lead"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WindowAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("calls", models.PositiveIntegerField()),
                ("cause", models.TextField()),
                ("action", models.TextField(help_text="what was done about it")),
                ("done_on", models.DateField()),
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
            name="WindowRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("content", models.JSONField()),
                ("brief_version", models.PositiveSmallIntegerField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WindowDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("calls", models.PositiveIntegerField()),
                (
                    "answered",
                    models.PositiveIntegerField(help_text="calls that a person answered", null=True),
                ),
                ("abandoned", models.PositiveIntegerField(help_text="of these, without an agent", null=True)),
                ("judged_at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "rules",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kpis.windowrules"
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="WindowVerdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("call", models.BigIntegerField()),
                (
                    "verdict",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Allowed"), (2, "Violation"), (3, "Possible"), (4, "Unknown")]
                    ),
                ),
                (
                    "why",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "outside of the hours"),
                            (2, "on a day without calls"),
                            (3, "too many calls to one number"),
                            (4, "the file gives no time of day"),
                            (5, "nothing tells where the person is"),
                            (6, "no rule is known for the place"),
                        ],
                        null=True,
                    ),
                ),
                (
                    "broken",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        help_text="codes of the rules that said no",
                    ),
                ),
                (
                    "local",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80),
                        help_text="“zone date time” of every candidate zone",
                    ),
                ),
                (
                    "zone_source",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "zone of the lead"),
                            (2, "postal code"),
                            (3, "state"),
                            (4, "number"),
                            (5, "nothing"),
                        ]
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=8)),
                (
                    "said",
                    models.CharField(
                        blank=True,
                        help_text="what contradicts, which holiday, how many calls",
                        max_length=300,
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
                    "rules",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kpis.windowrules"
                    ),
                ),
            ],
            options={
                "ordering": ["day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="WindowChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                (
                    "version",
                    models.PositiveSmallIntegerField(help_text="counted from 1 within the engagement"),
                ),
                ("content", models.JSONField(null=True)),
                (
                    "shipped_again",
                    models.BooleanField(
                        default=False, help_text="the rule counts again as it comes with the program"
                    ),
                ),
                ("reason", models.TextField()),
                ("by_name", models.CharField(max_length=260)),
                (
                    "by_side",
                    models.CharField(choices=[("client", "Client"), ("operator", "Operator")], max_length=8),
                ),
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
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "code", "version"), name="window_change_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WindowCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "place",
                    models.CharField(
                        blank=True, help_text="code of a country or state; empty: not told", max_length=8
                    ),
                ),
                ("allowed", models.PositiveIntegerField(help_text="exempt ones among them")),
                ("violations", models.PositiveIntegerField()),
                ("possibles", models.PositiveIntegerField()),
                ("unknowns", models.PositiveIntegerField()),
                ("exempt", models.PositiveIntegerField()),
                (
                    "conflicts",
                    models.PositiveIntegerField(
                        help_text="calls whose sources of the zone contradict each other"
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
                "ordering": ["day", "place"],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "day", "place"), name="window_count_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="windowrules",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement"), name="window_rules_in_engagement"
            ),
        ),
        migrations.AddConstraint(
            model_name="windowrules",
            constraint=models.UniqueConstraint(fields=("engagement", "digest"), name="window_rules_once"),
        ),
        migrations.AddConstraint(
            model_name="windowday",
            constraint=models.UniqueConstraint(fields=("engagement", "day"), name="window_day_once"),
        ),
        migrations.AddIndex(
            model_name="windowverdict",
            index=models.Index(fields=["engagement", "day", "verdict"], name="window_by_day"),
        ),
        migrations.AddConstraint(
            model_name="windowverdict",
            constraint=models.UniqueConstraint(fields=("engagement", "call"), name="window_verdict_once"),
        ),
        engagement_table("kpis_windowchange"),
        engagement_table("kpis_windowrules"),
        engagement_table("kpis_windowday"),
        engagement_table("kpis_windowcount"),
        engagement_table("kpis_windowverdict"),
        engagement_table("kpis_windowanswer"),
        same_engagement("kpis_windowday", "rules_id", "kpis_windowrules"),
        same_engagement("kpis_windowverdict", "rules_id", "kpis_windowrules"),
        append_only("kpis_windowchange"),
        append_only("kpis_windowrules"),
        append_only("kpis_windowanswer"),
    ]
