"""A gate that a side holds, or whose report a side has declined, is passed by no code at all."""

import importlib

from django.db import migrations

wall = importlib.import_module("milestones.migrations.0002_wall")

BODY = wall.GATE[
    wall.GATE.index("CREATE FUNCTION app.guard_gate()") : wall.GATE.index("CREATE TRIGGER guard")
]
# The newest word of each side counts, as in `milestones.rules.events`: of a hold any, of a decline that on this document.
STANDING = """    IF NEW.passed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM (SELECT DISTINCT ON (v.side) v.kind, v.until FROM milestones_gateevent v
                        WHERE v.gate_id = NEW.id AND v.kind IN ('hold', 'release')
                        ORDER BY v.side, v.at DESC, v.id DESC) newest
          JOIN engagements_engagement e ON e.id = NEW.engagement_id
         WHERE newest.kind = 'hold' AND (NEW.passed_at AT TIME ZONE e.zone)::date < newest.until) THEN
        RAISE EXCEPTION 'gate % is on hold', NEW.code USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.passed_at IS NOT NULL AND EXISTS (
        SELECT 1 FROM (SELECT DISTINCT ON (v.side) v.kind FROM milestones_gateevent v
                        WHERE v.gate_id = NEW.id AND v.kind IN ('decline', 'take_back')
                          AND v.document_sha256 = NEW.document_sha256
                        ORDER BY v.side, v.at DESC, v.id DESC) newest
         WHERE newest.kind = 'decline') THEN
        RAISE EXCEPTION 'the report of gate % is declined', NEW.code USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
"""


def replacing(end: str) -> str:
    start, separator, rest = BODY.rpartition("    RETURN NEW;\n")
    if not separator:
        raise ValueError("the guard of gates has changed")
    return start.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) + end + rest


class Migration(migrations.Migration):
    dependencies = [("milestones", "0013_remind_as_judged")]

    operations = [migrations.RunSQL(replacing(STANDING), replacing("    RETURN NEW;\n"))]
