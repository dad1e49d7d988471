"""What was answered so far becomes a cause of its own, with the state that it had reached."""

from django.db import migrations

FORWARD = """
INSERT INTO kpis_cause (engagement_id, finding_id, round, side, found, text, by_id, by_name, at)
SELECT f.engagement_id, f.id, 1, f.cause_side, true, f.root_cause, u.id, u.name, f.answered_at
  FROM kpis_finding f
  JOIN engagements_engagement e ON e.id = f.engagement_id
  JOIN accounts_user u ON u.id = coalesce(
       (SELECT x.created_by_id FROM kpis_fix x WHERE x.finding_id = f.id ORDER BY x.id LIMIT 1), e.created_by_id)
 WHERE f.answered_at IS NOT NULL;

UPDATE kpis_fix x SET cause_id = c.id FROM kpis_cause c WHERE c.finding_id = x.finding_id;

UPDATE kpis_finding f SET state = CASE
       WHEN EXISTS (SELECT 1 FROM kpis_fix x WHERE x.finding_id = f.id AND x.done_on IS NOT NULL) THEN 'fixing'
       ELSE 'answered' END
 WHERE f.answered_at IS NOT NULL;

INSERT INTO kpis_findingevent (engagement_id, finding_id, state, why, by_id, by_name, at)
SELECT f.engagement_id, f.id, 'open', '', u.id, u.name, f.opened_at
  FROM kpis_finding f
  JOIN engagements_engagement e ON e.id = f.engagement_id
  LEFT JOIN kpis_baseline b ON b.engagement_id = f.engagement_id AND f.review_day = 30
  JOIN accounts_user u ON u.id = coalesce(b.frozen_by_id, e.created_by_id);
INSERT INTO kpis_findingevent (engagement_id, finding_id, state, why, by_id, by_name, at)
SELECT c.engagement_id, c.finding_id, 'answered', '', c.by_id, c.by_name, c.at FROM kpis_cause c;
"""

BACK = """
UPDATE kpis_finding f SET root_cause = c.said, cause_side = c.side FROM (
    SELECT finding_id, string_agg(text, E'\\n' ORDER BY id) AS said,
           CASE WHEN count(DISTINCT side) = 1 THEN min(side) ELSE 'shared' END AS side
      FROM kpis_cause WHERE found GROUP BY finding_id) c
 WHERE c.finding_id = f.id;
"""


class Migration(migrations.Migration):
    dependencies = [("kpis", "0004_findings_and_what_follows")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
