"""The keys of talk times by exact seconds, which a file brings by the thousand, once a statement as well (ADR 0015)."""

import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import same_engagement_by_statement


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("engagements", "0014_metric_measures"),
        ("kpis", "0036_closer_door"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agenttalk",
            name="agent",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="engagements.agent",
            ),
        ),
        migrations.AlterField(
            model_name="sourcetalk",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="kpis.leadsource",
            ),
        ),
        same_engagement_by_statement("kpis_sourcetalk", source_id="kpis_leadsource"),
        same_engagement_by_statement("kpis_agenttalk", agent_id="engagements_agent"),
    ]
