"""Tools of the mutation tests: break a rule of the database, look, and put it back."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, connection, models, transaction
from psycopg import errors, sql

from tests.stage import backstage

FRESH = 9_000_000_000  # an id that no sequence of a test reaches

Promises = dict[str, bool]


def execute(statement: sql.Composable, *parameters: object) -> int:
    """Run one statement; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.rowcount


def refusal(statement: sql.Composable, *parameters: object) -> DatabaseError | None:
    """The error that the statement ends in, or None; either way nothing of it stays."""
    try:
        with transaction.atomic():
            execute(statement, *parameters)
            execute(sql.SQL("SET CONSTRAINTS ALL IMMEDIATE"))
            transaction.set_rollback(True)
    except DatabaseError as error:
        return error
    return None


def refused_by_policy(statement: sql.Composable, *parameters: object) -> bool:
    """Whether row level security itself refuses the statement; any other outcome means that it let it through."""
    error = refusal(statement, *parameters)
    return isinstance(
        error and error.__cause__, errors.InsufficientPrivilege
    ) and "row-level security" in str(error)


def refused_by_trigger(statement: sql.Composable, *parameters: object) -> bool:
    """Whether a trigger of ours refuses the statement."""
    error = refusal(statement, *parameters)
    return isinstance(error and error.__cause__, errors.RestrictViolation)


def copy_of(row: models.Model, **changes: object) -> tuple[sql.Composable, str]:
    """The INSERT of another such row, with a new id."""
    table = sql.Identifier(row._meta.db_table)
    with backstage(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE id = %s").format(table), [row.pk])
        values: dict[str, Any] = json.loads(cursor.fetchone()[0])
    fresh = {"id": FRESH, "public_id": str(uuid4()), "token_hash": uuid4().hex}
    values |= {name: value for name, value in fresh.items() if name in values} | changes
    statement = sql.SQL("INSERT INTO {t} SELECT (jsonb_populate_record(NULL::{t}, %s::jsonb)).*").format(
        t=table
    )
    return statement, json.dumps(values)


def broken(mutate: Callable[[], object], probe: Callable[[], Promises]) -> set[str]:
    """Which promises no longer hold after the mutation, which is undone."""
    with transaction.atomic():
        mutate()
        found = probe()
        transaction.set_rollback(True)
    return {promise for promise, holds in found.items() if not holds}
