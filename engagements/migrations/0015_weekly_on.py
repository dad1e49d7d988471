from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagements", "0014_metric_measures")]

    operations = [
        migrations.AddField(
            model_name="engagement",
            name="weekly_on",
            field=models.PositiveSmallIntegerField(
                help_text="1 is Monday; empty: the last calling day of the week",
                null=True,
                verbose_name="weekday of the week's summary",
            ),
        ),
        migrations.AddConstraint(
            model_name="engagement",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekly_on__in", [1, 2, 3, 4, 5, 6, 7])),
                name="weekly_on_a_weekday",
                violation_error_message="Choose a weekday.",
            ),
        ),
    ]
