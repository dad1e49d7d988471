"""A passed gate keeps its conditions as they were met: later figures change nothing that it says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0014_no_gate_on_hold"),
    ]

    operations = [
        migrations.AddField(
            model_name="gate",
            name="passed_on_conditions",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="code, title, proof and owner of each condition as it was met",
            ),
        ),
    ]
