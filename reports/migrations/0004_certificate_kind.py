"""One kind of report more: the certificate of the gates passed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_summary"),
    ]

    operations = [
        migrations.AlterField(
            model_name="deliverable",
            name="kind",
            field=models.CharField(
                choices=[
                    ("launch-plan", "Launch plan"),
                    ("brief", "Campaign brief"),
                    ("day-10", "Day-10 launch clearance"),
                    ("day-30", "Day-30 baseline"),
                    ("day-60", "Day-60 optimisation"),
                    ("day-90", "Day-90 summary and forward plan"),
                    ("certificate", "Certificate of the gates passed"),
                ],
                max_length=20,
            ),
        ),
    ]
