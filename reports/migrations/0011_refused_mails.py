"""What a mail host refuses for good is kept; who may not see an engagement any more can still end its reports by mail."""

from django.db import migrations, models

OWN = "user_id = (SELECT nullif(current_setting('app.user', true), '')::bigint)"
IN_ENGAGEMENT = "engagement_id = ANY ((SELECT app.engagements())::bigint[])"
POLICY = "ALTER POLICY tenant ON reports_reportsubscription USING ({using}) WITH CHECK ({check})"


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_told_again")]
    operations = [
        migrations.AddField(
            model_name="reportmail",
            name="refused",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="why the mail host will never take it",
                max_length=200,
            ),
        ),
        migrations.RunSQL(
            POLICY.format(using=OWN, check=f"{OWN} AND {IN_ENGAGEMENT}"),
            POLICY.format(using=f"{OWN} AND {IN_ENGAGEMENT}", check=f"{OWN} AND {IN_ENGAGEMENT}"),
        ),
    ]
