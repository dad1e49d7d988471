"""Make one deliverable here and now: the last line is JSON with its path and its hash."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from common.errors import Refused
from engagements.access import seat_for
from engagements.console import add_engagement_and_user, enter_engagement, person
from reports import services
from reports.files import location
from reports.models import Deliverable
from reports.snapshots import PERIODIC, Kind
from tenancy import context
from tenancy.console import do_job, work_as_worker


class Command(BaseCommand):
    help = "Makes one deliverable as a background job would and prints path and hash; the last line is JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Engagement, kind, and as whom."""
        add_engagement_and_user(parser, "asks")
        parser.add_argument("--kind", required=True, choices=sorted(set(Kind.values) - PERIODIC))

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask for the report as this person, make it, and print where it lies."""
        work_as_worker()
        user = person(options["as_user"], "asks")
        try:
            asked = self._ask(user, options["engagement"], Kind(options["kind"]))
        except Refused as refused:
            raise CommandError("\n".join(refused.reasons)) from refused
        if asked.job is not None:
            do_job(asked.job.pk)
        self.stdout.write(json.dumps(self._told(user, asked)))

    @staticmethod
    def _ask(user: User, public_id: UUID, kind: Kind) -> Deliverable:
        with context.entered(user_id=user.pk):
            engagement = enter_engagement(user, public_id)
            seat = seat_for(user, engagement)
            return services.request_deliverable(engagement=engagement, kind=kind, by=seat)

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
