"""Sums by hour, agent and code beside those by source; a call row is held together by the wall's keys alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0014_column_mappings_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgentFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "calls",
                    models.BigIntegerField(db_default=0, help_text="rows; a row may stand for several dials"),
                ),
                ("dials", models.PositiveBigIntegerField(null=True)),
                ("contacts", models.PositiveBigIntegerField(null=True)),
                ("qualified", models.PositiveBigIntegerField(null=True)),
                ("transfers", models.PositiveBigIntegerField(null=True)),
                ("shows", models.PositiveBigIntegerField(null=True)),
                ("closes", models.PositiveBigIntegerField(null=True)),
                (
                    "talk_s",
                    models.BigIntegerField(
                        db_default=0, help_text="seconds, of the calls whose talk time is known"
                    ),
                ),
                ("talked", models.BigIntegerField(db_default=0, help_text="calls whose talk time is known")),
                ("day", models.DateField()),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="CodeFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "calls",
                    models.BigIntegerField(db_default=0, help_text="rows; a row may stand for several dials"),
                ),
                ("dials", models.PositiveBigIntegerField(null=True)),
                ("contacts", models.PositiveBigIntegerField(null=True)),
                ("qualified", models.PositiveBigIntegerField(null=True)),
                ("transfers", models.PositiveBigIntegerField(null=True)),
                ("shows", models.PositiveBigIntegerField(null=True)),
                ("closes", models.PositiveBigIntegerField(null=True)),
                (
                    "talk_s",
                    models.BigIntegerField(
                        db_default=0, help_text="seconds, of the calls whose talk time is known"
                    ),
                ),
                ("talked", models.BigIntegerField(db_default=0, help_text="calls whose talk time is known")),
                ("day", models.DateField()),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="HourFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "calls",
                    models.BigIntegerField(db_default=0, help_text="rows; a row may stand for several dials"),
                ),
                ("dials", models.PositiveBigIntegerField(null=True)),
                ("contacts", models.PositiveBigIntegerField(null=True)),
                ("qualified", models.PositiveBigIntegerField(null=True)),
                ("transfers", models.PositiveBigIntegerField(null=True)),
                ("shows", models.PositiveBigIntegerField(null=True)),
                ("closes", models.PositiveBigIntegerField(null=True)),
                (
                    "talk_s",
                    models.BigIntegerField(
                        db_default=0, help_text="seconds, of the calls whose talk time is known"
                    ),
                ),
                ("talked", models.BigIntegerField(db_default=0, help_text="calls whose talk time is known")),
                ("day", models.DateField()),
                ("hour", models.SmallIntegerField(help_text="in the engagement's zone", null=True)),
            ],
            options={
                "ordering": ["day", "hour"],
            },
        ),
        migrations.CreateModel(
            name="UseFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "calls",
                    models.BigIntegerField(db_default=0, help_text="rows; a row may stand for several dials"),
                ),
                ("dials", models.PositiveBigIntegerField(null=True)),
                ("contacts", models.PositiveBigIntegerField(null=True)),
                ("qualified", models.PositiveBigIntegerField(null=True)),
                ("transfers", models.PositiveBigIntegerField(null=True)),
                ("shows", models.PositiveBigIntegerField(null=True)),
                ("closes", models.PositiveBigIntegerField(null=True)),
                (
                    "talk_s",
                    models.BigIntegerField(
                        db_default=0, help_text="seconds, of the calls whose talk time is known"
                    ),
                ),
                ("talked", models.BigIntegerField(db_default=0, help_text="calls whose talk time is known")),
                ("day", models.DateField()),
            ],
            options={
                "ordering": ["day"],
            },
        ),
        migrations.AddField(
            model_name="dailyfact",
            name="calls",
            field=models.BigIntegerField(db_default=0, help_text="rows; a row may stand for several dials"),
        ),
        migrations.AddField(
            model_name="dailyfact",
            name="talk_s",
            field=models.BigIntegerField(
                db_default=0, help_text="seconds, of the calls whose talk time is known"
            ),
        ),
        migrations.AddField(
            model_name="dailyfact",
            name="talked",
            field=models.BigIntegerField(db_default=0, help_text="calls whose talk time is known"),
        ),
        migrations.AlterField(
            model_name="callrecord",
            name="agent",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="engagements.agent",
            ),
        ),
        migrations.AlterField(
            model_name="callrecord",
            name="batch",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calls",
                to="kpis.import",
            ),
        ),
        migrations.AlterField(
            model_name="callrecord",
            name="disposition",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kpis.disposition",
            ),
        ),
        migrations.AlterField(
            model_name="callrecord",
            name="engagement",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="engagements.engagement",
            ),
        ),
        migrations.AlterField(
            model_name="callrecord",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kpis.leadsource",
            ),
        ),
        migrations.AddField(
            model_name="agentfact",
            name="agent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="engagements.agent",
            ),
        ),
        migrations.AddField(
            model_name="agentfact",
            name="engagement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="codefact",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kpis.import"
            ),
        ),
        migrations.AddField(
            model_name="codefact",
            name="disposition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kpis.disposition"
            ),
        ),
        migrations.AddField(
            model_name="codefact",
            name="engagement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="codefact",
            name="source",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kpis.leadsource"
            ),
        ),
        migrations.AddField(
            model_name="hourfact",
            name="engagement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="usefact",
            name="agent",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="engagements.agent",
            ),
        ),
        migrations.AddField(
            model_name="usefact",
            name="disposition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kpis.disposition"
            ),
        ),
        migrations.AddField(
            model_name="usefact",
            name="engagement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="engagements.engagement",
            ),
        ),
        migrations.AddConstraint(
            model_name="agentfact",
            constraint=models.UniqueConstraint(
                fields=("engagement", "day", "agent"), name="agent_fact_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="codefact",
            constraint=models.UniqueConstraint(
                fields=("engagement", "day", "batch", "source", "disposition"),
                name="code_fact_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="hourfact",
            constraint=models.UniqueConstraint(
                fields=("engagement", "day", "hour"), name="hour_fact_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="usefact",
            constraint=models.UniqueConstraint(
                fields=("engagement", "day", "agent", "disposition"),
                name="use_fact_once",
                nulls_distinct=False,
            ),
        ),
    ]
