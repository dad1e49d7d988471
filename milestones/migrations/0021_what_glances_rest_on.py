"""What a kept row rests on besides the trail has the same name in both tables of copies."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("milestones", "0020_head_of_one"), ("kpis", "0040_newest_verdict")]

    operations = [
        migrations.RenameField("glance", "verdicts", "beside"),
        migrations.AlterField(
            model_name="glance",
            name="beside",
            field=models.CharField(
                db_default="",
                default="",
                help_text="what else it rests on, which leaves no line",
                max_length=60,
            ),
        ),
    ]
