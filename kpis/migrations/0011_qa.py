"""Samples of calls, scorecards and reviews, calibration, and the log of verified transfers."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0010_call_columns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QaDraw",
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
                ("method", models.CharField(max_length=20)),
                (
                    "seed",
                    models.CharField(help_text="hex digits, made by chance when it was drawn", max_length=32),
                ),
                ("by_day", models.JSONField(help_text="calls of the population by day")),
                ("by_agent", models.JSONField(help_text="calls of the population by agent")),
                ("calls", models.PositiveIntegerField()),
                ("drawn", models.PositiveIntegerField()),
                ("population", models.JSONField()),
                ("population_sha256", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="QaCall",
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
                ("call_key", models.BigIntegerField()),
                (
                    "place",
                    models.PositiveIntegerField(
                        help_text="in the order of chance, the order in which calls are heard"
                    ),
                ),
                ("day", models.DateField()),
                ("called_at", models.DateTimeField(null=True)),
                ("system", models.CharField(max_length=20)),
                ("code", models.CharField(help_text="the disposition that was recorded", max_length=80)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("no_answer", "No answer"),
                            ("busy", "Busy"),
                            ("machine", "Answering machine or fax"),
                            ("bad_number", "Number out of service"),
                            ("failed", "Call failed"),
                            ("abandoned", "Abandoned: answered, but no agent was there"),
                            ("wrong_number", "Wrong number or person"),
                            ("other", "Other, no contact told"),
                            ("dnc", "Asked not to be called"),
                            ("callback", "Call back later"),
                            ("not_interested", "Not interested"),
                            ("not_qualified", "Spoken to, does not qualify"),
                            ("contacted", "Spoken to, nothing more told"),
                            ("qualified", "Qualified"),
                            ("transfer_set", "Transfer set"),
                            ("no_show", "Transfer set, did not show"),
                            ("shown", "Shown to the closer"),
                            ("closed", "Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("duration_s", models.PositiveIntegerField(null=True)),
                ("call_ref", models.CharField(blank=True, max_length=120)),
                ("lead_ref", models.CharField(blank=True, max_length=120)),
                ("recording", models.CharField(blank=True, max_length=500)),
                ("file_name", models.CharField(max_length=200)),
                ("row_no", models.PositiveIntegerField()),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.agent",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kpis.qadraw"
                    ),
                ),
            ],
            options={
                "ordering": ["draw", "place"],
            },
        ),
        migrations.CreateModel(
            name="QaRound",
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
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by_name", models.CharField(blank=True, max_length=260)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="kpis.qacall"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="QaSample",
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
                ("launch", models.BooleanField()),
                ("name", models.CharField(max_length=120)),
                (
                    "first_day",
                    models.DateField(
                        help_text="empty for the launch sample: its days follow from the calls", null=True
                    ),
                ),
                ("last_day", models.DateField(null=True)),
                (
                    "share",
                    models.DecimalField(
                        decimal_places=3, help_text="of the calls, between 0 and 1", max_digits=4
                    ),
                ),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-launch", "-at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="qadraw",
            name="sample",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="draws", to="kpis.qasample"
            ),
        ),
        migrations.AddField(
            model_name="qacall",
            name="sample",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="kpis.qasample"
            ),
        ),
        migrations.CreateModel(
            name="QaScorecard",
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
                ("version", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("items", models.JSONField(default=list)),
                ("pass_mark", models.PositiveSmallIntegerField()),
                ("content_hash", models.CharField(max_length=64)),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField(help_text="when it was written last")),
                ("used_at", models.DateTimeField(help_text="since when calls are scored by it", null=True)),
                ("used_by_name", models.CharField(blank=True, max_length=260)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="QaReview",
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
                ("heard", models.BooleanField()),
                ("scores", models.JSONField(default=list)),
                ("earned", models.PositiveSmallIntegerField(null=True)),
                ("possible", models.PositiveSmallIntegerField(null=True)),
                (
                    "auto_failed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        default=list,
                        help_text="what failed it, as it read",
                    ),
                ),
                ("passed", models.BooleanField(null=True)),
                ("heard_code", models.CharField(blank=True, max_length=80)),
                (
                    "heard_outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_answer", "No answer"),
                            ("busy", "Busy"),
                            ("machine", "Answering machine or fax"),
                            ("bad_number", "Number out of service"),
                            ("failed", "Call failed"),
                            ("abandoned", "Abandoned: answered, but no agent was there"),
                            ("wrong_number", "Wrong number or person"),
                            ("other", "Other, no contact told"),
                            ("dnc", "Asked not to be called"),
                            ("callback", "Call back later"),
                            ("not_interested", "Not interested"),
                            ("not_qualified", "Spoken to, does not qualify"),
                            ("contacted", "Spoken to, nothing more told"),
                            ("qualified", "Qualified"),
                            ("transfer_set", "Transfer set"),
                            ("no_show", "Transfer set, did not show"),
                            ("shown", "Shown to the closer"),
                            ("closed", "Closed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="why it takes the place of another", max_length=500
                    ),
                ),
                ("by_name", models.CharField(max_length=260)),
                ("by_side", models.CharField(max_length=10)),
                ("started_at", models.DateTimeField(help_text="when the call was taken in hand")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="kpis.qacall"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "supersedes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="kpis.qareview",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="kpis.qaround",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kpis.qascorecard",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TransferCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call_key", models.BigIntegerField()),
                ("day", models.DateField()),
                ("connected", models.BooleanField()),
                (
                    "briefed",
                    models.BooleanField(
                        help_text="whether the closer was; empty where nobody was reached", null=True
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("by_name", models.CharField(max_length=260)),
                ("by_side", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.agent",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="QaClaim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="claims", to="kpis.qacall"
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "call"), name="qa_claimed_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="qaround",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="qa_round_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="qaround",
            constraint=models.UniqueConstraint(fields=("engagement", "call"), name="qa_round_once"),
        ),
        migrations.AddConstraint(
            model_name="qasample",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="qa_sample_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="qasample",
            constraint=models.UniqueConstraint(
                condition=models.Q(("launch", True)), fields=("engagement",), name="one_launch_sample"
            ),
        ),
        migrations.AddConstraint(
            model_name="qasample",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("first_day__isnull", True), ("last_day__isnull", True), ("launch", True)),
                    models.Q(
                        ("first_day__isnull", False),
                        ("last_day__gte", models.F("first_day")),
                        ("launch", False),
                    ),
                    _connector="OR",
                ),
                name="qa_sample_has_its_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="qasample",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("launch", False), ("share__gt", 0), ("share__lte", 1)),
                    models.Q(("launch", True), ("share__gte", "0.25"), ("share__lte", "0.30")),
                    _connector="OR",
                ),
                name="qa_share_in_bounds",
            ),
        ),
        migrations.AddConstraint(
            model_name="qadraw",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="qa_draw_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="qadraw",
            constraint=models.UniqueConstraint(
                fields=("engagement", "sample", "number"), name="qa_draw_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="qacall",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="qa_call_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="qacall",
            constraint=models.UniqueConstraint(
                fields=("engagement", "sample", "call_key"), name="qa_call_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="qascorecard",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement"), name="qa_scorecard_in_engagement"
            ),
        ),
        migrations.AddConstraint(
            model_name="qascorecard",
            constraint=models.UniqueConstraint(
                fields=("engagement", "version"), name="qa_scorecard_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="qascorecard",
            constraint=models.UniqueConstraint(
                condition=models.Q(("used_at__isnull", True)),
                fields=("engagement",),
                name="one_open_qa_scorecard",
                violation_error_message="There is a scorecard already that is being written.",
            ),
        ),
        migrations.AddConstraint(
            model_name="qascorecard",
            constraint=models.CheckConstraint(
                condition=models.Q(("pass_mark__gte", 1), ("pass_mark__lte", 100)),
                name="qa_pass_mark_in_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="qareview",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="qa_review_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="qareview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("round__isnull", True), ("supersedes__isnull", True)),
                fields=("engagement", "call"),
                name="qa_reviewed_once",
                violation_error_message="Somebody has reviewed this call already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="qareview",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", True)),
                fields=("engagement", "round", "by"),
                name="qa_scored_once_a_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="qareview",
            constraint=models.UniqueConstraint(
                fields=("engagement", "supersedes"), name="qa_superseded_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="qareview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("supersedes__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="qa_corrected_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="qareview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("heard", True),
                    models.Q(
                        ("heard_code", ""),
                        ("passed__isnull", True),
                        ("possible__isnull", True),
                        ("scorecard__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="qa_unheard_is_not_scored",
            ),
        ),
        migrations.AddConstraint(
            model_name="qareview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("earned__isnull", True), ("possible__isnull", True)),
                    models.Q(("earned__lte", models.F("possible")), ("passed__isnull", False)),
                    _connector="OR",
                ),
                name="qa_earned_of_possible",
            ),
        ),
        migrations.AddIndex(
            model_name="transfercheck",
            index=models.Index(fields=["engagement", "call_key"], name="transfer_check_of_call"),
        ),
        migrations.AddConstraint(
            model_name="transfercheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("briefed__isnull", False), ("connected", True)),
                    models.Q(("briefed__isnull", True), ("connected", False)),
                    _connector="OR",
                ),
                name="transfer_briefed_where_connected",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfercheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("briefed", True), ("connected", True)),
                    models.Q(("note", ""), _negated=True),
                    _connector="OR",
                ),
                name="failed_transfer_has_a_note",
            ),
        ),
    ]
