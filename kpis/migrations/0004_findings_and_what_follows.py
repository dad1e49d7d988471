"""Causes on each side, evidence and history of findings; the plan of day 31 and what follows it."""

import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0004_passed_day"),
        ("kpis", "0003_import_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(), editable=False, unique=True
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        default=1, help_text="of the finding, when it was stated"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[("operator", "Operator"), ("client", "Client"), ("shared", "Shared")],
                        max_length=10,
                    ),
                ),
                ("found", models.BooleanField(default=True)),
                ("text", models.TextField()),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CloserFeedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="EffectCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(), editable=False, unique=True
                    ),
                ),
                ("first_day", models.DateField(help_text="of the window after")),
                ("last_day", models.DateField(help_text="of the window after")),
                ("before_numerator", models.PositiveBigIntegerField()),
                ("before_denominator", models.PositiveBigIntegerField()),
                ("after_numerator", models.PositiveBigIntegerField()),
                ("after_denominator", models.PositiveBigIntegerField()),
                ("expected", models.DecimalField(decimal_places=4, max_digits=9)),
                ("points", models.FloatField(help_text="after minus before, as a share", null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("moved", "Moved"),
                            ("not_moved", "Not moved"),
                            ("too_little", "Too little data"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "needed",
                    models.PositiveBigIntegerField(help_text="how many more until it can be told", null=True),
                ),
                ("needed_days", models.PositiveIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FindingEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("answered", "Answered"),
                            ("fixing", "Fix running"),
                            ("verified", "Verified"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=10,
                    ),
                ),
                ("why", models.TextField(blank=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FindingEvidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(), editable=False, unique=True
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("url", models.URLField(blank=True, max_length=500)),
                (
                    "file_name",
                    models.CharField(blank=True, help_text="as the person named it", max_length=200),
                ),
                (
                    "path",
                    models.CharField(
                        blank=True, help_text="below FILES_ROOT, made by the server", max_length=200
                    ),
                ),
                ("content_type", models.CharField(blank=True, max_length=80)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ForwardAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(choices=[("client", "Client"), ("operator", "Operator")], max_length=10),
                ),
                (
                    "name",
                    models.CharField(max_length=260, help_text='as written: a substitute signs "A for B"'),
                ),
                ("organisation_name", models.CharField(max_length=120)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("signed_at", models.DateTimeField()),
                ("content_hash", models.CharField(max_length=64)),
                ("consent", models.TextField(help_text="the sentence that the person agreed to")),
            ],
            options={
                "ordering": ["signed_at"],
            },
        ),
        migrations.CreateModel(
            name="ForwardPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("drafted_by_name", models.CharField(max_length=120)),
                ("drafted_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(help_text="when the second side agreed", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OptimisationPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(), editable=False, unique=True
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("metric_key", models.CharField(max_length=40)),
                ("metric_label", models.CharField(max_length=80)),
                (
                    "computed_key",
                    models.CharField(
                        blank=True, help_text="what the data say; empty: nothing", max_length=40
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, help_text="why another stage than the computed one was chosen"
                    ),
                ),
                (
                    "expected",
                    models.DecimalField(
                        decimal_places=4, help_text="the rate that the plan promises", max_digits=9
                    ),
                ),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
                ("drafted_by_name", models.CharField(max_length=120)),
                ("drafted_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(help_text="when the second side agreed", null=True)),
                (
                    "ended_at",
                    models.DateTimeField(help_text="when another plan had to take its place", null=True),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="PlanAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(choices=[("client", "Client"), ("operator", "Operator")], max_length=10),
                ),
                (
                    "name",
                    models.CharField(max_length=260, help_text='as written: a substitute signs "A for B"'),
                ),
                ("organisation_name", models.CharField(max_length=120)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("signed_at", models.DateTimeField()),
                ("content_hash", models.CharField(max_length=64)),
                ("consent", models.TextField(help_text="the sentence that the person agreed to")),
            ],
            options={
                "ordering": ["signed_at"],
            },
        ),
        migrations.CreateModel(
            name="ScalingProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        db_default=django.db.models.functions.uuid.UUID7(), editable=False, unique=True
                    ),
                ),
                (
                    "side",
                    models.CharField(choices=[("client", "Client"), ("operator", "Operator")], max_length=10),
                ),
                ("agents", models.PositiveSmallIntegerField(help_text="how many more", null=True)),
                ("leads_a_day", models.PositiveIntegerField(help_text="how many more", null=True)),
                ("campaign_type", models.CharField(blank=True, max_length=200)),
                ("why", models.TextField()),
                ("figures", models.JSONField(help_text="each target with its figure when it was proposed")),
                ("proposed_by_name", models.CharField(max_length=120)),
                ("proposed_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("accepted", "Accepted"), ("declined", "Declined")],
                        max_length=10,
                    ),
                ),
                ("answer_reason", models.TextField(blank=True)),
                ("answered_by_name", models.CharField(blank=True, max_length=120)),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["proposed_at"],
            },
        ),
        migrations.AlterModelOptions(
            name="finding",
            options={"ordering": ["review_day", "metric_key", "opened_at"]},
        ),
        migrations.RemoveConstraint(
            model_name="finding",
            name="finding_once",
        ),
        migrations.RemoveConstraint(
            model_name="finding",
            name="answered_with_cause_and_side",
        ),
        migrations.AddField(
            model_name="finding",
            name="observation",
            field=models.TextField(blank=True, help_text="what was noticed, where it was opened by hand"),
        ),
        migrations.AddField(
            model_name="finding",
            name="round",
            field=models.PositiveSmallIntegerField(
                default=1, help_text="one more each time that it is reopened"
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("answered", "Answered"),
                    ("fixing", "Fix running"),
                    ("verified", "Verified"),
                    ("reopened", "Reopened"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="denominator",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="finding",
            name="metric_key",
            field=models.CharField(blank=True, help_text="empty: no metric of the brief", max_length=40),
        ),
        migrations.AlterField(
            model_name="finding",
            name="metric_label",
            field=models.CharField(help_text="what it is about, as a title", max_length=80),
        ),
        migrations.AlterField(
            model_name="finding",
            name="numerator",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="finding",
            name="review_day",
            field=models.PositiveSmallIntegerField(
                help_text="30, 60 or 90: the gate that waits for its answer"
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="target",
            field=models.DecimalField(decimal_places=4, max_digits=9, null=True),
        ),
        migrations.AddField(
            model_name="cause",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="cause",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="cause",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="causes", to="kpis.finding"
            ),
        ),
        migrations.AddField(
            model_name="fix",
            name="cause",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="fixes", to="kpis.cause"
            ),
        ),
        migrations.AddField(
            model_name="closerfeedback",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="closerfeedback",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="effectcheck",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="effectcheck",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="effectcheck",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="kpis.finding"
            ),
        ),
        migrations.AddField(
            model_name="findingevent",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="findingevent",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="findingevent",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="events", to="kpis.finding"
            ),
        ),
        migrations.AddField(
            model_name="findingevidence",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="findingevidence",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="findingevidence",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="evidence", to="kpis.finding"
            ),
        ),
        migrations.AddField(
            model_name="forwardagreement",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="forwardagreement",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="forwardplan",
            name="drafted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="forwardplan",
            name="engagement",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="forward_plan",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="forwardagreement",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="agreements", to="kpis.forwardplan"
            ),
        ),
        migrations.AddField(
            model_name="optimisationplan",
            name="drafted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="optimisationplan",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="optimisationplan",
            name="finding",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="kpis.finding"
            ),
        ),
        migrations.AddField(
            model_name="effectcheck",
            name="plan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="checks",
                to="kpis.optimisationplan",
            ),
        ),
        migrations.AddField(
            model_name="planagreement",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="planagreement",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="agreements",
                to="kpis.optimisationplan",
            ),
        ),
        migrations.AddField(
            model_name="planagreement",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="scalingproposal",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="scalingproposal",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="scalingproposal",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="cause_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="cause_in_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="closerfeedback",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="feedback_in_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="findingevidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), ("url", ""), ("path", ""), _negated=True),
                name="finding_evidence_not_empty",
                violation_error_message="Say what proves it, link it, or attach a file.",
            ),
        ),
        migrations.AddConstraint(
            model_name="forwardplan",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement"), name="forward_plan_in_engagement"
            ),
        ),
        migrations.AddConstraint(
            model_name="forwardagreement",
            constraint=models.UniqueConstraint(
                fields=("engagement", "plan", "side", "content_hash"),
                name="one_forward_agreement_per_side",
                violation_error_message="This side has agreed to this version already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="optimisationplan",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement"), name="optimisation_plan_in_engagement"
            ),
        ),
        migrations.AddConstraint(
            model_name="optimisationplan",
            constraint=models.UniqueConstraint(
                fields=("engagement", "number"), name="optimisation_plan_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="optimisationplan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("engagement",),
                name="one_optimisation_plan",
                violation_error_message="There is one plan at a time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="planagreement",
            constraint=models.UniqueConstraint(
                fields=("engagement", "plan", "side", "content_hash"),
                name="one_plan_agreement_per_side",
                violation_error_message="This side has agreed to this plan already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scalingproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answer", "")),
                fields=("engagement",),
                name="one_open_scaling_proposal",
                violation_error_message="A scaling proposal waits for its answer already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scalingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="scaling_answered_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="scalingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agents__gt", 0),
                    ("leads_a_day__gt", 0),
                    models.Q(("campaign_type", ""), _negated=True),
                    _connector="OR",
                ),
                name="scaling_of_something",
            ),
        ),
    ]
