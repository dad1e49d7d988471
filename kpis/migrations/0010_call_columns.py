"""What further columns of an export say of a call: adding them rewrites no row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0009_breaches_wall"),
    ]

    operations = [
        migrations.AddField(
            model_name="callrecord",
            name="attempt",
            field=models.IntegerField(help_text="which call to this lead it was, from 1", null=True),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="call_ref",
            field=models.CharField(
                blank=True, db_default="", help_text="the source's call id", max_length=120
            ),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="closer",
            field=models.CharField(blank=True, db_default="", max_length=120),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="direction",
            field=models.CharField(
                blank=True,
                choices=[("inbound", "Inbound"), ("outbound", "Outbound")],
                db_default="",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="lead_created_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="lead_zone",
            field=models.CharField(blank=True, db_default="", help_text="as the file says", max_length=64),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="postal_code",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="recording",
            field=models.CharField(blank=True, db_default="", max_length=500),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="region",
            field=models.CharField(blank=True, db_default="", help_text="state, as written", max_length=80),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="talk_s",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="callrecord",
            name="wrap_s",
            field=models.IntegerField(null=True),
        ),
    ]
