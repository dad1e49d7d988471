"""The one place that reads the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_stopped: ContextVar[datetime | None] = ContextVar("stopped_clock", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _stopped.get() or datetime.now(tz=UTC)


def today(zone: str) -> date:
    """The calendar day that it is now in an IANA zone such as "Europe/Lisbon"."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def stopped_at(moment: datetime) -> Iterator[None]:
    """Let it be another moment for what is done inside, and in no other thread: a story is told on its own days."""
    before = _stopped.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _stopped.reset(before)
