"""Migration operations that put a table behind the wall.

Each reads as the SQL that it runs. A test walks the catalogue and fails for a tenant table without them.
"""

from django.db.migrations.operations import RunSQL

ROLES = "app_web, app_worker"
IN_ENGAGEMENT = "{column} = ANY ((SELECT app.engagements())::bigint[])"
IN_ORGANISATION = "{column} = ANY ((SELECT app.organisations())::bigint[])"

OWN_SIDE = """
    {user} = (SELECT nullif(current_setting('app.user', true), '')::bigint)
    AND EXISTS (SELECT 1 FROM engagements_engagement e WHERE e.id = engagement_id
        AND CASE {side} WHEN 'client' THEN e.client_id WHEN 'operator' THEN e.operator_id END
            = ANY ((SELECT app.organisations())::bigint[]))
"""

# Of this side, and not of the other as well: who acts for both organisations at once reads the notes of neither.
READERS_SIDE = """
    side = '' OR EXISTS (SELECT 1 FROM engagements_engagement e WHERE e.id = engagement_id
        AND CASE side WHEN 'client' THEN e.client_id WHEN 'operator' THEN e.operator_id END
            = ANY ((SELECT app.organisations())::bigint[])
        AND CASE side WHEN 'client' THEN e.operator_id WHEN 'operator' THEN e.client_id END
            <> ALL ((SELECT app.organisations())::bigint[]))
"""


def _protect(table: str, using: str, check: str) -> RunSQL:
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY tenant ON {table} TO {ROLES} USING ({using}) WITH CHECK ({check});
        """,
        f"""
        DROP POLICY tenant ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def engagement_table(table: str, column: str = "engagement_id") -> RunSQL:
    """A table whose rows belong to an engagement: visible to those who may see that engagement."""
    rule = IN_ENGAGEMENT.format(column=column)
    return _protect(table, rule, rule)


def organisation_table(table: str, column: str = "organisation_id") -> RunSQL:
    """A table whose rows belong to one organisation: visible to its members only."""
    rule = IN_ORGANISATION.format(column=column)
    return _protect(table, rule, rule)


def policy_table(table: str, *, using: str, check: str) -> RunSQL:
    """A table with a rule of its own."""
    return _protect(table, using, check)


def same_engagement(child: str, column: str, parent: str) -> RunSQL:
    """A foreign key that cannot point into another engagement.

    A single-column key accepts a row that the writer cannot see; `(id, engagement_id)` does not. The parent
    needs a unique constraint on both columns.
    """
    name = f"{child}_{column}_same_engagement"[:63]
    return RunSQL(
        f"""
        ALTER TABLE {child} ADD CONSTRAINT {name}
            FOREIGN KEY ({column}, engagement_id) REFERENCES {parent} (id, engagement_id)
            DEFERRABLE INITIALLY DEFERRED;
        """,
        f"ALTER TABLE {child} DROP CONSTRAINT {name};",
    )


def same_engagement_by_statement(child: str, **parents: str) -> RunSQL:
    """`same_engagement` for a table that is written by the hundred thousand, with a parent for each column.

    Three triggers do what the keys do: rows that a statement adds are checked together, a row keeps what it points at,
    and a parent stays while rows point at it (ADR 0015). In place of keys that are there, so that nothing is ever
    without: use it in a migration that is not atomic.
    """
    columns = ", ".join((*parents, "engagement_id"))
    old, new = (", ".join(f"{row}.{name}" for name in (*parents, "engagement_id")) for row in ("OLD", "NEW"))
    names = {column: f"{child}_{column}_same_engagement"[:63] for column in parents}
    kept = {column: f"referred_by_{child}_{column}"[:63] for column in parents}
    return RunSQL(
        [
            f"""
            CREATE OR REPLACE TRIGGER same_engagement AFTER INSERT ON {child} REFERENCING NEW TABLE AS arrived
                FOR EACH STATEMENT
                EXECUTE FUNCTION app.same_engagement({", ".join(f"'{x}'" for pair in parents.items() for x in pair)});
            CREATE OR REPLACE TRIGGER stays BEFORE UPDATE OF {columns} ON {child} FOR EACH ROW
                WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION app.refuse_move();
            """,
            *(
                f"""
                CREATE OR REPLACE TRIGGER {kept[column]} AFTER DELETE OR UPDATE OF id, engagement_id ON {parent}
                    FOR EACH ROW EXECUTE FUNCTION app.still_referred('{child}', '{column}');
                """
                for column, parent in parents.items()
            ),
            *(f"ALTER TABLE {child} DROP CONSTRAINT IF EXISTS {name};" for name in names.values()),
        ],
        [
            *(
                statement
                for column, parent in parents.items()
                for statement in (
                    f"""
                    ALTER TABLE {child} ADD CONSTRAINT {names[column]}
                        FOREIGN KEY ({column}, engagement_id) REFERENCES {parent} (id, engagement_id)
                        DEFERRABLE INITIALLY DEFERRED NOT VALID;
                    """,
                    f"ALTER TABLE {child} VALIDATE CONSTRAINT {names[column]};",
                )
            ),
            *(f"DROP TRIGGER {kept[column]} ON {parent};" for column, parent in parents.items()),
            f"DROP TRIGGER stays ON {child};",
            f"DROP TRIGGER same_engagement ON {child};",
        ],
    )


def append_only(table: str) -> RunSQL:
    """A table whose rows are never changed and never deleted, whoever asks."""
    return RunSQL(
        f"""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION app.refuse_change();
        """,
        f"DROP TRIGGER append_only ON {table};",
    )


def own_signature(table: str) -> RunSQL:
    """A table of signatures: a person signs in their own name, for the side on which their organisation stands."""
    rule = OWN_SIDE.format(user="user_id", side="side")
    return RunSQL(
        f"CREATE POLICY own_signature ON {table} AS RESTRICTIVE FOR INSERT TO {ROLES} WITH CHECK ({rule});",
        f"DROP POLICY own_signature ON {table};",
    )


def own_words(table: str) -> RunSQL:
    """A table of what people say: everybody speaks in their own name, for the side of their organisation."""
    rule = OWN_SIDE.format(user="by_id", side="by_side")
    return RunSQL(
        f"CREATE POLICY own_words ON {table} AS RESTRICTIVE FOR INSERT TO {ROLES} WITH CHECK ({rule});",
        f"DROP POLICY own_words ON {table};",
    )


def private_to_side(table: str) -> RunSQL:
    """A table with rows of one side: a row whose `side` is not empty exists for people of that side only."""
    return RunSQL(
        f"""
        CREATE POLICY own_side ON {table} AS RESTRICTIVE TO {ROLES}
            USING ({READERS_SIDE}) WITH CHECK ({READERS_SIDE});
        """,
        f"DROP POLICY own_side ON {table};",
    )
