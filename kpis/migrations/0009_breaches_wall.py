"""Breaches and their answers behind the wall; what was answered and decided stays."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, same_engagement


class Migration(migrations.Migration):
    dependencies = [("kpis", "0008_breaches")]
    operations = [
        engagement_table("kpis_breach"),
        engagement_table("kpis_breachanswer"),
        engagement_table("kpis_breachdecision"),
        same_engagement("kpis_breach", "agent_id", "engagements_agent"),
        same_engagement("kpis_breachanswer", "breach_id", "kpis_breach"),
        same_engagement("kpis_breachdecision", "answer_id", "kpis_breachanswer"),
        append_only("kpis_breachanswer"),
        append_only("kpis_breachdecision"),
    ]
