"""Make the sums that pages read anew from the call rows."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from common.wording import plural
from engagements.access import seat_for
from engagements.console import add_engagement_and_user, enter_engagement, person
from kpis.imports import facts, talks, waits
from kpis.models import CallRecord
from tenancy import context


class Command(BaseCommand):
    help = (
        "Makes the sums of an engagement anew from its call rows: by source, hour, agent, code and attempt, wrap-up, "
        "how long leads waited and how long calls were spoken. Needed once for calls that came in before a sum was "
        "kept; changes nothing where all are equal already. Imports of the engagement wait meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_engagement_and_user(parser, "imports")

    def handle(self, *args: Any, **options: Any) -> None:
        user = person(options["as_user"], "imports")
        with context.entered(user_id=user.pk), transaction.atomic():
            engagement = enter_engagement(user, options["engagement"])
            seat = seat_for(user, engagement)
            if not seat.may(Permission.IMPORT_CALLS):
                raise CommandError(f"{user} may not import calls of this engagement, nor sum them again.")
            facts.lock(engagement.pk)
            facts.refresh(engagement.pk)
            waits.refresh(engagement.pk, engagement.zone)
            talks.refresh(engagement.pk)
            trail.record(
                by=seat, action="facts.rebuilt", subject=str(engagement), engagement_id=engagement.pk
            )
            calls = CallRecord.objects.filter(engagement=engagement).count()
        self.stdout.write(f"The sums of {plural(calls, 'call')} are made anew. Prove them with verify_facts.")
