"""Prove from the command line that the daily facts equal the call rows."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from common.wording import NO_DATA, plural
from engagements.console import add_engagement_and_user, enter_engagement, person
from kpis.selectors.checking import FactCheck, Mismatch, check_facts
from tenancy import context

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Counts every call row of an engagement again and compares with the daily facts that pages and reports read. "
        "Fails when they differ; the last line is JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_engagement_and_user(parser, "looks")

    def handle(self, *args: Any, **options: Any) -> None:
        found = self._check(person(options["as_user"], "looks"), options["engagement"])
        for mismatch in found.mismatches[:SHOWN]:
            self.stdout.write(_words(mismatch))
        wrong = len(found.mismatches)
        self.stdout.write(json.dumps({"facts": found.facts, "dials": found.dials, "mismatches": wrong}))
        if wrong:
            raise CommandError(f"{plural(wrong, 'count')} in the daily facts differ from the rows.")

    def _check(self, user: User, public_id: UUID) -> FactCheck:
        with context.entered(user_id=user.pk):
            return check_facts(enter_engagement(user, public_id))


def _words(mismatch: Mismatch) -> str:
    """One difference in a sentence."""
    source = f"“{mismatch.source}”" if mismatch.source else "rows without a lead source"
    stored = NO_DATA if mismatch.stored is None else f"{mismatch.stored:,}"
    counted = NO_DATA if mismatch.counted is None else f"{mismatch.counted:,}"
    return f"{mismatch.day}, {source}: {mismatch.column} are {stored} in the facts and {counted} in the rows."
