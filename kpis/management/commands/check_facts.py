"""Prove from the command line that the daily facts equal the call rows."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from common.wording import NO_DATA, plural
from engagements.console import add_engagement_and_user, enter_engagement, person
from kpis.selectors.breaches import BreachMismatch, check_breaches
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
        found, breaches = self._check(person(options["as_user"], "looks"), options["engagement"])
        for mismatch in found.mismatches[:SHOWN]:
            self.stdout.write(_words(mismatch))
        for differing in breaches[:SHOWN]:
            self.stdout.write(
                f"{differing.day}, agent “{differing.agent}”: the breach says {differing.stored:,} calls, "
                f"the marked rows {differing.counted:,}."
            )
        wrong = len(found.mismatches) + len(breaches)
        self.stdout.write(json.dumps({"facts": found.facts, "dials": found.dials, "mismatches": wrong}))
        if found.mismatches:
            raise CommandError(
                f"{plural(len(found.mismatches), 'count')} in the daily facts differ from the rows."
            )
        if breaches:
            raise CommandError(f"{plural(len(breaches), 'breach', 'breaches')} differ from the marked rows.")

    def _check(self, user: User, public_id: UUID) -> tuple[FactCheck, list[BreachMismatch]]:
        with context.entered(user_id=user.pk):
            engagement = enter_engagement(user, public_id)
            return check_facts(engagement), check_breaches(engagement)


def _words(mismatch: Mismatch) -> str:
    """One difference in a sentence."""
    source = f"“{mismatch.source}”" if mismatch.source else "rows without a lead source"
    stored = NO_DATA if mismatch.stored is None else f"{mismatch.stored:,}"
    counted = NO_DATA if mismatch.counted is None else f"{mismatch.counted:,}"
    return f"{mismatch.day}, {source}: {mismatch.column} are {stored} in the facts and {counted} in the rows."
