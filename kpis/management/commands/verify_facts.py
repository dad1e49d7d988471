"""Prove from the command line that the sums which pages read equal the call rows."""

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from common.wording import NO_DATA, plural
from engagements.console import add_engagement_and_user, enter_engagement, person
from engagements.models import Engagement
from kpis.selectors.breaches import BreachMismatch, check_breaches
from kpis.selectors.checking import FactCheck, Mismatch, check_facts
from tenancy import context

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Counts every call row of an engagement again, of all that the person sees when none is named, and compares "
        "with the sums by source, hour, agent and code that pages and reports read, and with the breaches. Prints what "
        "differs and ends with exit code 1 when anything does; the last line is JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_engagement_and_user(parser, "looks", required=False)

    def handle(self, *args: Any, **options: Any) -> None:
        user = person(options["as_user"], "looks")
        facts, dials, wrong = 0, 0, 0
        for public_id in [options["engagement"]] if options["engagement"] else self._all(user):
            found, breaches = self._check(user, public_id)
            differing = len(found.mismatches) + len(breaches)
            self._tell(public_id, found, breaches)
            facts, dials, wrong = facts + found.facts, dials + found.dials, wrong + differing
        self.stdout.write(json.dumps({"facts": facts, "dials": dials, "mismatches": wrong}))
        if wrong:
            raise CommandError(f"{plural(wrong, 'sum')} differ from the rows.")

    def _all(self, user: User) -> list[UUID]:
        with context.entered(user_id=user.pk):
            return list(Engagement.objects.order_by("pk").values_list("public_id", flat=True))

    def _check(self, user: User, public_id: UUID) -> tuple[FactCheck, list[BreachMismatch]]:
        with context.entered(user_id=user.pk):
            engagement = enter_engagement(user, public_id)
            return check_facts(engagement), check_breaches(engagement)

    def _tell(self, public_id: UUID, found: FactCheck, breaches: list[BreachMismatch]) -> None:
        differing = len(found.mismatches) + len(breaches)
        verdict = f"{plural(differing, 'difference')}:" if differing else "equal to the rows."
        self.stdout.write(f"Engagement {public_id}: {plural(found.facts, 'sum')}, {verdict}")
        for mismatch in found.mismatches[:SHOWN]:
            self.stdout.write(_words(mismatch))
        if len(found.mismatches) > SHOWN:
            self.stdout.write(f"and {len(found.mismatches) - SHOWN:,} more.")
        for one in breaches[:SHOWN]:
            self.stdout.write(
                f"{one.day}, agent “{one.agent}”: the breach says {one.stored:,} calls, "
                f"the marked rows {one.counted:,}."
            )


def _words(mismatch: Mismatch) -> str:
    """One difference in a sentence."""
    stored = NO_DATA if mismatch.stored is None else f"{mismatch.stored:,}"
    counted = NO_DATA if mismatch.counted is None else f"{mismatch.counted:,}"
    column = mismatch.column.replace("_s", " seconds")
    return f"{mismatch.day}, {mismatch.group}: {column} are {stored} in the sums and {counted} in the rows."
