"""Transfers found by the dialer's id of their call, days after it."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("kpis", "0027_outcomes_wall")]
    operations = [
        AddIndexConcurrently(
            "callrecord",
            models.Index(
                fields=["engagement", "call_ref"],
                condition=models.Q(("depth__gte", 3)),
                name="transfer_by_ref",
            ),
        ),
    ]
