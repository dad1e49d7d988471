"""Which database role a test plays."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg import sql

from engagements.models import KeptPage
from tenancy.roles import MIGRATE, WORKER


@contextmanager
def role(name: str) -> Iterator[None]:
    """Act as another database role inside a test, and come back as what one was before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text")
        before = cursor.fetchone()[0]
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(name)))
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(before)))


@contextmanager
def backstage() -> Iterator[None]:
    """See and set everything, as no part of the application can: to arrange a scene, or to look behind one."""
    with role(MIGRATE):
        yield
        # What is arranged so leaves no line in the trail, and pages that are kept would know nothing of it.
        if not connection.needs_rollback:
            KeptPage.objects.update(sequence=0)


@contextmanager
def as_worker() -> Iterator[None]:
    """Act as the background worker's database role."""
    with role(WORKER):
        yield
