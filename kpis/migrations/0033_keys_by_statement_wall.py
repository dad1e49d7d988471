"""Calls and their sums: the keys that name the engagement are checked once a statement (ADR 0015)."""

from django.db import migrations

from tenancy.operations import same_engagement_by_statement

AGENT, CODE = "engagements_agent", "kpis_disposition"
FILE, SOURCE = "kpis_import", "kpis_leadsource"


class Migration(migrations.Migration):
    # Nothing here reads the calls: each step holds its lock for a moment, and no longer than its own.
    atomic = False
    dependencies = [("kpis", "0032_keys_by_statement"), ("tenancy", "0004_wall_by_statement")]
    operations = [
        same_engagement_by_statement(
            "kpis_callrecord", batch_id=FILE, source_id=SOURCE, agent_id=AGENT, disposition_id=CODE
        ),
        same_engagement_by_statement("kpis_codefact", batch_id=FILE, source_id=SOURCE, disposition_id=CODE),
        same_engagement_by_statement("kpis_usefact", agent_id=AGENT, disposition_id=CODE),
        same_engagement_by_statement("kpis_agentfact", agent_id=AGENT),
        same_engagement_by_statement("kpis_dailyfact", source_id=SOURCE),
        same_engagement_by_statement("kpis_sourcewait", source_id=SOURCE),
    ]
