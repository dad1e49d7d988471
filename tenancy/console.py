"""Commands that do a background job in their own process."""

import os

import dj_database_url
from django.core.management.base import CommandError
from django.db import connection

from .roles import WORKER


def work_as_worker() -> None:
    """Connect as the worker's role, which alone may take jobs: by DATABASE_WORKER_URL, unless it is that already.

    Raises CommandError, with what to do, when the address is not given.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == WORKER:
            return
    address = os.environ.get("DATABASE_WORKER_URL")
    if not address:
        raise CommandError(
            f"Only the role {WORKER} may do background jobs. Set DATABASE_WORKER_URL to its address."
        )
    connection.close()
    connection.settings_dict.update(dj_database_url.parse(address))
