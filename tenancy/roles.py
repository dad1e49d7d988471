"""The database roles and what each may do. `manage.py setup_database` makes them; `migrate` grants."""

from django.db import connection

OWNER = "tollgate_owner"  # NOLOGIN; owns every table
MIGRATE = "tollgate_migrate"  # LOGIN, BYPASSRLS; runs migrations, hands what it makes to the owner
DEFINER = "app_definer"  # NOLOGIN, BYPASSRLS; owns the few SECURITY DEFINER functions
WEB = "app_web"  # LOGIN; the web server
WORKER = "app_worker"  # LOGIN; the background worker and beat
BACKUP = "tollgate_backup"  # NOLOGIN until a password is set; BYPASSRLS; reads everything
TEST = "tollgate_test"  # LOGIN, only on machines that run the tests


class UnsafeRole(RuntimeError):
    """The application is connected as a role that row level security does not bind."""


def assert_plain_role() -> None:
    """Refuse to serve as superuser, with BYPASSRLS or as an owner of tables: such roles ignore policies."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT current_user, r.rolsuper, r.rolbypassrls,
                   EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p', 'v'))
            FROM pg_roles r WHERE r.rolname = current_user
            """
        )
        name, superuser, bypass, owner = cursor.fetchone()
    if superuser or bypass or owner:
        raise UnsafeRole(
            f"The database role {name} is not bound by row level security (superuser: {superuser}, "
            f"BYPASSRLS: {bypass}, owner: {owner}). Point DATABASE_URL at {WEB} or {WORKER}."
        )


# What holds for the database itself; a copy of a database does not inherit it.
# An import gathers its rows in a temporary table first: COPY is refused where rows are guarded.
ON_THE_DATABASE = (
    "REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC",
    f"GRANT TEMPORARY ON DATABASE {{}} TO {WEB}, {WORKER}",
)


def grant_after_migrate(**_: object) -> None:
    """Hand new tables to the owner and grant the plain roles what they need. Safe to repeat.

    The definer deletes what goes with a sample (`app.remove_sample`), and nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] != MIGRATE:
            return
        cursor.execute(
            f"""
            REASSIGN OWNED BY {MIGRATE} TO {OWNER};
            GRANT USAGE ON SCHEMA public TO {WEB}, {WORKER}, {DEFINER}, {BACKUP};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WEB}, {WORKER};
            REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {WEB}, {WORKER};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WEB}, {WORKER};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {DEFINER};
            GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {DEFINER};
            GRANT SELECT ON ALL TABLES IN SCHEMA public, app TO {BACKUP};
            GRANT SELECT ON ALL SEQUENCES IN SCHEMA public, app TO {BACKUP};
            """
        )
        cursor.execute("SELECT quote_ident(current_database())")
        database = cursor.fetchone()[0]
        for grant in ON_THE_DATABASE:
            cursor.execute(grant.format(database))
