"""Prove from the command line that the daily facts equal the call rows."""

import json
import os
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from common.wording import NO_DATA, plural
from engagements.models import Engagement
from kpis.selectors.checking import FactCheck, Mismatch, check_facts
from tenancy import context

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Counts every call row of an engagement again and compares with the daily facts that pages and reports read. "
        "Fails when they differ; the last line is JSON."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--engagement", required=True, type=UUID, help="its public id, as in the address of its pages"
        )
        parser.add_argument(
            "--as-user",
            default=os.environ.get("TOLLGATE_AS_USER"),
            metavar="EMAIL",
            help="who looks; else TOLLGATE_AS_USER",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = self._check(self._user(options["as_user"]), options["engagement"])
        for mismatch in found.mismatches[:SHOWN]:
            self.stdout.write(_words(mismatch))
        wrong = len(found.mismatches)
        self.stdout.write(json.dumps({"facts": found.facts, "dials": found.dials, "mismatches": wrong}))
        if wrong:
            raise CommandError(f"{plural(wrong, 'count')} in the daily facts differ from the rows.")

    def _user(self, email: str | None) -> User:
        if not email:
            raise CommandError("Say who looks: --as-user EMAIL, or TOLLGATE_AS_USER.")
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"There is nobody with the address {email}.")
        return user

    def _check(self, user: User, public_id: UUID) -> FactCheck:
        with context.entered(user_id=user.pk):
            engagement = Engagement.objects.filter(public_id=public_id).first()
            if engagement is None:
                raise CommandError(f"{user.email} sees no engagement {public_id}.")
            context.narrow(engagement_id=engagement.pk)
            return check_facts(engagement)


def _words(mismatch: Mismatch) -> str:
    """One difference in a sentence."""
    source = f"“{mismatch.source}”" if mismatch.source else "rows without a lead source"
    stored = NO_DATA if mismatch.stored is None else f"{mismatch.stored:,}"
    counted = NO_DATA if mismatch.counted is None else f"{mismatch.counted:,}"
    return f"{mismatch.day}, {source}: {mismatch.column} are {stored} in the facts and {counted} in the rows."
