"""The demo's organisations, people and engagements. Never anywhere but on a developer's own machine."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.test.utils import override_settings
from django.urls import reverse

from accounts.models import User
from common import clock
from tenancy.console import work_as_worker
from workspace.demo.cast import DEMO_PASSWORD, PEOPLE, SIDE_OF
from workspace.demo.courses import begin, play_all
from workspace.demo.scripts.spring import CLOSERS

LOOPBACK = {"127.0.0.1", "localhost", "::1", ""}
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


class Command(BaseCommand):
    help = "Fills an empty database with the demo. Run it with the worker's database address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print-logins", action="store_true", help="only print who can log in")

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_elsewhere()
        if options["print_logins"]:
            self._print_logins()
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
