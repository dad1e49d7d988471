"""Calendar files are what RFC 5545 asks for, to the octet."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.calendar_file import Event, Guest, Method, calendar_file, escaped, folded

EVENT = Event(
    uid="review-1@tollgate",
    sequence=2,
    stamp=datetime(2026, 3, 1, 9, tzinfo=UTC),
    starts=datetime(2026, 3, 15, 10, tzinfo=ZoneInfo("America/New_York")),
    length=timedelta(minutes=60),
    summary="Day-14 review: Spring windows, Harbour; Northline",
    organizer=Guest("Mara Voss", "mara@northline.example"),
    description="Agenda\nFigures against target",
    location="Room 4",
    guests=(Guest('Clara "C" Lind', "clara@harbour.example"),),
)


def lines(event: Event, method: Method = Method.REQUEST) -> list[str]:
    """The content lines, unfolded."""
    return calendar_file(event, method).decode().replace("\r\n ", "").split("\r\n")


def test_an_invitation_has_what_the_receiver_needs() -> None:
    assert lines(EVENT) == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tollgate//Reviews//EN", "METHOD:REQUEST", "BEGIN:VEVENT",
        "UID:review-1@tollgate", "SEQUENCE:2", "DTSTAMP:20260301T090000Z", "DTSTART:20260315T140000Z",
        "DTEND:20260315T150000Z", "SUMMARY:Day-14 review: Spring windows\\, Harbour\\; Northline",
        "DESCRIPTION:Agenda\\nFigures against target", "LOCATION:Room 4", "STATUS:CONFIRMED",
        'ORGANIZER;CN="Mara Voss":mailto:mara@northline.example',
        'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN="Clara \'C\' Lind"'
        ":mailto:clara@harbour.example",
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip


def test_a_cancellation_says_so_twice() -> None:
    told = lines(EVENT, Method.CANCEL)
    assert "METHOD:CANCEL" in told
    assert "STATUS:CANCELLED" in told


def test_the_same_hour_is_another_moment_once_the_clocks_have_changed() -> None:
    """New York changes on 8 March 2026: ten o'clock is 15:00 in UTC before and 14:00 after."""
    zone = ZoneInfo("America/New_York")
    for day, hour in [(7, "15"), (8, "14")]:
        moved = replace(EVENT, starts=datetime.combine(date(2026, 3, day), time(10), zone))
        assert f"DTSTART:2026030{day}T{hour}0000Z" in lines(moved)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar_file(replace(EVENT, starts=datetime(2026, 3, 15, 10)))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "written"),
    [("a,b;c", "a\\,b\\;c"), ("back\\slash", "back\\\\slash"), ("one\r\ntwo\nthree", "one\\ntwo\\nthree")],
)
def test_text_is_escaped(text: str, written: str) -> None:
    assert escaped(text) == written


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=400))
def test_lines_are_folded_between_characters_and_unfold_to_what_they_were(text: str) -> None:
    raw = folded(f"SUMMARY:{text}")
    assert raw.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert all(line.decode() is not None for line in raw.split(b"\r\n"))  # no character is cut in two
    assert raw.decode().replace("\r\n ", "") == f"SUMMARY:{text}\r\n"
