"""Who dials and what they have passed; the script in versions; when a launch was cleared."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0007_work_days"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Certification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("product", "Product knowledge"),
                            ("script", "Script certification"),
                            ("systems", "System skills"),
                        ],
                        max_length=10,
                    ),
                ),
                ("passed", models.BooleanField()),
                ("score", models.PositiveSmallIntegerField()),
                ("pass_mark", models.PositiveSmallIntegerField()),
                (
                    "parts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), help_text="what was assessed"
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("assessed_on", models.DateField()),
                ("assessor_name", models.CharField(max_length=260)),
                ("assessor_side", models.CharField(max_length=10)),
                ("at", models.DateTimeField(help_text="when it was recorded: it counts from then on")),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RosterEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "move",
                    models.CharField(
                        choices=[("joined", "joined the roster"), ("left", "left the roster")], max_length=8
                    ),
                ),
                ("on", models.DateField(help_text="first day or last day, as the operator says")),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField(help_text="when it was recorded: it counts from then on")),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Script",
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
                ("text", models.TextField()),
                ("content_hash", models.CharField(max_length=64)),
                (
                    "recertify",
                    models.BooleanField(default=True, help_text="agents are certified again on this version"),
                ),
                (
                    "recertify_reason",
                    models.CharField(blank=True, help_text="why they are not", max_length=300),
                ),
                ("created_by_name", models.CharField(max_length=260)),
                ("created_at", models.DateTimeField()),
                (
                    "sent_at",
                    models.DateTimeField(help_text="when it went to the client for review", null=True),
                ),
                ("returned_at", models.DateTimeField(help_text="when the client sent it back", null=True)),
                ("returned_by_name", models.CharField(blank=True, max_length=260)),
                ("return_note", models.TextField(blank=True)),
                (
                    "approved_at",
                    models.DateTimeField(
                        help_text="when the client approved it: final from then on", null=True
                    ),
                ),
            ],
            options={
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="ScriptApproval",
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
                    models.CharField(help_text='as written: a substitute signs "A for B"', max_length=260),
                ),
                ("organisation_name", models.CharField(max_length=120)),
                ("address", models.CharField(blank=True, max_length=45)),
                ("signed_at", models.DateTimeField()),
                ("content_hash", models.CharField(max_length=64)),
                ("consent", models.TextField(help_text="the sentence that the person agreed to")),
                (
                    "recertify",
                    models.BooleanField(
                        default=True, help_text="the client asks that agents are certified again"
                    ),
                ),
            ],
            options={
                "ordering": ["signed_at"],
            },
        ),
        migrations.CreateModel(
            name="ScriptFile",
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
        ),
        migrations.CreateModel(
            name="ScriptUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_name", models.CharField(max_length=260)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="agent",
            name="belongs_to",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="codes",
                to="engagements.agent",
            ),
        ),
        migrations.AddField(
            model_name="agent",
            name="display_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="agent",
            name="linked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="agent",
            name="public_id",
            field=models.UUIDField(
                db_default=django.db.models.functions.uuid.UUID7(), editable=False, unique=True
            ),
        ),
        migrations.AddField(
            model_name="engagement",
            name="cleared_at",
            field=models.DateTimeField(
                help_text="when both sides had signed the launch clearance: nobody dials before", null=True
            ),
        ),
        migrations.AlterField(
            model_name="agent",
            name="name",
            field=models.CharField(help_text="the dialer's code", max_length=120),
        ),
        migrations.AddConstraint(
            model_name="agent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("belongs_to__isnull", True), ("linked_at__isnull", True)),
                    models.Q(("belongs_to__isnull", False), ("linked_at__isnull", False)),
                    _connector="OR",
                ),
                name="agent_linked_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="agent",
            constraint=models.CheckConstraint(
                condition=models.Q(("belongs_to", models.F("id")), _negated=True),
                name="agent_belongs_to_another",
            ),
        ),
        migrations.AddField(
            model_name="certification",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="certifications",
                to="engagements.agent",
            ),
        ),
        migrations.AddField(
            model_name="certification",
            name="assessor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="certification",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="rosterentry",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="engagements.agent"
            ),
        ),
        migrations.AddField(
            model_name="rosterentry",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="rosterentry",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="script",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="script",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="scripts",
                to="engagements.engagement",
            ),
        ),
        migrations.AddField(
            model_name="certification",
            name="script",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="engagements.script",
            ),
        ),
        migrations.AddField(
            model_name="scriptapproval",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="scriptapproval",
            name="script",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to="engagements.script"
            ),
        ),
        migrations.AddField(
            model_name="scriptapproval",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="scriptfile",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="scriptfile",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddField(
            model_name="script",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="engagements.scriptfile",
            ),
        ),
        migrations.AddField(
            model_name="scriptuse",
            name="approval",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="uses",
                to="engagements.scriptapproval",
            ),
        ),
        migrations.AddField(
            model_name="scriptuse",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="scriptuse",
            name="engagement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="engagements.engagement"
            ),
        ),
        migrations.AddConstraint(
            model_name="certification",
            constraint=models.CheckConstraint(
                condition=models.Q(("pass_mark__lte", 100), ("score__lte", 100)), name="score_of_a_hundred"
            ),
        ),
        migrations.AddConstraint(
            model_name="certification",
            constraint=models.CheckConstraint(
                condition=models.Q(("passed", False), ("score__gte", models.F("pass_mark")), _connector="OR"),
                name="passed_with_the_pass_mark",
                violation_error_message="Who passes has reached the pass mark.",
            ),
        ),
        migrations.AddConstraint(
            model_name="certification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "script"), _negated=True), ("script__isnull", False), _connector="OR"
                ),
                name="script_certification_names_its_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="scriptapproval",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement"), name="script_approval_in_engagement"
            ),
        ),
        migrations.AddConstraint(
            model_name="scriptapproval",
            constraint=models.UniqueConstraint(
                fields=("engagement", "script", "side", "content_hash"), name="script_approved_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="scriptfile",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="script_file_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="script_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.UniqueConstraint(fields=("engagement", "version"), name="script_version_once"),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approved_at__isnull", True), ("returned_at__isnull", True)),
                fields=("engagement",),
                name="one_open_script",
                violation_error_message="There is a version already that is written or reviewed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("recertify", True), models.Q(("recertify_reason", ""), _negated=True), _connector="OR"
                ),
                name="not_certified_again_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("returned_at__isnull", True),
                    models.Q(
                        ("approved_at__isnull", True),
                        ("sent_at__isnull", False),
                        models.Q(("return_note", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="script_returned_with_a_note",
            ),
        ),
        migrations.AddConstraint(
            model_name="script",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_at__isnull", True), ("sent_at__isnull", False), _connector="OR"
                ),
                name="script_approved_after_review",
            ),
        ),
        migrations.AddConstraint(
            model_name="scriptuse",
            constraint=models.UniqueConstraint(fields=("engagement", "approval"), name="script_used_once"),
        ),
    ]
