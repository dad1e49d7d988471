"""An import keeps the codes that it could not place and what it assumed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kpis", "0002_wall")]
    operations = [
        migrations.AddField(
            "import",
            "unknown_codes",
            models.JSONField(default=list, help_text="[[code, rows], …], most frequent first"),
        ),
        migrations.AddField(
            "import",
            "notes",
            models.JSONField(default=list, help_text="what was assumed in reading the file, in sentences"),
        ),
    ]
