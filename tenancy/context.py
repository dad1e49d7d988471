"""Who is asking: the one door through which a transaction may see tenant rows.

The database decides what a person sees (`app.enter` reads memberships and participations); the application
only says who is asking. Without a context every tenant table raises an error, it never shows an empty page.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

SETTINGS = ("app.user", "app.organisations", "app.engagements", "app.known_organisations")


@dataclass(frozen=True)
class Scope:
    """Who is asking, for which of their organisations, and within which engagement (None: all they may see)."""

    user_id: int
    organisation_id: int | None = None
    engagement_id: int | None = None


_current: ContextVar[Scope | None] = ContextVar("tenant_scope", default=None)
_last: ContextVar[dict[Hashable, Callable[[], None]] | None] = ContextVar("tenant_last", default=None)
_read: ContextVar[dict[Hashable, Any] | None] = ContextVar("tenant_read", default=None)


def current() -> Scope | None:
    """The scope of the running request, job or command; None outside of any."""
    return _current.get()


@contextmanager
def entered(
    *, user_id: int, organisation_id: int | None = None, engagement_id: int | None = None
) -> Iterator[Scope]:
    """Open a transaction in which the tenant tables show what this person may see, and nothing else.

    Inside a transaction that is already open (nested use, a service that is atomic) it puts back at the end what
    held before: a released savepoint would otherwise leak its setting outward.
    """
    scope = Scope(user_id, organisation_id, engagement_id)
    inside = connection.in_atomic_block
    with transaction.atomic():
        before = _read_settings() if inside else None
        token, last, read = _current.set(scope), _last.set({}), _read.set({})
        try:
            _enter(scope)
            yield scope
            _do_last()
        finally:
            _current.reset(token)
            _last.reset(last)
            _read.reset(read)
            forget()  # what was written inside
        # Not after an error: the transaction may take no statement, and its rollback undoes the setting anyway.
        if before is not None and not connection.needs_rollback:
            _write_settings(before)


def narrow(*, engagement_id: int) -> None:
    """Narrow the running request's transaction to one engagement, for the rest of that transaction."""
    narrowed(engagement_id=engagement_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.narrow(%s)", [engagement_id])


def narrowed(*, engagement_id: int) -> None:
    """Note that a statement which has asked `app.narrow()` has narrowed the transaction so."""
    scope = current()
    if scope is None:
        raise RuntimeError("There is no tenant context to narrow.")
    # The context that is running puts back what was before it.
    _current.set(Scope(scope.user_id, scope.organisation_id, engagement_id))


def read_once() -> dict[Hashable, Any]:
    """What was read in this transaction and need not be read again in it, by a key; it ends with the context.

    Outside of any context it remembers nothing. `forget()` empties it: a line of the trail does.
    """
    read = _read.get()
    return {} if read is None else read


def forget() -> None:
    """What was read may no longer be so."""
    read_once().clear()


def at_the_end(key: Hashable, call: Callable[[], None]) -> None:
    """Have something done in this transaction, once all that was asked for is written; the newest call of a key counts.

    What fails or is rolled back does nothing more. Outside of any context there is no such end, and nothing is done.
    """
    calls = _last.get()
    if calls is not None:
        calls[key] = call


def _do_last() -> None:
    calls = _last.get()
    while calls and not connection.needs_rollback:
        calls.pop(next(iter(calls)))()


def refresh() -> None:
    """Read memberships and participations again, after this transaction has changed them."""
    scope = current()
    if scope is None:
        raise RuntimeError("There is no tenant context to refresh.")
    _enter(scope)


def new_engagement_id() -> int:
    """Reserve the id of an engagement about to be created and let this transaction see it."""
    return _scalar("SELECT app.new_engagement_id()")


def new_organisation_id(*, own: bool) -> int:
    """Reserve the id of an organisation about to be created.

    `own` says that the person acting will belong to it; otherwise it becomes known as the other side only.
    """
    return _scalar("SELECT app.new_organisation_id(%s)", own)


def _enter(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app.enter(%s, %s, %s)", [scope.user_id, scope.organisation_id, scope.engagement_id]
        )


def _read_settings() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"current_setting('{name}', true)" for name in SETTINGS))
        return [value or "" for value in cursor.fetchone()]


def _write_settings(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS), values)


def _scalar(sql: str, *params: bool) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])
