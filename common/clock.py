"""The one place that reads the clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(tz=UTC)


def today(zone: str) -> date:
    """The calendar day that it is now in an IANA zone such as "Europe/Lisbon"."""
    return now().astimezone(ZoneInfo(zone)).date()
