"""What waits in an engagement is kept beside what the portfolio shows of it; what was kept before is computed anew."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("milestones", "0018_created_by_our_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="glance",
            name="drawn",
            field=models.JSONField(default=list, help_text="the cells of its row"),
        ),
        migrations.AddField(
            model_name="glance",
            name="duties",
            field=models.JSONField(default=list, help_text="what waits in it, and for whom"),
        ),
        migrations.AddField(
            model_name="glance",
            name="verdicts",
            field=models.CharField(
                blank=True,
                default="",
                help_text="how many days of calls were judged, and the last when",
                max_length=60,
            ),
        ),
    ]
