"""Which days an engagement works, and what becomes of what is due on another; those that run keep their dates."""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

import engagements.models.engagement


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0006_comments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="engagement",
            name="holiday_country",
            field=models.CharField(blank=True, db_default="", default="", max_length=2),
        ),
        migrations.AddField(
            model_name="engagement",
            name="holiday_subdivision",
            field=models.CharField(blank=True, db_default="", default="", max_length=30),
        ),
        migrations.AddField(
            model_name="engagement",
            name="holidays",
            field=models.JSONField(
                db_default={},
                default=dict,
                help_text="date to name, kept so that a later edition of the list moves no agreed date",
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="when_off",
            field=models.CharField(
                choices=[
                    ("stays", "The due date stays"),
                    ("next", "It moves to the next working day"),
                    ("previous", "It moves to the working day before"),
                ],
                db_default="stays",
                default="stays",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="work_weekdays",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                db_default=models.Value(
                    [1, 2, 3, 4, 5, 6, 7],
                    django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField()),
                ),
                default=engagements.models.engagement.every_day,
                help_text="1 is Monday",
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("work_weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7]), ("work_weekdays__len__gte", 1)
                ),
                name="weekdays_of_a_week",
                violation_error_message="Name at least one weekday on which work is done.",
            ),
        ),
    ]
