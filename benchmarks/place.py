"""A database of its own for a measurement, on the server of DATABASE_ADMIN_URL or on a private one."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
OWNER = "tollgate_owner"


@contextmanager
def database(name: str, template: str = "template0") -> Iterator[str]:
    """The address of a new database, a copy of `template`, as the server's administrator; it is dropped at the end."""
    admin = os.environ.get("DATABASE_ADMIN_URL") or _private_server()
    owner = _owner(admin)
    with psycopg.connect(admin, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(owner), sql.Identifier(template)
            )
        )
    try:
        yield urlsplit(admin)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(admin, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _owner(admin: str) -> str:
    """The role that owns Tollgate's tables."""
    with psycopg.connect(admin) as server:
        found = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone()
    if not found:
        sys.exit(
            f"The server has no role {OWNER}. Start one with bin/services, which makes Tollgate's roles."
        )
    return OWNER


def _private_server() -> str:
    """Start bin/services and take the administrator's address from what it prints."""
    told = subprocess.run(
        [str(ROOT / "bin" / "services"), "start"], check=True, capture_output=True, text=True
    ).stdout
    for line in told.splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        if name == "DATABASE_ADMIN_URL":
            return shlex.split(value)[0]
    sys.exit("bin/services did not say where its PostgreSQL is. Set DATABASE_ADMIN_URL.")
