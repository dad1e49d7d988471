"""The demo's organisations, people and engagements. Never anywhere but on a developer's own machine."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import dj_database_url
import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.test.utils import override_settings
from django.urls import reverse
from psycopg import sql

from accounts.models import User
from common import clock
from common.wording import joined
from tenancy.console import work_as_worker
from workspace.demo.cast import DEMO_PASSWORD, PEOPLE, SIDE_OF
from workspace.demo.courses import begin, play_all
from workspace.demo.scripts.spring import CLOSERS

LOOPBACK = {"127.0.0.1", "localhost", "::1", ""}
MOST_NAMED = 5
SILENT = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}


@contextmanager
def quiet_jobs() -> Iterator[None]:
    """Keep the lines that each job begins and ends with out of the command's own; what goes wrong is still told."""
    usual = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        yield
    finally:
        structlog.configure(wrapper_class=usual)


# What a migration has brought: it is there before any demo.
STAYS = frozenset({"django_migrations", "django_content_type", "auth_permission"})
KINDS_OF_FILES = ("evidence", "imports", "reports")


def strangers() -> list[str]:
    """Whoever is in the database and not made by the demo, by address."""
    others = User.objects.filter(is_demo=False, sample_of=None)
    return list(others.order_by("email").values_list("email", flat=True)[:MOST_NAMED])


def empty() -> None:
    """Take every row out of the database, the trail's too, and the files of engagements."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - STAYS
        names = sql.SQL(", ").join(sql.Identifier(name) for name in sorted(tables))
        cursor.execute("ALTER TABLE app.trail DISABLE TRIGGER no_truncate")
        cursor.execute(sql.SQL("TRUNCATE {}, app.trail RESTART IDENTITY").format(names))
        cursor.execute("ALTER TABLE app.trail ENABLE TRIGGER no_truncate")
    for kind in KINDS_OF_FILES:
        shutil.rmtree(Path(settings.FILES_ROOT) / kind, ignore_errors=True)


class Command(BaseCommand):
    help = "Fills an empty database with the demo, or takes it out again. Run it with the worker's database address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove",
            action="store_true",
            help="take it out again, as long as nobody else is in the database; wants DATABASE_MIGRATE_URL",
        )
        parser.add_argument("--print-logins", action="store_true", help="only print who can log in")

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_elsewhere()
        if options["print_logins"]:
            self._print_logins()
            return
        if options["remove"]:
            self._remove()
            return
        work_as_worker()
        self._refuse_elsewhere()  # it may have another address
        if User.objects.exists():
            self.stdout.write("The demo is there already.")
            return
        with override_settings(MAILERS=SILENT), quiet_jobs(), transaction.atomic():
            token = play_all(begin(clock.now()), self.stdout.write)
        self.stdout.write("The demo is ready.")
        self.stdout.write(
            f"{CLOSERS[1]} tells without an account: {reverse('kpis:closer_door', args=[token])}"
        )

    def _remove(self) -> None:
        """The tables' owner empties them: no door of the application takes what is not a sample."""
        address = os.environ.get("DATABASE_MIGRATE_URL")
        if not address:
            raise CommandError("Only the tables' owner may empty them. Set DATABASE_MIGRATE_URL.")
        connection.close()
        connection.settings_dict.update(dj_database_url.parse(address))
        self._refuse_elsewhere()  # it may have another address
        others = strangers()
        if others:
            raise CommandError(
                f"{joined(others)} came in from outside of the demo. Nothing was removed; bin/demo --reset "
                "throws everything away."
            )
        empty()
        self.stdout.write("The demo is gone. The same command without --remove makes it again.")

    def _refuse_elsewhere(self) -> None:
        host = connection.settings_dict["HOST"]
        if (
            os.environ.get("TOLLGATE_DEMO") != "1"
            or settings.SETTINGS_MODULE != "config.settings.dev"
            or not (host in LOOPBACK or host.startswith("/"))
        ):
            raise CommandError("Demo accounts exist only in bin/demo, on this machine's own database.")

    def _print_logins(self) -> None:
        width = max(len(person.email) for person in PEOPLE)
        for name, people in groupby(PEOPLE, key=lambda person: person.organisation):
            self.stdout.write(f"  {name} ({SIDE_OF[name]})")
            for person in people:
                self.stdout.write(f"    {person.email:<{width}}  {person.name}, {person.what}")
        self.stdout.write(f"  password for all: {DEMO_PASSWORD}")
