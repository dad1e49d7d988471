"""Saved mappings of columns behind the wall."""

from django.db import migrations

from tenancy.operations import engagement_table


class Migration(migrations.Migration):
    dependencies = [("kpis", "0013_column_mappings")]
    operations = [engagement_table("kpis_columnmapping")]
