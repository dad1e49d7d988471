"""A check whose evidence ends before the launch is reminded of: it is not passed, whatever day it is."""

import importlib

from django.db import migrations

before = importlib.import_module("milestones.migrations.0013_remind_as_judged")

AT_THE_LAUNCH = before.JUDGED.replace("r.expires_on > h.day", "r.expires_on > greatest(h.day, e.launch_on)")


class Migration(migrations.Migration):
    dependencies = [("milestones", "0015_conditions_of_a_passed_gate")]

    operations = [
        migrations.RunSQL(
            before.replacing(before.NEWEST, AT_THE_LAUNCH), before.replacing(before.NEWEST, before.JUDGED)
        )
    ]
