"""What happens around a gate besides its report and its signatures, behind the wall and append-only."""

import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import append_only, engagement_table, own_signature, same_engagement


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0005_substitute"),
        ("milestones", "0005_signed_for"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GateEvent",
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
                            ("hold", "put on hold"),
                            ("release", "hold ended"),
                            ("decline", "declined"),
                            ("take_back", "decline taken back"),
                            ("send_back", "sent back to work"),
                            ("recycle", "back to work because a fact changed"),
                            ("request", "asked to sign"),
                            ("found", "found after it had passed"),
                            ("settled", "settled"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "side",
                    models.CharField(choices=[("client", "Client"), ("operator", "Operator")], max_length=10),
                ),
                (
                    "name",
                    models.CharField(help_text='as written: a substitute acts as "A for B"', max_length=260),
                ),
                ("organisation_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="the reason, in the person's words or as it was computed"
                    ),
                ),
                ("until", models.DateField(help_text="the day on which a hold ends by itself", null=True)),
                ("document_sha256", models.CharField(blank=True, max_length=64)),
                ("document_version", models.PositiveSmallIntegerField(null=True)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="milestones.gateevent",
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
                    "gate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="milestones.gate",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.participant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("id", "engagement"), name="gate_event_in_engagement"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "hold"), _negated=True),
                            ("until__isnull", False),
                            _connector="OR",
                        ),
                        name="hold_until_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "request"), _negated=True),
                            ("person__isnull", False),
                            _connector="OR",
                        ),
                        name="request_to_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "settled"), _negated=True),
                            ("about__isnull", False),
                            _connector="OR",
                        ),
                        name="settled_names_what",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "settled")),
                        fields=("engagement", "about"),
                        name="settled_once",
                    ),
                ],
            },
        ),
        engagement_table("milestones_gateevent"),
        same_engagement("milestones_gateevent", "gate_id", "milestones_gate"),
        same_engagement("milestones_gateevent", "person_id", "engagements_participant"),
        same_engagement("milestones_gateevent", "about_id", "milestones_gateevent"),
        append_only("milestones_gateevent"),
        own_signature("milestones_gateevent"),
    ]
