"""Databases to copy from: the migrations run once and the demo is played once, however many processes look.

`python -m tests.databases` makes both, for whoever comes later.
"""

import hashlib
import os
import shutil
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
DEMO_PREFIX = "tollgate_demo_"
WHOLE = "every migration has run"
PLAYED = "the demo has been played"
SOURCES = {".py", ".yaml", ".yml", ".csv", ".json"}
KEPT = 5  # templates of other branches; each is some 20 MB
ONE_AT_A_TIME = 0x7011_6A7E  # the advisory lock of everybody who makes or copies the template
ONE_PLAYS = 0x7011_6A7F  # the same for the demo, which takes so long that nobody else shall wait for it


def login_to(database: str) -> str:
    """The address of a database on the tests' server, for the tests' own role."""
    login = os.environ.get("TEST_DATABASE_URL", "postgresql://tollgate_test@127.0.0.1:5432/postgres")
    return urlsplit(login)._replace(path=f"/{database}").geturl()


@contextmanager
def migrated(name: str) -> Iterator[None]:
    """A database `name`, made anew, in which every migration has run and that holds no row; gone afterwards."""
    with _admin(ONE_AT_A_TIME) as admin:
        _copy(admin, name, _template(admin))
    try:
        yield
    finally:
        with _admin() as admin:
            drop(name, admin)


@contextmanager
def with_demo(name: str, files: Path) -> Iterator[str]:
    """The same with the demo as it stands at tests.play_demo.NOW; its files are copied to `files`.

    Yields the token of the closer's link that waits.
    """
    with _admin(ONE_PLAYS) as admin:
        demo, kept = _demo(admin)
        _copy(admin, name, demo)
        shutil.copytree(kept / "files", files, dirs_exist_ok=True)
        token = (kept / "token").read_text()
    try:
        yield token
    finally:
        with _admin() as admin:
            drop(name, admin)


@contextmanager
def _admin(lock: int | None = None) -> Iterator[psycopg.Connection]:
    """The tests' own log-in; holds an advisory lock to its end."""
    with psycopg.connect(login_to("postgres"), autocommit=True) as admin:
        if lock is not None:
            admin.execute("SELECT pg_advisory_lock(%s)", [lock])
        yield admin


def _copy(admin: psycopg.Connection, name: str, template: str) -> None:
    drop(name, admin)
    admin.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
        )
    )
    for grant in ON_THE_DATABASE:
        _as_owner(admin, grant, name)


def drop(name: str, admin: psycopg.Connection) -> None:
    """Only the owner may drop a database; an earlier run that was cut off may have left one."""
    admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    admin.execute("RESET ROLE")


def _template(admin: psycopg.Connection) -> str:
    """The template of the migrations as they are now; of those of other branches the newest stay."""
    wanted = f"{PREFIX}{_digest(*ROOT.glob('*/migrations/*.py'), *ROOT.glob('tenancy/*.py'))}"
    if _stands(admin, wanted, WHOLE):
        return wanted
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


def _demo(admin: psycopg.Connection) -> tuple[str, Path]:
    """The template with the demo, played by the program as it is now, and the folder of its files and its token."""
    sources = [
        file for app in ROOT.glob("*/apps.py") for file in app.parent.rglob("*") if file.suffix in SOURCES
    ]
    papers = [*(ROOT / "templates" / "reports").rglob("*.*"), *(ROOT / "templates" / "ui").rglob("*.*")]
    own = [*ROOT.glob("config/**/*.py"), ROOT / "tests" / "play_demo.py"]
    wanted = f"{DEMO_PREFIX}{_digest(*sources, *papers, *own)}"
    kept = Path(os.environ.get("BIN_TEST_HOME", ROOT / "var" / "test")) / wanted
    if _stands(admin, wanted, PLAYED):
        if (kept / "token").exists():
            return wanted, kept
        _as_owner(admin, "ALTER DATABASE {} IS_TEMPLATE false", wanted)  # without its files: played anew
    for old in kept.parent.glob(f"{DEMO_PREFIX}*"):
        shutil.rmtree(old)
    (kept / "files").mkdir(parents=True)
    with _admin(ONE_AT_A_TIME) as alone:
        _copy(alone, wanted, _template(alone))
    _as_owner(admin, "ALTER DATABASE {} IS_TEMPLATE true", wanted)
    played = subprocess.run(
        [sys.executable, "-m", "tests.play_demo"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "TEST_DATABASE_URL": login_to(wanted),
            "TOLLGATE_FILES": str(kept / "files"),
        },
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    (kept / "token").write_text(played.stdout.split()[-1])
    _as_owner(admin, f"COMMENT ON DATABASE {{}} IS '{PLAYED}'", wanted)
    return wanted, kept


def _stands(admin: psycopg.Connection, wanted: str, comment: str) -> bool:
    """Whether a template is there and whole; if not, those are dropped that are not whole or have grown old."""
    prefix = wanted.rpartition("_")[0] + "_"
    found = admin.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)"
        " ORDER BY oid DESC",
        [prefix],
    ).fetchall()
    if (wanted, comment) in found:
        return True
    whole = [old for old, state in found if state == comment][:KEPT]
    for old in (old for old, _ in found if old not in whole):
        _as_owner(admin, "ALTER DATABASE {} IS_TEMPLATE false", old)
        drop(old, admin)
    return False


def _as_owner(admin: psycopg.Connection, statement: str, database: str) -> None:
    admin.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
    admin.execute(sql.SQL(cast(LiteralString, statement)).format(sql.Identifier(database)))
    admin.execute("RESET ROLE")


def _digest(*files: Path) -> str:
    """Changes with each of these files, and with their names."""
    parts = [
        f"{file.relative_to(ROOT)} {hashlib.sha256(file.read_bytes()).hexdigest()}"
        for file in sorted(set(files))
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


if __name__ == "__main__":
    with _admin(ONE_PLAYS) as first:
        _demo(first)
