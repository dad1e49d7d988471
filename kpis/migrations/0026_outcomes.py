"""Files that are no call logs, closers' links, and what they say of transfers."""

import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0011_masking"),
        ("kpis", "0025_attempts_and_waits_wall"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CloserLink",
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
                    "name",
                    models.CharField(
                        help_text="who holds it: what it writes is written in this name", max_length=120
                    ),
                ),
                ("closer", models.CharField(blank=True, help_text="as the calls name them", max_length=120)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("expires_at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=260)),
                (
                    "by_side",
                    models.CharField(choices=[("client", "Client"), ("operator", "Operator")], max_length=10),
                ),
                ("at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by_name", models.CharField(blank=True, max_length=260)),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Sheet",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("outcomes", "Outcomes of transfers"),
                            ("roster", "Roster of agents"),
                            ("totals", "End-of-day totals"),
                            ("reviews", "QA reviews"),
                        ],
                        max_length=10,
                    ),
                ),
                ("file_name", models.CharField(help_text="as the person named it", max_length=200)),
                ("path", models.CharField(help_text="below FILES_ROOT, made by the server", max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                (
                    "date_order",
                    models.CharField(
                        blank=True, help_text="said where the file does not tell", max_length=12
                    ),
                ),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(help_text="when what it says was taken in", null=True)),
                ("taken_by_name", models.CharField(blank=True, max_length=260)),
                ("kept", models.PositiveIntegerField(help_text="rows that said something new", null=True)),
                ("known", models.PositiveIntegerField(help_text="rows that said what was known", null=True)),
                (
                    "refused",
                    models.JSONField(
                        default=list, help_text="[[row, reason], …] of rows that could not be used"
                    ),
                ),
                ("first_day", models.DateField(help_text="of the days that it says something of", null=True)),
                ("last_day", models.DateField(null=True)),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("taken_back_by_name", models.CharField(blank=True, max_length=260)),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ToldOutcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("call_key", models.BigIntegerField()),
                (
                    "stage",
                    models.PositiveSmallIntegerField(choices=[(3, "No-show"), (4, "Shown"), (5, "Closed")]),
                ),
                ("tells_close", models.BooleanField()),
                ("on", models.DateField(help_text="when it was shown, closed or missed")),
                ("value", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("row_no", models.PositiveIntegerField(help_text="line in the file", null=True)),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AlterField(
            model_name="restatement",
            name="cause",
            field=models.CharField(
                choices=[
                    ("import", "Calls added"),
                    ("removal", "Import removed"),
                    ("meaning", "Code given another meaning"),
                    ("outcomes", "Outcomes of transfers told"),
                    ("withdrawn", "Outcomes of transfers withdrawn"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="closerlink",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="closerlink",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="sheet",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sheet",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="toldoutcome",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="toldoutcome",
            name="engagement",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="toldoutcome",
            name="link",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outcomes",
                to="kpis.closerlink",
            ),
        ),
        migrations.AddField(
            model_name="toldoutcome",
            name="sheet",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outcomes",
                to="kpis.sheet",
            ),
        ),
        migrations.AddConstraint(
            model_name="closerlink",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="closer_link_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="closerlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="closer_link_has_its_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheet",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="sheet_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="sheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("engagement", "kind", "sha256"),
                name="sheet_once",
                violation_error_message="This file is here already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_at__isnull", False),
                    models.Q(("kept__isnull", True), ("taken_back_at__isnull", True)),
                    _connector="OR",
                ),
                name="sheet_taken_in_before_back",
            ),
        ),
        migrations.AddIndex(
            model_name="toldoutcome",
            index=models.Index(fields=["engagement", "call_key", "-id"], name="told_of_call"),
        ),
        migrations.AddConstraint(
            model_name="toldoutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("link__isnull", True), ("sheet__isnull", False)),
                    models.Q(("link__isnull", False), ("sheet__isnull", True)),
                    _connector="OR",
                ),
                name="told_by_file_or_link",
            ),
        ),
        migrations.AddConstraint(
            model_name="toldoutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__gte", 3), ("stage__lte", 5)), name="told_after_transfer"
            ),
        ),
        migrations.AddConstraint(
            model_name="toldoutcome",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__isnull", True), ("value__gte", 0), _connector="OR"),
                name="told_value_not_negative",
            ),
        ),
    ]
