"""An organisation's colour and logo, seen by itself and by the other sides of its engagements, changed by itself only."""

import django.db.models.deletion
from django.db import migrations, models

from tenancy.operations import append_only, policy_table

KNOWN = "organisation_id = ANY ((SELECT app.known_organisations())::bigint[])"
OWN = "organisation_id = ANY ((SELECT app.organisations())::bigint[])"

OWN_ONLY = f"""
CREATE POLICY own_brand_update ON accounts_brand AS RESTRICTIVE FOR UPDATE TO app_web, app_worker USING ({OWN});
CREATE POLICY own_brand_delete ON accounts_brand AS RESTRICTIVE FOR DELETE TO app_web, app_worker USING ({OWN});
"""

OWNERSHIP = """
ALTER FUNCTION app.seats(bigint) OWNER TO app_definer;
REVOKE ALL ON FUNCTION app.seats(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.seats(bigint) TO app_web, app_worker;
"""

SEATS = """
DROP FUNCTION app.seats(bigint);
-- Where a person may sit, with what the frame of a page shows of each organisation: asked before a context exists.
CREATE FUNCTION app.seats(p_user bigint)
RETURNS TABLE (organisation_id bigint, public_id uuid, name text, role text, colour text, logo text,
               width integer, height integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, o.public_id, o.name::text, m.role::text, coalesce(b.colour, '')::text,
           coalesce(l.sha256, '')::text, coalesce(l.width, 0)::integer, coalesce(l.height, 0)::integer
      FROM accounts_membership m JOIN accounts_organisation o ON o.id = m.organisation_id
      JOIN accounts_user u ON u.id = m.user_id
      LEFT JOIN accounts_brand b ON b.organisation_id = o.id
      LEFT JOIN accounts_logo l ON l.organisation_id = o.id AND l.sha256 = b.logo_sha256
     WHERE m.user_id = p_user AND m.ended_at IS NULL AND u.is_active
     ORDER BY o.name
$$;
"""

SEATS_BEFORE = """
DROP FUNCTION app.seats(bigint);
CREATE FUNCTION app.seats(p_user bigint)
RETURNS TABLE (organisation_id bigint, public_id uuid, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id, o.public_id, o.name::text, m.role::text
      FROM accounts_membership m JOIN accounts_organisation o ON o.id = m.organisation_id
      JOIN accounts_user u ON u.id = m.user_id
     WHERE m.user_id = p_user AND m.ended_at IS NULL AND u.is_active
     ORDER BY o.name
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_reminders")]
    operations = [
        migrations.CreateModel(
            name="Logo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField(help_text="an opaque PNG of at most 480 × 160 pixels")),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="logos",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "sha256"), name="logo_once_an_organisation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("colour", models.CharField(blank=True, help_text="#rrggbb, or empty", max_length=7)),
                (
                    "logo_sha256",
                    models.CharField(blank=True, help_text="of one of its logos, or empty", max_length=64),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="brand",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("colour", ""), ("colour__regex", "^#[0-9a-f]{6}$"), _connector="OR"
                        ),
                        name="brand_colour_is_hex",
                        violation_error_message="A colour reads “#0a5fb4”.",
                    )
                ],
            },
        ),
        policy_table("accounts_logo", using=KNOWN, check=OWN),
        append_only("accounts_logo"),
        policy_table("accounts_brand", using=KNOWN, check=OWN),
        migrations.RunSQL(
            OWN_ONLY,
            "DROP POLICY own_brand_update ON accounts_brand; DROP POLICY own_brand_delete ON accounts_brand;",
        ),
        migrations.RunSQL(SEATS + OWNERSHIP, SEATS_BEFORE + OWNERSHIP),
    ]
