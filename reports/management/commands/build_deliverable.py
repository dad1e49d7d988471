"""Make one deliverable here and now: the last line is JSON with its path and its hash."""

import json
import os
import time
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from common.errors import Refused
from engagements.access import seat_for
from engagements.models import Engagement
from reports import services
from reports.files import location
from reports.models import Deliverable
from reports.snapshots import Kind
from tenancy import context, jobs
from tenancy.console import work_as_worker
from tenancy.models import Job

PATIENCE = 120


class Command(BaseCommand):
    help = "Makes one deliverable as a background job would and prints path and hash; the last line is JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Engagement, kind, and as whom."""
        parser.add_argument("--engagement", required=True, type=UUID, help="its public id, as in its address")
        parser.add_argument("--kind", required=True, choices=Kind.values)
        parser.add_argument(
            "--as-user", default=os.environ.get("TOLLGATE_AS_USER"), help="e-mail of who asks"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the report as this person, make it, and print where it lies."""
        work_as_worker()
        user = User.objects.filter(email__iexact=options["as_user"] or "", is_active=True).first()
        if user is None:
            raise CommandError("Say who asks: --as-user EMAIL of a known person, or TOLLGATE_AS_USER.")
        try:
            asked = self._ask(user, options["engagement"], Kind(options["kind"]))
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused
        if asked.job is not None and jobs.run(asked.job.pk) is None:
            self._wait_for_worker(asked.job)
        self.stdout.write(json.dumps(self._told(user, asked)))

    @staticmethod
    def _ask(user: User, public_id: UUID, kind: Kind) -> Deliverable:
        with context.entered(user_id=user.pk):
            visible = Engagement.objects.select_related("client", "operator")
            engagement = visible.filter(public_id=public_id).first()
            if engagement is None:
                raise CommandError(f"{user.email} sees no engagement {public_id}.")
            context.narrow(engagement_id=engagement.pk)
            seat = seat_for(user, engagement)
            return services.request_deliverable(engagement=engagement, kind=kind, by=seat)

    @staticmethod
    def _wait_for_worker(job: Job) -> None:
        """A running worker was quicker to take the job: it makes the very same report."""
        until = time.monotonic() + PATIENCE
        while job.is_open and time.monotonic() < until:
            time.sleep(0.5)
            job.refresh_from_db()
        if job.is_open:
            raise CommandError(
                f"Another process is at this report and did not finish it in {PATIENCE} seconds."
            )

    @staticmethod
    def _told(user: User, asked: Deliverable) -> dict[str, Any]:
        with context.entered(user_id=user.pk, engagement_id=asked.engagement_id):
            made = Deliverable.objects.select_related("job").get(pk=asked.pk)
            if made.built_at is None:
                raise CommandError(made.job.error if made.job else "The report was not made.")
            return {
                "path": str(location(made.path)),
                "sha256": made.sha256,
                "snapshot_sha256": made.snapshot_sha256,
                "kind": made.kind,
                "version": made.version,
                "pages": made.pages,
                "bytes": made.size,
            }
