"""A role's substitute, of the same engagement; a signature says for whom it was given."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tenancy.operations import same_engagement


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0004_passed_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="substitute",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stands_in_for",
                to="engagements.participant",
            ),
        ),
        migrations.AlterField(
            model_name="briefsignature",
            name="name",
            field=models.CharField(help_text='as written: a substitute signs "A for B"', max_length=260),
        ),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.CheckConstraint(
                condition=models.Q(("substitute", models.F("id")), _negated=True),
                name="substitute_is_another",
                violation_error_message="Nobody is their own substitute.",
            ),
        ),
        same_engagement("engagements_participant", "substitute_id", "engagements_participant"),
    ]
