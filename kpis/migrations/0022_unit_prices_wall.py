"""Unit prices behind the wall; what was set stays."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table


class Migration(migrations.Migration):
    dependencies = [("kpis", "0021_unit_prices")]
    operations = [engagement_table("kpis_unitprices"), append_only("kpis_unitprices")]
