"""Questions to the database's own catalogue, for the tests that walk it."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

PLAIN_ROLES = ("app_web", "app_worker")


def rows(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters) or None)
        return cursor.fetchall()


def column(sql: str, *parameters: object) -> list[Any]:
    return [row[0] for row in rows(sql, *parameters)]


def tables() -> list[str]:
    """Every table and partition of the application's own schema."""
    return column(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " ORDER BY 1"
    )


def tables_with(*columns: str) -> list[str]:
    return column(
        """
        SELECT DISTINCT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND a.attname = ANY (%s) AND NOT a.attisdropped ORDER BY 1
        """,
        list(columns),
    )


@dataclass(frozen=True)
class Policy:
    """One row of pg_policies, with its roles as a set."""

    table: str
    name: str
    permissive: bool
    roles: frozenset[str]
    command: str
    using: str | None
    check: str | None

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def policies() -> list[Policy]:
    return [
        Policy(table, name, permissive == "PERMISSIVE", frozenset(roles), command, using, check)
        for table, name, permissive, roles, command, using, check in rows(
            "SELECT tablename::text, policyname::text, permissive, roles::text[], cmd, qual, with_check"
            " FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"
        )
    ]


@dataclass(frozen=True)
class Key:
    """A foreign key, with the names of its columns on both ends."""

    child: str
    columns: tuple[str, ...]
    parent: str
    name: str


def foreign_keys() -> list[Key]:
    return [
        Key(child, tuple(columns), parent, name)
        for child, columns, parent, name in rows(
            """
            SELECT conrelid::regclass::text, ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(n, i)
                     JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = n ORDER BY i),
                   confrelid::regclass::text, conname::text
              FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 4
            """
        )
    ]


def keys_by_statement() -> set[tuple[str, str, str]]:
    """Child, column and parent of each key that app.same_engagement proves, with all that a key does: rows that come
    in are checked, a row keeps what it points at, and the parent stays. A trigger that is off or asks less is none."""
    triggers = rows(
        """
        SELECT tgrelid::regclass::text, p.proname::text, tgtype, tgnewtable::text, tgqual IS NOT NULL,
               string_to_array(rtrim(encode(tgargs, 'escape'), '\\000'), '\\000'),
               ARRAY(SELECT a.attname::text FROM pg_attribute a
                      WHERE a.attrelid = tgrelid AND a.attnum = ANY (tgattr::smallint[])
                      ORDER BY a.attname <> 'id', a.attname),
               pg_get_triggerdef(t.oid)
          FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid AND p.pronamespace = 'app'::regnamespace
         WHERE tgenabled = 'O' AND NOT tgisinternal
        """
    )
    row, before, insert, delete, update = 1, 2, 4, 8, 16
    arriving: set[tuple[str, str, str]] = set()
    staying: set[tuple[str, str]] = set()
    referred: set[tuple[str, str, str]] = set()
    for table, function, kind, arrived, conditional, arguments, columns, definition in triggers:
        if (function, kind, arrived, conditional) == ("same_engagement", insert, "arrived", False):
            arriving |= {(table, *pair) for pair in zip(arguments[::2], arguments[1::2], strict=True)}
        elif function == "refuse_move" and kind == row | before | update:
            asked = {
                name
                for name in columns
                if all(f"{side}.{name}" in definition.replace(")", ",") for side in ("old", "new"))
            }
            staying |= {(table, name) for name in asked if "engagement_id" in asked}
        elif (function, kind, conditional, columns) == (
            "still_referred", row | delete | update, False, ["id", "engagement_id"],
        ):  # fmt: skip
            referred.add((*arguments, table))
    return {key for key in arriving & referred if key[:2] in staying}


def unique_keys(table: str) -> list[tuple[str, tuple[str, ...]]]:
    """Name and columns of each unique index other than the primary key."""
    return [
        (name, tuple(columns))
        for name, columns in rows(
            """
            SELECT i.indexrelid::regclass::text,
                   ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(n, o)
                     JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = n ORDER BY o)
              FROM pg_index i WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary ORDER BY 1
            """,
            table,
        )
    ]
