"""What goes on while the cache does not answer: who is logged in is read from the database, and doors stay open.

Only reading goes on. Logging in and out change what the cache keeps of a session, so they wait until it answers: a
session that was ended must not come back with it.
"""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.contrib.sessions.backends.cached_db import SessionStore as CachedStore
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from common import clock

log = structlog.get_logger(__name__)
QUIET = timedelta(minutes=1)


class Away:
    """That the cache does not answer, written to the log once a minute."""

    def __init__(self) -> None:
        self._told_at: datetime | None = None

    def tell(self, error: RedisError) -> None:
        now = clock.now()
        if self._told_at is None or not timedelta() <= now - self._told_at < QUIET:
            self._told_at = now
            log.warning("cache is away", error=str(error))


away = Away()


class SessionStore(CachedStore):
    """Sessions kept in the database and read from the cache, or from the database where that does not answer."""

    def load(self) -> dict[str, Any]:
        try:
            return super().load()
        except RedisError as error:
            away.tell(error)
            return DatabaseStore.load(self)


class LenientThrottle(SimpleRateThrottle):
    """A limit that holds while the cache counts, and lets through while it does not answer."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        try:
            return super().allow_request(request, view)
        except RedisError as error:
            away.tell(error)
            return True
