"""The demo's organisations, people and engagements. Never anywhere but on a developer's own machine."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from typing import Any

import structlog
import time_machine
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.test.utils import override_settings
from django.urls import reverse

from accounts.founding import found_organisation
from accounts.models import User
from common import clock
from reports.snapshots import Kind
from tenancy.console import work_as_worker
from workspace.demo import scripts
from workspace.demo.cast import CALEB, CLARA, DEMO_PASSWORD, LENA, MARA, PEOPLE, SAM, Person
from workspace.demo.story import Story

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
            token = self._play()
        self.stdout.write("The demo is ready.")
        self.stdout.write(
            f"{scripts.CLOSERS[1]} tells without an account: {reverse('kpis:closer_door', args=[token])}"
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
        for person in PEOPLE:
            self.stdout.write(
                f"  {person.email:<{width}}  {person.name}, {person.what}, {person.organisation}"
            )
        self.stdout.write(f"  password for all: {DEMO_PASSWORD}")

    def _play(self) -> str:
        """Play all of it; return the token of the link that a closer was given and has not used yet."""
        today = clock.today("America/New_York")
        with time_machine.travel(clock.now() - timedelta(days=110)):
            users = {person: self._account(person) for person in PEOPLE}
            seat = found_organisation(name=MARA.organisation, admin=users[MARA])

        self.stdout.write("Autumn roof check: the whole 90 days …")
        autumn = Story(scripts.AUTUMN, kickoff=today - timedelta(days=92), users=users)
        autumn.open(-6, seat)
        autumn.promote(-6, LENA, by=CLARA)
        autumn.deliver(-5, Kind.LAUNCH_PLAN)
        autumn.pass_setup()
        autumn.mask_agents(11)
        autumn.set_prices(11, scripts.PRICES, scripts.PRICES_NOTE)
        autumn.pass_baseline()
        autumn.revise_brief(33, remark=scripts.REMARK)
        autumn.sign_brief(34, CLARA, MARA)
        autumn.hear_closers(29, scripts.CLOSERS_SAY)
        autumn.plan_against_bottleneck(34)
        autumn.notice(40, scripts.NOTICED)
        autumn.import_calls(45, 31, 44)
        autumn.judge_plan(45)
        autumn.tell_outcomes(50, CALEB, first=31, last=44)
        autumn.propose_scaling(52, scripts.SCALING, scripts.SCALING_ANSWER)
        autumn.pass_later(60, declined=scripts.DECLINED, imported=44)
        autumn.report_hours(61, 31, 60)
        autumn.pass_later(90)
        autumn.report_hours(91, 61, 82)
        autumn.report_hours(91, 83, 90, together=True)
        autumn.deliver(91, Kind.CERTIFICATE)

        self.stdout.write("Spring windows: day 34, with the day-30 gate ahead …")
        spring = Story(scripts.SPRING, kickoff=today - timedelta(days=33), users=users)
        spring.open(-4, seat)
        spring.deliver(-3, Kind.LAUNCH_PLAN)
        spring.pass_setup()
        spring.substitute(12, MARA, SAM)
        spring.substitute(12, CLARA, CALEB)
        spring.to_the_baseline()
        spring.change_script(27, scripts.SPRING.words[1], but={"tomas.beck"})
        spring.hear_closers(28, "Leads are well briefed; from 17:00 on nobody is free to take them.")
        board = spring.propose(29, CLARA, "milestone-review-day-45", scripts.BOARD, later=2)
        spring.accept(30, MARA, board)
        spring.find(16, CALEB, scripts.FOUND, gate=10)
        spring.deliver(31, Kind.ROSTER)
        spring.import_calls(34, 31, 33)
        spring.tell_outcomes(34, CALEB, first=15, last=30)
        told_by, open_to = scripts.CLOSERS
        used = spring.link_for(34, CALEB, closer=told_by, first=31, last=33)
        spring.closer_tells(34, used, but=3)
        unused = spring.link_for(34, CALEB, closer=open_to, first=31, last=33)
        spring.evening(34, CLARA, MARA, read_by=MARA)
        spring.revise_brief(32, remark=scripts.REMARK)
        spring.sign_brief(33, MARA)
        spring.schedule(34, "week-4", time(10), "Video call, link in the calendar")
        for said in scripts.SPRING_SAID:
            spring.say(*said[:4], private=said[4])
        until = spring.calendar.date_of(38)
        spring.about_gate(33, CLARA, "hold_gate", gate=30, reason=scripts.HELD, until=until)
        spring.propose(33, MARA, "milestone-bottleneck-plan", scripts.AFTER_HOLD, later=3)

        self.stdout.write("Heat pump advice: day 3, the brief waits for a signature …")
        heat = Story(scripts.HEAT, kickoff=today - timedelta(days=2), users=users)
        heat.prepare_playbook(-2, seat)
        heat.open(-1, seat)
        heat.lock(1, MARA)
        heat.draft_brief(2)
        heat.sign_brief(2, MARA)
        heat.improve_playbook(2, seat)
        return unused

    def _account(self, person: Person) -> User:
        return User.objects.create_user(
            email=person.email, name=person.name, password=DEMO_PASSWORD, is_demo=True
        )
