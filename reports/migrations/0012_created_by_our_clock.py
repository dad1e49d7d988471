"""When something was made is read from the clock that all else is read from; the database knows no difference."""

from django.db import migrations, models

import common.clock


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0011_refused_mails"),
    ]

    operations = [
        migrations.AlterField(
            model_name="deliverable",
            name="created_at",
            field=models.DateTimeField(default=common.clock.now, editable=False),
        ),
    ]
