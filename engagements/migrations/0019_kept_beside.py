"""What is kept names what it rests on besides the day and the trail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagements", "0018_samples")]

    operations = [
        migrations.AddField(
            model_name="kept",
            name="beside",
            field=models.CharField(
                db_default="",
                default="",
                help_text="what else it rests on, which leaves no line",
                max_length=60,
            ),
        ),
    ]
