"""What a roster’s file changed of agents is kept beside it, so that the file can be taken back."""

import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import append_only, engagement_table, same_engagement


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0013_a_line_of_the_roster_taken_back"),
        ("kpis", "0030_outside_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="RosterChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("before", models.CharField(blank=True, max_length=120)),
                ("after", models.CharField(blank=True, max_length=120)),
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
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.rosterentry",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roster_changes",
                        to="kpis.sheet",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        engagement_table("kpis_rosterchange"),
        append_only("kpis_rosterchange"),
        same_engagement("kpis_rosterchange", "sheet_id", "kpis_sheet"),
        same_engagement("kpis_rosterchange", "agent_id", "engagements_agent"),
        same_engagement("kpis_rosterchange", "entry_id", "engagements_rosterentry"),
    ]
