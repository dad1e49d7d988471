"""Whether a person wants to be reminded by mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_trail"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="reminders",
            field=models.BooleanField(
                db_default=True, default=True, help_text="mails about what this person owes and when"
            ),
        ),
    ]
