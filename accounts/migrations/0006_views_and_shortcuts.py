"""What a person sets for themselves: lists under a name of their own, and whether keys are shortcuts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import UUID7

from tenancy.operations import policy_table

OWN = (
    "user_id = (SELECT nullif(current_setting('app.user', true), '')::bigint)"
    " AND organisation_id = ANY ((SELECT app.organisations())::bigint[])"
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_brand")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="shortcuts",
            field=models.BooleanField(
                db_default=True, default=True, help_text="whether single keys are shortcuts"
            ),
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(db_default=UUID7(), editable=False, unique=True)),
                ("page", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60)),
                (
                    "query",
                    models.CharField(help_text="the question of the page's address", max_length=500),
                ),
                (
                    "lands",
                    models.BooleanField(default=False, help_text="what the page opens with"),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "user", "page", "name"),
                        name="one_view_of_a_name",
                        violation_error_message="You have a view of this name already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lands", True)),
                        fields=("organisation", "user", "page"),
                        name="one_view_to_land_on",
                    ),
                ],
            },
        ),
        policy_table("accounts_savedview", using=OWN, check=OWN),
    ]
