"""Gates that have passed already are told to their engagements."""

from django.db import migrations

FILL = """
UPDATE engagements_engagement SET passed_day = passed.day
  FROM (SELECT engagement_id, max(day) AS day FROM milestones_gate WHERE passed_at IS NOT NULL GROUP BY engagement_id)
       AS passed
 WHERE passed.engagement_id = engagements_engagement.id
"""


class Migration(migrations.Migration):
    dependencies = [("milestones", "0002_wall"), ("engagements", "0004_passed_day")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
