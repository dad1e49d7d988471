"""Transfers found by their lead, days after the call."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("kpis", "0016_rollups_wall")]
    operations = [
        AddIndexConcurrently(
            "callrecord",
            models.Index(
                fields=["engagement", "lead_ref"],
                condition=models.Q(("depth__gte", 3)),
                name="transfer_by_lead",
            ),
        ),
    ]
