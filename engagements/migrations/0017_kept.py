"""Parts of pages, kept as they were computed."""

import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import engagement_table


class Migration(migrations.Migration):
    dependencies = [("engagements", "0016_paper")]

    operations = [
        migrations.CreateModel(
            name="Kept",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("part", models.CharField(max_length=60)),
                ("day", models.DateField(help_text="in the engagement's zone")),
                (
                    "sequence",
                    models.BigIntegerField(help_text="the newest line of the trail before it was computed"),
                ),
                ("shape", models.PositiveSmallIntegerField()),
                ("facts", models.JSONField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept",
                        to="engagements.engagement",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="kept",
            constraint=models.UniqueConstraint(fields=("engagement", "part"), name="kept_once"),
        ),
        engagement_table("engagements_kept"),
    ]
