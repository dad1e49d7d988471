"""Check every chain of the trail: an edit, a hole or a swapped line is found."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection


class Command(BaseCommand):
    help = (
        "Recomputes every chain of the trail and prints its head as JSON, one line a chain. Ends with 1 when one "
        "is broken. Run it with the worker's database address (DATABASE_WORKER_URL)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            try:
                cursor.execute("SELECT chain, entries, head, broken_at FROM app.verify_trail()")
            except ProgrammingError as error:
                raise CommandError(
                    "This database log-in may not read whole chains. Set DATABASE_URL to the worker's address."
                ) from error
            chains = cursor.fetchall()
        for chain, entries, head, broken_at in chains:
            self.stdout.write(
                json.dumps({"chain": chain, "entries": entries, "head": head, "broken_at": broken_at})
            )
        if broken := [f"{chain}, entry {broken_at}" for chain, _, _, broken_at in chains if broken_at]:
            raise CommandError("The trail does not hold: " + "; ".join(broken) + ".")
        self.stdout.write(f"{len(chains)} chains hold.")
