"""Empties the tables that a transactional test wrote to; the others, more than a hundred, cost nothing."""

from functools import cache
from graphlib import TopologicalSorter

from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from tests.stage import backstage
from workspace.management.commands.demo_data import STAYS

TRAIL = sql.Identifier("app", "trail")


def empty_what_was_written() -> None:
    """Take every row out again but those that the migrations brought."""
    with backstage(), connection.cursor() as cursor:
        cursor.execute(_written())
        written = {table for (table,) in cursor.fetchall()}
        with transaction.atomic():
            for table in (one for one in _leaves_first() if one in written):
                _run(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", table)
                _run(cursor, "DELETE FROM {}", table)
                # What is checked at the end is checked now: a table that waits for a check cannot be altered.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                _run(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", table)
            cursor.execute("ALTER TABLE app.trail DISABLE TRIGGER no_truncate")
            cursor.execute("TRUNCATE app.trail RESTART IDENTITY")
            cursor.execute("ALTER TABLE app.trail ENABLE TRIGGER no_truncate")


def _run(cursor: object, statement: str, table: str) -> None:
    cursor.execute(sql.SQL(statement).format(sql.Identifier(table)))


@cache
def _leaves_first() -> tuple[str, ...]:
    """The tables, each before those that it refers to."""
    refers = {
        model._meta.db_table: {
            field.related_model._meta.db_table
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model is not model
        }
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in STAYS
    }
    return tuple(reversed([*TopologicalSorter(refers).static_order()]))


@cache
def _written() -> sql.Composed:
    """The statement that names the tables with a row."""
    asked = "SELECT {} WHERE EXISTS (SELECT 1 FROM {})"
    return sql.SQL(" UNION ALL ").join(
        sql.SQL(asked).format(sql.Literal(table), sql.Identifier(table)) for table in _leaves_first()
    )
