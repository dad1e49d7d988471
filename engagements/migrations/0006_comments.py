"""Comments that both sides read, and notes that one side keeps to itself."""

import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import append_only, engagement_table, own_words, private_to_side, same_engagement

SAME_SIDE = "ALTER TABLE {table} ADD CONSTRAINT {table}_same_side FOREIGN KEY (comment_id, engagement_id, side) REFERENCES engagements_comment (id, engagement_id, side) DEFERRABLE INITIALLY DEFERRED;"
ANY_SIDE = "ALTER TABLE {table} DROP CONSTRAINT {table}_same_side;"


def _beside_its_comment(table):
    """What hangs on a private note is as private."""
    return [
        engagement_table(table),
        private_to_side(table),
        same_engagement(table, "comment_id", "engagements_comment"),
        migrations.RunSQL(SAME_SIDE.format(table=table), ANY_SIDE.format(table=table)),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0005_substitute"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Comment",
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
                ("about", models.CharField(max_length=120)),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[("client", "Client"), ("operator", "Operator")],
                        help_text="empty: both sides",
                        max_length=10,
                        verbose_name="read by",
                    ),
                ),
                ("text", models.TextField()),
                ("by_name", models.CharField(max_length=120)),
                (
                    "by_side",
                    models.CharField(
                        choices=[("client", "Client"), ("operator", "Operator")],
                        max_length=10,
                        verbose_name="spoke for",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("page", models.CharField(max_length=300)),
                ("title", models.CharField(blank=True, max_length=200)),
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
                        related_name="comments",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Mention",
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
                    models.CharField(
                        blank=True,
                        choices=[("client", "Client"), ("operator", "Operator")],
                        help_text="as of its comment",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="engagements.comment",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[("client", "Client"), ("operator", "Operator")],
                        help_text="as of its comment",
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="withdrawals",
                        to="engagements.comment",
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
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["engagement", "about", "at"], name="comment_about"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(fields=("id", "engagement"), name="comment_in_engagement"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                fields=("id", "engagement", "side"), name="comment_on_its_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("side", ""), ("side", models.F("by_side")), _connector="OR"),
                name="note_of_own_side",
                violation_error_message="A private note belongs to the side of its author.",
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)), fields=["user"], name="mention_unread"
            ),
        ),
        migrations.AddConstraint(
            model_name="mention",
            constraint=models.UniqueConstraint(
                fields=("engagement", "comment", "user"),
                name="mentioned_once",
                violation_error_message="This person is mentioned already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.UniqueConstraint(
                fields=("engagement", "comment"),
                name="withdrawn_once",
                violation_error_message="This comment is withdrawn already.",
            ),
        ),
        engagement_table("engagements_comment"),
        private_to_side("engagements_comment"),
        own_words("engagements_comment"),
        append_only("engagements_comment"),
        *_beside_its_comment("engagements_mention"),
        *_beside_its_comment("engagements_withdrawal"),
        append_only("engagements_withdrawal"),
    ]
