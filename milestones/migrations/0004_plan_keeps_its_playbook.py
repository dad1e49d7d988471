"""A plan keeps the whole playbook that it was made from; a later edition of the file changes no running engagement."""

import json
from pathlib import Path

import yaml
from django.db import migrations, models

VERSION_1 = Path(__file__).parent / "calling_90_days_version_1.yaml"
FILL = "UPDATE milestones_plan SET playbook_content = %s::jsonb WHERE playbook_content IS NULL"

KEEP = """
CREATE FUNCTION app.keep_playbook() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.playbook, NEW.playbook_version, NEW.playbook_content) IS DISTINCT FROM
       (OLD.playbook, OLD.playbook_version, OLD.playbook_content) THEN
        RAISE EXCEPTION 'a plan keeps the playbook that it was made from' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_playbook BEFORE UPDATE ON milestones_plan FOR EACH ROW EXECUTE FUNCTION app.keep_playbook();
"""


class Migration(migrations.Migration):
    dependencies = [("milestones", "0003_passed_day")]
    operations = [
        migrations.AddField("plan", "playbook_content", models.JSONField(null=True)),
        migrations.AddField("plan", "playbook_source", models.UUIDField(null=True, editable=False)),
        migrations.RunSQL(
            [(FILL, [json.dumps(yaml.safe_load(VERSION_1.read_text(encoding="utf-8")))])],
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("plan", "playbook_content", models.JSONField()),
        migrations.RunSQL(
            KEEP, "DROP TRIGGER keep_playbook ON milestones_plan; DROP FUNCTION app.keep_playbook();"
        ),
    ]
