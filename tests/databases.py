"""A migrated database to copy from: the migrations run once, however many test processes and sites there are."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString, cast
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tenancy.roles import MIGRATE, ON_THE_DATABASE, OWNER

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "tollgate_template_"
WHOLE = "every migration has run"
KEPT = 5  # templates of other branches; each is some 20 MB
ONE_AT_A_TIME = 0x7011_6A7E  # the advisory lock of everybody who makes or copies the template


def login_to(database: str) -> str:
    """The address of a database on the tests' server, for the tests' own role."""
    login = os.environ.get("TEST_DATABASE_URL", "postgresql://tollgate_test@127.0.0.1:5432/postgres")
    return urlsplit(login)._replace(path=f"/{database}").geturl()


@contextmanager
def migrated(name: str) -> Iterator[None]:
    """A database `name`, made anew, in which every migration has run and that holds no row; gone afterwards."""
    with psycopg.connect(login_to("postgres"), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        drop(name, admin)
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(_template(admin))
            )
        )
        for grant in ON_THE_DATABASE:
            _as_owner(admin, grant, name)
    try:
        yield
    finally:
        with psycopg.connect(login_to("postgres"), autocommit=True) as admin:
            drop(name, admin)


def drop(name: str, admin: psycopg.Connection) -> None:
    """Only the owner may drop a database; an earlier run that was cut off may have left one."""
    admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    admin.execute("RESET ROLE")


def _template(admin: psycopg.Connection) -> str:
    """The template of the migrations as they are now; of those of other branches the newest stay."""
    wanted = f"{PREFIX}{_digest()}"
    found = admin.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)"
        " ORDER BY oid DESC",
        [PREFIX],
    ).fetchall()
    if (wanted, WHOLE) in found:
        return wanted
    whole = [old for old, state in found if state == WHOLE][:KEPT]
    for old in (old for old, _ in found if old not in whole):
        _as_owner(admin, "ALTER DATABASE {} IS_TEMPLATE false", old)
        drop(old, admin)
    admin.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 IS_TEMPLATE true").format(
            sql.Identifier(wanted), sql.Identifier(OWNER)
        )
    )
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "SECRET_KEY": "only-for-tests",
            "DATABASE_URL": login_to(wanted),
            "PGOPTIONS": f"-c role={MIGRATE}",
        },
        check=True,
    )
    _as_owner(admin, f"COMMENT ON DATABASE {{}} IS '{WHOLE}'", wanted)
    return wanted


def _as_owner(admin: psycopg.Connection, statement: str, database: str) -> None:
    admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
    admin.execute(sql.SQL(cast(LiteralString, statement)).format(sql.Identifier(database)))
    admin.execute("RESET ROLE")


def _digest() -> str:
    """Changes with every migration and with what migrations are made of."""
    files = sorted({*ROOT.glob("*/migrations/*.py"), *ROOT.glob("tenancy/*.py")})
    parts = [f"{file.relative_to(ROOT)}\0{file.read_text()}" for file in files]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
