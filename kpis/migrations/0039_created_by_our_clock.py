"""When something was made is read from the clock that all else is read from; the database knows no difference."""

from django.db import migrations, models

import common.clock


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0038_words_of_shows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="columnmapping",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="fix",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
        migrations.AlterField(
            model_name="import",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
    ]
