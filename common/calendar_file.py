"""Calendar files as RFC 5545 (iCalendar) and RFC 5546 (invitations) ask for them.

Written here because one event is all that is needed: no recurrence, no zones of its own (times are UTC).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

LINE = 75  # octets in a line, without its break (RFC 5545, 3.1)
CONTENT_TYPE = "text/calendar; charset=utf-8"


class Method(StrEnum):
    """What the receiver is asked to do (RFC 5546, 3.2)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody with an address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Event:
    """One meeting. `uid` stays the same through all its moves, `sequence` rises with each of them."""

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    length: timedelta
    summary: str
    organizer: Guest
    description: str = ""
    location: str = ""
    url: str = ""
    guests: tuple[Guest, ...] = ()


def calendar_file(event: Event, method: Method = Method.REQUEST) -> bytes:
    """The event as a calendar file; its moments must be aware."""
    cancelled = method is Method.CANCEL
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tollgate//Reviews//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_utc(event.stamp)}",
        f"DTSTART:{_utc(event.starts)}",
        f"DTEND:{_utc(event.starts + event.length)}",
        f"SUMMARY:{escaped(event.summary)}",
        f"DESCRIPTION:{escaped(event.description)}" if event.description else "",
        f"LOCATION:{escaped(event.location)}" if event.location else "",
        f"URL:{event.url}" if event.url else "",
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        _address("ORGANIZER", event.organizer),
        *(
            _address("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE", guest)
            for guest in event.guests
        ),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines if line)


def escaped(text: str) -> str:
    """A text value: backslash, comma and semicolon escaped, line breaks as \\n (RFC 5545, 3.3.11)."""
    for plain, written in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\\n"),
        ("\n", "\\n"),
        ("\r", "\\n"),
    ):
        text = text.replace(plain, written)
    return text


def folded(line: str) -> bytes:
    """A content line in lines of at most 75 octets, broken between characters, with their breaks."""
    parts, part = [], b""
    room = LINE
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > room:
            parts.append(part)
            part, room = b"", LINE - 1  # the space that a continuation begins with counts
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone has no place in a calendar.")
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _address(what: str, guest: Guest) -> str:
    """An address line. A parameter's value is quoted and can hold no quotation mark (RFC 5545, 3.2)."""
    name = " ".join(guest.name.replace('"', "'").split())
    return f'{what};CN="{name}":mailto:{guest.email}'
