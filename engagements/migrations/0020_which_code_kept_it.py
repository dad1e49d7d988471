"""What is kept names the code that computed it, by a number that nobody has to raise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagements", "0019_kept_beside")]

    operations = [
        migrations.RenameField("kept", "shape", "code"),
        migrations.AlterField(
            model_name="kept",
            name="code",
            field=models.PositiveSmallIntegerField(help_text="the number of the code that computed it"),
        ),
    ]
