"""What of the calls a metric of one's own counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0013_a_line_of_the_roster_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="briefmetric",
            name="denominator_measure",
            field=models.CharField(
                blank=True,
                choices=[
                    ("codes", "Calls with these codes"),
                    ("meanings", "Calls with these meanings"),
                    ("calls", "Calls"),
                    ("dials", "Dials"),
                    ("contacts", "Contacts"),
                    ("qualified", "Qualified"),
                    ("transfers", "Transfers"),
                    ("shows", "Shows"),
                    ("closes", "Closes"),
                    ("talk", "Seconds spoken"),
                    ("timed", "Calls whose talk time is known"),
                    ("wrap", "Seconds of wrap-up"),
                    ("wrapped", "Calls whose wrap-up is known"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="briefmetric",
            name="denominator_which",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
        migrations.AddField(
            model_name="briefmetric",
            name="numerator_measure",
            field=models.CharField(
                blank=True,
                choices=[
                    ("codes", "Calls with these codes"),
                    ("meanings", "Calls with these meanings"),
                    ("calls", "Calls"),
                    ("dials", "Dials"),
                    ("contacts", "Contacts"),
                    ("qualified", "Qualified"),
                    ("transfers", "Transfers"),
                    ("shows", "Shows"),
                    ("closes", "Closes"),
                    ("talk", "Seconds spoken"),
                    ("timed", "Calls whose talk time is known"),
                    ("wrap", "Seconds of wrap-up"),
                    ("wrapped", "Calls whose wrap-up is known"),
                ],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="briefmetric",
            name="numerator_which",
            field=models.CharField(blank=True, db_default="", default="", max_length=400),
        ),
        migrations.AlterField(
            model_name="briefmetric",
            name="unit",
            field=models.CharField(
                choices=[
                    ("percent", "percent"),
                    ("seconds", "seconds"),
                    ("minutes", "minutes"),
                    ("hours", "hours"),
                    ("days", "days"),
                    ("count", "a count"),
                    ("money", "an amount of money"),
                ],
                default="percent",
                max_length=20,
            ),
        ),
    ]
