"""Calls and findings behind the wall; a baseline that nobody can change."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, same_engagement

TABLES = (
    "baseline", "callrecord", "dailyfact", "disposition", "finding", "fix", "import", "leadsource",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("kpis", "0001_initial"), ("engagements", "0002_wall")]
    operations = [
        *(engagement_table(f"kpis_{name}") for name in TABLES),
        same_engagement("kpis_callrecord", "batch_id", "kpis_import"),
        same_engagement("kpis_callrecord", "source_id", "kpis_leadsource"),
        same_engagement("kpis_callrecord", "agent_id", "engagements_agent"),
        same_engagement("kpis_callrecord", "disposition_id", "kpis_disposition"),
        same_engagement("kpis_dailyfact", "source_id", "kpis_leadsource"),
        same_engagement("kpis_baseline", "brief_id", "engagements_campaignbrief"),
        same_engagement("kpis_finding", "brief_id", "engagements_campaignbrief"),
        same_engagement("kpis_fix", "finding_id", "kpis_finding"),
        same_engagement("kpis_fix", "owner_id", "engagements_participant"),
        same_engagement("kpis_import", "job_id", "tenancy_job"),
        append_only("kpis_baseline"),
    ]
