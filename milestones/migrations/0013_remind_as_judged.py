"""Checks are reminded of as the setup judges them now: not by their newest test alone."""

import importlib

from django.db import migrations

before = importlib.import_module("milestones.migrations.0012_reminders")

# A check is open again once its evidence has expired. One that follows from transfer lines or from real leads may have
# no test of its own: where there are any, the service that writes the mail judges it. After the day-10 gate none is.
NEWEST = """NOT coalesce((SELECT r.passed FROM milestones_checkresult r WHERE r.check_tested_id = c.id
                              ORDER BY r.tested_at DESC, r.id DESC LIMIT 1), false)"""
JUDGED = """EXISTS (SELECT 1 FROM here h JOIN engagements_engagement e ON e.id = h.id AND e.passed_day < 10
                        WHERE h.id = c.engagement_id
                          AND (NOT coalesce((SELECT r.passed AND (r.expires_on IS NULL OR r.expires_on > h.day)
                                               FROM milestones_checkresult r WHERE r.check_tested_id = c.id
                                              ORDER BY r.tested_at DESC, r.id DESC LIMIT 1), false)
                               OR (c.code = 'dialer-transfers' AND EXISTS (
                                       SELECT 1 FROM milestones_transferline l WHERE l.engagement_id = c.engagement_id))
                               OR (c.code IN ('live-day-8', 'live-day-9') AND EXISTS (
                                       SELECT 1 FROM milestones_leadtest t WHERE t.engagement_id = c.engagement_id))))"""


def replacing(old: str, new: str) -> str:
    door = before.DOOR.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    if old not in door:
        raise ValueError("the door of the reminders has changed")
    return door.replace(old, new)


class Migration(migrations.Migration):
    dependencies = [("milestones", "0012_reminders")]

    operations = [migrations.RunSQL(replacing(NEWEST, JUDGED), replacing(NEWEST, NEWEST))]
