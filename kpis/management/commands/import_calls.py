"""Import a call log from the command line, the same way as the page does."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.seat import Seat
from common.errors import Refused
from engagements.access import seat_for
from engagements.console import add_engagement_and_user, enter_engagement, person
from engagements.models import Engagement
from kpis.imports import history, service
from kpis.imports.dates import DateOrder
from kpis.imports.mapped import named
from kpis.imports.presets import PRESETS
from kpis.models import Import
from tenancy import context
from tenancy.console import do_job, work_as_worker
from tenancy.models import JobState


class Command(BaseCommand):
    help = (
        "Imports a call log into an engagement, whole or nothing, and prints what came of it; the last line is JSON. "
        "The same file again changes nothing and prints the same. Needs DATABASE_WORKER_URL, or DATABASE_URL as the "
        "worker."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_engagement_and_user(parser, "imports")
        parser.add_argument(
            "--preset", choices=sorted(PRESETS), help="which export it is; else taken from the header"
        )
        parser.add_argument(
            "--zone", help="where the file's times were written; else the preset's or the engagement's"
        )
        parser.add_argument(
            "--date-order",
            choices=DateOrder.values,
            help="of dates such as 5/6/2026, where no other date of the file tells",
        )
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        work_as_worker()
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        user = person(options["as_user"], "imports")
        try:
            with context.entered(user_id=user.pk):
                engagement = enter_engagement(user, options["engagement"])
                seat = seat_for(user, engagement)
                batch, _ = service.upload(
                    engagement=engagement, by=seat, data=data, file_name=options["file"].name
                )
                done_before = bool(batch.finished_at and not batch.rejected)
                job_id = None if done_before else self._start(batch, seat, options)
        except Refused as refusal:
            raise CommandError("\n".join(refusal.reasons)) from refusal
        if job_id is not None:
            do_job(job_id)
        self._tell(user, engagement, batch, replayed=job_id is None)

    def _start(self, batch: Import, seat: Seat, options: dict[str, Any]) -> int | None:
        """The id of the job that reads the file; None when nothing has changed since it was read."""
        if batch.job and batch.job.is_open:
            return batch.job.pk
        name = options["preset"] or batch.preset
        if not name:
            raise Refused("The header is none that Tollgate knows. Say which export it is with --preset.")
        known = named(batch.engagement, name)
        if known is None:
            raise Refused(f"“{name}” is no export that is known here.")
        place = options["zone"] or batch.source_zone or known.zone or batch.engagement.zone
        self.stdout.write(f"Reading {batch.file_name} as “{known.label}”, its times as written in {place}.")
        try:
            order = options["date_order"] or batch.date_order
            started = service.start(batch=batch, by=seat, preset=name, source_zone=place, date_order=order)
            return started.job_id
        except Refused:
            if batch.finished_at and (name, place) == (batch.preset, batch.source_zone):
                return None
            raise

    def _tell(self, user: User, engagement: Engagement, batch: Import, *, replayed: bool) -> None:
        with context.entered(user_id=user.pk, engagement_id=engagement.pk):
            batch = Import.objects.select_related("job").get(pk=batch.pk)
            if batch.job and batch.job.state == JobState.FAILED:
                raise CommandError(batch.job.error)
            for reason, rows in batch.rejected_summary:
                self.stdout.write(f"{rows:,} rejected: {reason}")
            for note in batch.notes:
                self.stdout.write(note)
            self.stdout.write(json.dumps(history.figures(batch) | {"replayed": replayed}, ensure_ascii=False))
