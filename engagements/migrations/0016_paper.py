from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagements", "0015_weekly_on")]

    operations = [
        migrations.AddField(
            model_name="engagement",
            name="paper",
            field=models.CharField(
                blank=True,
                choices=[("A4", "A4"), ("letter", "Letter")],
                db_default="",
                default="",
                help_text="empty: what is usual where the campaign runs",
                max_length=6,
                verbose_name="paper of the reports",
            ),
        ),
    ]
