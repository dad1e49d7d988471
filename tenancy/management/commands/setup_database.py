"""Create the database and its roles. Needs a superuser's address once; safe to repeat."""

import os
from urllib.parse import unquote, urlsplit

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg import sql

from tenancy.roles import BACKUP, DEFINER, MIGRATE, OWNER, TEST, WEB, WORKER


def _password(variable: str, role: str) -> str:
    url = os.environ.get(variable, "")
    parts = urlsplit(url)
    if parts.username != role or not parts.password:
        raise CommandError(f"{variable} must hold the address with user {role} and its password.")
    return unquote(parts.password)


class Command(BaseCommand):
    help = (
        "Creates roles and database from DATABASE_ADMIN_URL (a superuser), with the passwords in DATABASE_URL, "
        "DATABASE_WORKER_URL and DATABASE_MIGRATE_URL."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--with-test-role",
            action="store_true",
            help="also the log-in of the tests, from TEST_DATABASE_URL; never where real data is",
        )

    def handle(self, *args: object, **options: object) -> None:
        admin = os.environ.get("DATABASE_ADMIN_URL")
        if not admin:
            raise CommandError("DATABASE_ADMIN_URL is missing: the address of a superuser, used only here.")
        with psycopg.connect(admin, autocommit=True) as connection:
            self._roles(connection)
            if options["with_test_role"]:
                self._test_role(connection)
            self._database(connection)
        self.stdout.write("The database and its roles are ready.")

    def _roles(self, connection: psycopg.Connection) -> None:
        for name, attributes, password in [
            (OWNER, "NOLOGIN", None),
            (DEFINER, "NOLOGIN BYPASSRLS", None),
            (BACKUP, "NOLOGIN BYPASSRLS", None),
            (MIGRATE, "LOGIN BYPASSRLS", _password("DATABASE_MIGRATE_URL", MIGRATE)),
            (WEB, "LOGIN NOSUPERUSER NOBYPASSRLS", _password("DATABASE_URL", WEB)),
            (WORKER, "LOGIN NOSUPERUSER NOBYPASSRLS", _password("DATABASE_WORKER_URL", WORKER)),
        ]:
            _role(connection, name, attributes, password)
        connection.execute(f"GRANT {OWNER}, {DEFINER} TO {MIGRATE}")

    def _test_role(self, connection: psycopg.Connection) -> None:
        _role(connection, TEST, "LOGIN NOINHERIT CREATEDB", _password("TEST_DATABASE_URL", TEST))
        connection.execute(f"GRANT {WEB}, {WORKER}, {MIGRATE}, {OWNER} TO {TEST}")

    def _database(self, connection: psycopg.Connection) -> None:
        name = urlsplit(os.environ["DATABASE_URL"]).path.lstrip("/")
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
        connection.execute(
            sql.SQL(
                "REVOKE ALL ON DATABASE {db} FROM PUBLIC; GRANT CONNECT ON DATABASE {db} TO {roles}"
            ).format(
                db=sql.Identifier(name),
                roles=sql.SQL(", ").join(sql.Identifier(role) for role in (MIGRATE, WEB, WORKER, BACKUP)),
            )
        )


def _role(connection: psycopg.Connection, name: str, attributes: str, password: str | None) -> None:
    found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    statement = sql.SQL("{verb} ROLE {name} {attributes}").format(
        verb=sql.SQL("ALTER" if found else "CREATE"),
        name=sql.Identifier(name),
        attributes=sql.SQL(attributes),
    )
    if password is not None:
        statement += sql.SQL(" PASSWORD {}").format(sql.Literal(password))
    connection.execute(statement)
