"""The tables are what the models say, and what a first start leaves out is left out on a first start only."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.state import ModelState, ProjectState

from tenancy.management.commands.migrate import few_classes
from tests.databases import ROOT
from tests.stage import backstage

pytestmark = pytest.mark.django_db
COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull FROM pg_attribute a
     WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped"""
# As PostgreSQL writes the types that Django names shorter.
WRITTEN = (("varchar", "character varying"), ("time", "time without time zone"))
OURS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and (ROOT / model._meta.app_config.name).is_dir()
]


def _type_of(field: models.Field) -> str:
    kind = (field.db_type(connection) or "").replace(", ", ",")
    for short, long in WRITTEN:
        kind = re.sub(rf"^{short}\b(?! with)", long, kind)
    return kind


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_table_has_the_columns_keys_and_constraints_of_its_model(model: type[models.Model]) -> None:
    meta = model._meta
    with backstage(), connection.cursor() as cursor:
        cursor.execute(COLUMNS, [meta.db_table])
        columns = {name: (kind, null) for name, kind, null in cursor.fetchall()}
        there = connection.introspection.get_constraints(cursor, meta.db_table)
    assert columns == {field.column: (_type_of(field), field.null) for field in meta.local_concrete_fields}
    named = {one.name for one in (*meta.constraints, *meta.indexes)}
    assert named - set(there) == set()
    for field in meta.local_concrete_fields:
        held = [one for one in there.values() if field.column in one["columns"]]
        if field.is_relation and field.db_constraint:
            to = field.target_field.model._meta.db_table
            assert to in {one["foreign_key"][0] for one in held if one["foreign_key"]}, field.name
        if field.unique:
            assert any(one["unique"] and one["columns"] == [field.column] for one in held), field.name


def _two_related() -> ProjectState:
    key = models.BigAutoField(primary_key=True)
    to_it = models.ForeignKey("some.Held", models.CASCADE)
    state = ProjectState()
    state.add_model(ModelState("some", "Held", [("id", key)]))
    state.add_model(ModelState("some", "Holder", [("id", key.clone()), ("held", to_it)]))
    return state


def test_a_first_start_makes_one_class_anew_and_all_of_them_for_whoever_asks() -> None:
    state = _two_related()
    holder = state.apps.get_model("some", "Holder")
    with few_classes():
        state.add_field("some", "held", "name", models.TextField(), True)
    assert state.apps.get_model("some", "Holder") is holder
    assert state.apps.get_model("some", "Held")._meta.get_field("name")
    state.clear_delayed_apps_cache()  # as every migration does that works with the models
    assert (
        state.apps.get_model("some", "Holder")._meta.get_field("held").related_model._meta.get_field("name")
    )


def test_where_migrations_have_run_they_run_as_django_runs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, seen = ProjectState._find_reload_model, []
    command = "django.core.management.commands.migrate.Command.handle"
    monkeypatch.setattr(command, lambda *_, **__: seen.append(ProjectState._find_reload_model))
    with backstage():
        call_command("migrate", verbosity=0)
    assert seen == [usual]
