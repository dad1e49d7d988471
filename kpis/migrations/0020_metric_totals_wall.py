"""End-of-day totals behind the wall; what was entered stays."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table


class Migration(migrations.Migration):
    dependencies = [("kpis", "0019_metric_totals")]
    operations = [engagement_table("kpis_metrictotal"), append_only("kpis_metrictotal")]
