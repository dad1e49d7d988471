"""When something was made is read from the clock that all else is read from; the database knows no difference."""

from django.db import migrations, models

import common.clock


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0004_wall_by_statement"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
    ]
