"""Agent hours come in as a report or a file: looked at first, then taken in whole, and taken back whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import day_text, plural
from kpis.imports import store
from kpis.imports.dates import DateOrder
from kpis.models import AgentHours, Sheet, SheetKind
from kpis.selectors.agent_hours import known_agents, told_hours
from kpis.sheets.ahead import Ahead
from kpis.sheets.hours import HoursFile, Said, Worked, read_file, read_worked

from .sheets import mark_back, mark_taken, to_take, to_take_back

MOST_SAID = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file comes to now: times by person that are new, how many are known, and what stands in the way.

    `unknown` are agents whom nobody here knows, each with their seconds and lines; `restated` what was told otherwise.
    """

    fresh: Mapping[tuple[int, date, date], Worked]
    known: int
    refused: Sequence[tuple[int, str]]
    unknown: Mapping[str, tuple[int, list[int]]]
    restated: Sequence[tuple[str, str]]
    clashes: Sequence[str]

    @property
    def seconds(self) -> int:
        return sum(row.seconds for row in self.fresh.values())


def file_of(sheet: Sheet) -> HoursFile:
    """What an uploaded file is. Raises Refused where it is gone or can be no file of hours."""
    return read_file(store.read(sheet.path))


def usual_columns(sheet: Sheet, file: HoursFile) -> dict[str, str]:
    """Which columns are taken for what: as the last file with these columns was read, else by their names."""
    if file.table is None:
        return {}
    earlier = Sheet.objects.filter(
        engagement=sheet.engagement_id, kind=SheetKind.HOURS, taken_at__isnull=False, said__has_key="columns"
    )
    names = set(file.table.names)
    for said in earlier.order_by("-taken_at").values_list("said", flat=True)[:10]:
        if set(said["columns"].values()) <= names:
            return dict(said["columns"])
    return file.guessed


def said_of(data: Mapping[str, Any]) -> Said:
    """What a form or a caller says, as the reading takes it."""
    columns = {
        what: data[f"{what}_column"] for what in ("date", "agent", "hours") if data.get(f"{what}_column")
    }
    return Said(
        order=DateOrder(data["date_order"]) if data.get("date_order") else None,
        first=data.get("first"),
        last=data.get("last"),
        columns=columns or None,
        unit=data.get("unit") or "",
    )


def _read(sheet: Sheet, said: Said) -> Reading:
    engagement = sheet.engagement
    rows, refused = read_worked(
        file_of(sheet), said, first=engagement.kickoff_on, today=clock.today(engagement.zone)
    )
    agents = known_agents(engagement)
    times: dict[tuple[int, date, date], Worked] = {}
    unknown: dict[str, tuple[int, list[int]]] = {}
    for row in rows:
        person = agents.person(row.agent, row.name)
        if person is None:
            called = " ".join(filter(None, (row.agent, row.name if row.name != row.agent else "")))
            seconds, lines = unknown.get(called, (0, []))
            unknown[called] = (seconds + row.seconds, [*lines, row.row_no])
        else:
            place = (person, row.first, row.last)
            times[place] = times[place].plus(row) if place in times else row
    standing: dict[tuple[int, date, date], int] = {}
    for stint in told_hours(engagement).stints:
        place = (stint.agent, stint.first, stint.last)
        standing[place] = standing.get(place, 0) + stint.seconds
    fresh = {place: row for place, row in times.items() if standing.get(place) != row.seconds}
    restated = [
        (_place(agents.names, place), f"{_hours(standing[place])} become {_hours(row.seconds)}")
        for place, row in fresh.items()
        if place in standing
    ]
    clashes = _clashes(fresh, {*standing, *times}, agents.names)
    return Reading(fresh, len(times) - len(fresh), refused, unknown, restated, clashes)


def _clashes(
    fresh: Mapping[tuple[int, date, date], Worked],
    all_: set[tuple[int, date, date]],
    names: Mapping[int, str],
) -> list[str]:
    """Times of one person that overlap without being of the same days: counted both, they would count twice."""
    by_person: dict[int, list[tuple[date, date]]] = {}
    for person, first, last in all_:
        by_person.setdefault(person, []).append((first, last))
    return [
        f"{_place(names, (person, first, last))}: hours of {_days(*other)} are in or in the file as well. "
        "Take one of them back, or leave one out: the same hours would count twice."
        for person, first, last in fresh
        for other in by_person[person]
        if other != (first, last) and other[0] <= last and first <= other[1]
    ]


def _place(names: Mapping[int, str], place: tuple[int, date, date]) -> str:
    person, first, last = place
    return f"{names.get(person, 'An agent')}, {_days(first, last)}"


def _days(first: date, last: date) -> str:
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def _hours(seconds: int) -> str:
    return f"{seconds / 3600:,.1f} hours"


def look_ahead(sheet: Sheet, *, leave_out: bool = False, **said: Any) -> Ahead:
    """What would come of taking a file in now. Raises Refused where it cannot be read so."""
    found = _read(sheet, said_of(said))
    days = sorted({day for _, first, last in found.fresh for day in (first, last)})
    unknown = [
        (
            f"Not known here: {called}",
            f"{_hours(seconds)}, {'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines[:10]))}",
        )
        for called, (seconds, lines) in found.unknown.items()
    ]
    spans = [place for place in found.fresh if place[1] != place[2]]
    notes = [f"{_hours(found.seconds)} of {plural(len({place[0] for place in found.fresh}), 'agent')}."]
    if spans:
        notes.append("One figure for several days is kept as that and never spread over them.")
    notes.append(
        "Days are those of the report, in its own zone. Days without hours have no data; they are not zero."
    )
    return Ahead(
        figures=(
            ("Times that say something new", len(found.fresh)),
            ("Restate what was told", len(found.restated)),
            ("Known already", found.known),
            ("Agents not known here", len(found.unknown)),
            ("Not usable", len(found.refused)),
        ),
        refused=found.refused,
        days=days,
        changes=[*unknown, *found.restated],
        notes=notes,
        reasons=_reasons(found, leave_out=leave_out),
    )


def _reasons(found: Reading, *, leave_out: bool) -> list[str]:
    """Why a file cannot be taken in; empty: it can."""
    reasons = [f"Line {row_no}: {reason}" for row_no, reason in found.refused[:MOST_SAID]]
    if reasons:
        reasons.append("Hours are taken in whole or not at all. Mend the file, then upload it again.")
    if found.unknown and not leave_out:
        reasons.append(
            f"{plural(len(found.unknown), 'agent')} of the file {'is' if len(found.unknown) == 1 else 'are'} known "
            "neither from calls nor from the roster. Import their calls or add them to the roster, or say that their "
            "hours are left out."
        )
    reasons += found.clashes[:MOST_SAID]
    if not found.fresh and not reasons:
        reasons.append("Nothing in this file is new.")
    return reasons


@transaction.atomic
def take_in_hours(*, sheet: Sheet, by: Seat, leave_out: bool = False, **said: Any) -> Sheet:
    """Keep what a file says of each agent's time, all or nothing. Raises Refused with everything in the way."""
    sheet = to_take(sheet, by, SheetKind.HOURS)
    told = said_of(said)
    found = _read(sheet, told)
    if reasons := _reasons(found, leave_out=leave_out):
        raise Refused(reasons)
    AgentHours.objects.bulk_create(
        AgentHours(
            engagement=sheet.engagement, sheet=sheet, row_no=row.row_no, agent_id=person, first_day=first,
            last_day=last,
            worked_s=row.seconds, calls=row.calls, talk_s=row.talk, wrap_s=row.wrap, wait_s=row.wait, pause_s=row.pause,
        )
        for (person, first, last), row in sorted(found.fresh.items())
    )  # fmt: skip
    left_out = [
        (line, f"“{called}” is not known here; the hours were left out.")
        for called, (_, lines) in found.unknown.items()
        for line in lines
    ]
    sheet.date_order, sheet.said = said.get("date_order") or "", told.kept
    days = [day for _, first, last in found.fresh for day in (first, last)]
    mark_taken(sheet, by, kept=len(found.fresh), known=found.known, refused=sorted(left_out), days=days)
    return sheet


@transaction.atomic
def take_back_hours(*, sheet: Sheet, by: Seat) -> None:
    """Withdraw what a file said: what stood before it stands again."""
    mark_back(to_take_back(sheet, by, SheetKind.HOURS), by)
