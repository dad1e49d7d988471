"""A line of the roster can be taken back by another one; what a file wrote can be named."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0012_report_at"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="rosterentry",
            name="move",
            field=models.CharField(
                choices=[
                    ("joined", "joined the roster"),
                    ("left", "left the roster"),
                    ("undone", "taken back"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterentry",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement"), name="roster_entry_in_engagement"
            ),
        ),
    ]
