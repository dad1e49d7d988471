"""Whoever still writes when a sample is removed is through before, or finds it gone: no line of the trail outlives it."""

from importlib import import_module

from django.db import migrations

rewritten = import_module("tenancy.migrations.0006_samples_leave").rewritten

APPEND = "append_trail(bigint, bigint, text, text, text, text, text, jsonb, jsonb, timestamptz)"
ASKED = "    PERFORM pg_advisory_xact_lock("
THERE = """    IF p_engagement IS NOT NULL THEN
        PERFORM 1 FROM engagements_engagement e WHERE e.id = p_engagement FOR KEY SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION ''% is gone'', v_chain USING ERRCODE = ''foreign_key_violation'';
        END IF;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0006_samples_leave")]
    operations = [
        migrations.RunSQL(
            rewritten(APPEND, f"replace(v_old, '{ASKED}', '{THERE}{ASKED}')"),
            rewritten(APPEND, f"replace(v_old, '{THERE}', '')"),
        )
    ]
