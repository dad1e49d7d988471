"""What is kept names the code that computed it, by a number that nobody has to raise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("milestones", "0021_what_glances_rest_on")]

    operations = [
        migrations.RenameField("glance", "shape", "code"),
        migrations.AlterField(
            model_name="glance",
            name="code",
            field=models.PositiveSmallIntegerField(help_text="the number of the code that computed it"),
        ),
    ]
