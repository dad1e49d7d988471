"""A disposition says which version of the brief gave it its meaning."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0006_findings_wall"),
    ]

    operations = [
        migrations.AddField(
            model_name="disposition",
            name="brief_version",
            field=models.PositiveSmallIntegerField(
                help_text="of the brief that gave the meaning; empty: the export's own, or given by hand",
                null=True,
            ),
        ),
    ]
