"""How far an engagement has come: what a passed gate rests on stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagements", "0003_supersede_brief")]

    operations = [
        migrations.AddField(
            model_name="engagement",
            name="passed_day",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                help_text="day of the last gate that both sides have passed: what it rests on stands",
            ),
        ),
    ]
