"""How long agents were logged in or paid: the reports of dialers that say it, and files of a date, an agent and hours.

A report that covers several days says one figure for all of them; it is kept as that, never spread. Pure.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from common.errors import Refused
from common.wording import cut_short, day_text, plural
from kpis.imports.agent_reports import AgentSums, read_report, recognised
from kpis.imports.dates import DateOrder

from .table import Table, read_table
from .values import as_date, date_order

DATE = ("date", "day", "work_date", "shift_date", "report_date", "on")
AGENT = (
    "agent",
    "agent_code",
    "agent_id",
    "code",
    "user",
    "user_id",
    "agent_name",
    "full_name",
    "user_name",
    "name",
)
HOURS = (
    "hours", "paid_hours", "hours_paid", "logged_in_hours", "login_hours", "hours_worked", "worked_hours",
    "agent_hours", "logged_in", "login_time", "logged_in_time", "staffed_time", "paid_time", "time_clock", "minutes",
    "paid_minutes", "seconds", "paid_seconds",
)  # fmt: skip
# What has one of these is a file of single calls, reviews or counts, whatever else it tells.
OTHERS = frozenset(
    {"call_id", "lead_id", "phone", "phone_number", "disposition", "status", "reviewer", "stage", "metric"}
)
COLUMNS: Mapping[str, tuple[str, ...]] = {"date": DATE, "agent": AGENT, "hours": HOURS}
UNITS: Mapping[str, int] = {"hours": 3600, "minutes": 60, "seconds": 1}
PARTS = ("calls", "talk", "wrap", "wait", "pause")
A_DAY = 86_400
CLOCK = re.compile(r"^([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?$")
NUMBER = re.compile(r"^[0-9]{1,9}(?:[.,][0-9]{1,6})?$")
RANGE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})([ T][0-9:]+)? (?:to|-|until) ([0-9]{4}-[0-9]{2}-[0-9]{2})([ T][0-9:]+)?"
)
MIDNIGHT = re.compile(r"(?:^|[ T])(?:12:00(?::00)? ?[Aa][Mm]|0?0:00(?::00(?:\.0+)?)?(?!.*[PpAa][Mm]))")
NO_HOURS = (
    "This is {label}, which does not say how long agents were logged in. Export the report that has their logged-in "
    "time, for Genesys Cloud the productivity view."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said where the file does not tell: the days of a report, the columns of another file, the unit."""

    order: DateOrder | None = None
    first: date | None = None
    last: date | None = None
    columns: Mapping[str, str] | None = None
    unit: str = ""

    @property
    def kept(self) -> dict[str, Any]:
        """As it is kept with the file."""
        told: dict[str, Any] = {
            "first": self.first and self.first.isoformat(),
            "last": self.last and self.last.isoformat(),
        }
        return {
            name: value
            for name, value in (told | {"columns": self.columns, "unit": self.unit}).items()
            if value
        }


@dataclass(frozen=True, slots=True)
class HoursFile:
    """A file of hours: a report that is known with the days of its title, or a table whose columns are said."""

    label: str
    report: AgentSums | None = None
    table: Table | None = None
    first: date | None = None
    last: date | None = None

    @property
    def says_days(self) -> bool:
        """Whether it says of which days it is."""
        return self.report is None or self.first is not None or "start" in self.report.report.columns

    @property
    def guessed(self) -> dict[str, str]:
        """Which column of a table is taken for what, where one has a usual name."""
        names = self.table.names if self.table else ()
        return {what: found for what, usual in COLUMNS.items() if (found := _usual(names, usual))}


@dataclass(frozen=True, slots=True)
class Worked:
    """The time of one agent over one day or several: seconds, and what else the report has of it."""

    row_no: int
    agent: str
    name: str
    first: date
    last: date
    seconds: int
    calls: int | None = None
    talk: int | None = None
    wrap: int | None = None
    wait: int | None = None
    pause: int | None = None

    def plus(self, other: "Worked") -> "Worked":
        """Both times together; a part that one of them does not have is not known of both."""
        calls, talk, wrap, wait, pause = (_plus(getattr(self, part), getattr(other, part)) for part in PARTS)
        seconds = self.seconds + other.seconds
        return replace(self, seconds=seconds, calls=calls, talk=talk, wrap=wrap, wait=wait, pause=pause)


def _plus(one: int | None, two: int | None) -> int | None:
    return None if one is None or two is None else one + two


def is_hours(names: frozenset[str]) -> bool:
    """Whether a header is that of agent hours, beyond doubt."""
    return all(names & set(usual) for usual in COLUMNS.values()) and not names & OTHERS


def is_report(data: bytes) -> bool:
    """Whether a file is a report on agents that is known."""
    return recognised(data) is not None


def hours_gaps(names: frozenset[str]) -> list[str]:
    """Why a table cannot be read as hours, whatever its columns are called; empty: it can."""
    return (
        []
        if len(names - {""}) >= 3
        else ["A file of hours has three columns at least: date, agent and hours."]
    )


def read_file(data: bytes) -> HoursFile:
    """What a file of hours is. Raises Refused where it can be none."""
    try:
        found = read_report(data)
    except Refused:
        found = None
    if found:
        if not found.report.tells_hours:
            raise Refused(NO_HOURS.format(label=found.report.label))
        first, last = _title_days(found.above)
        return HoursFile(found.report.label, report=found, first=first, last=last)
    try:
        table = read_table(data, is_hours)
    except Refused:
        table = read_table(data, lambda names: not hours_gaps(names))
    if gaps := hours_gaps(frozenset(table.names)):
        raise Refused(gaps)
    return HoursFile("A file of agent hours", table=table)


def _title_days(above: Sequence[str]) -> tuple[date | None, date | None]:
    """The days that the title of a report names; an end at midnight is that of the day before."""
    for line in above:
        if found := RANGE.search(line):
            first, last = as_date(found[1], None), as_date(found[3], None)
            if first and last and first <= last:
                return first, _last_day(first, last, found[4] or "")
    return None, None


def _last_day(first: date, last: date, clock: str) -> date:
    return last - timedelta(days=1) if last > first and MIDNIGHT.search(clock) else last


def _usual(names: Sequence[str], usual: Collection[str]) -> str:
    return next((name for name in usual if name in names), "")


def unit_of(column: str) -> str:
    """In what a column of this name counts: hours unless it says otherwise."""
    return next((unit for unit in ("minutes", "seconds") if unit in column), "hours")


def read_worked(
    file: HoursFile, said: Said, *, first: date, today: date
) -> tuple[list[Worked], list[tuple[int, str]]]:
    """The times of a file, and the lines that cannot be used with the reason. Raises Refused for it as a whole.

    `first` is the first day of the campaign.
    """
    rows, refused = _of_report(file, said) if file.report else _of_table(file, said)
    found: list[Worked] = []
    for row in rows:
        if gap := _gap(row, first, today):
            refused.append((row.row_no, gap))
        else:
            found.append(row)
    return found, sorted(refused)


def _gap(row: Worked, first: date, today: date) -> str:
    """Why a time cannot be kept; "": it can."""
    days = (row.last - row.first).days + 1
    if not row.agent and not row.name:
        return "The row names no agent."
    if days < 1:
        return "The last day lies before the first."
    if row.first < first or row.last > today:
        outside = row.first if row.first < first else row.last
        return f"{day_text(outside)} lies outside of the campaign's days up to today."
    if row.seconds > days * A_DAY:
        return f"{row.seconds / 3600:,.1f} hours are more than {plural(days, 'day')} can have: choose another unit."
    return ""


def _of_report(file: HoursFile, said: Said) -> tuple[list[Worked], list[tuple[int, str]]]:
    assert file.report is not None  # noqa: S101  asked by the caller
    rows = file.report.agents.to_dicts()
    begin, end = file.first or said.first, file.last or said.last
    if "start" in file.report.report.columns:
        order = date_order((row[side] or "" for row in rows for side in ("start", "end")), said.order)
    elif begin is None or end is None:
        raise Refused("The file does not say of which days it is. Give its first and its last day.")
    found: dict[tuple[str, str, date, date], Worked] = {}
    seen: set[tuple[str, ...]] = set()
    refused: list[tuple[int, str]] = []
    for row in rows:
        first, last = begin, end
        if row["start"] or row["end"]:
            first, last = as_date(row["start"] or "", order), as_date(row["end"] or "", order)
            last = _last_day(first, last, row["end"] or "") if first and last else None
        interval = tuple(str(row[name] or "") for name in ("agent", "agent_name", "start", "end"))
        agent, name = (row["agent"] or "")[:120], (row["agent_name"] or "")[:120]
        if first is None or last is None:
            refused.append((row["row_no"], "The row does not say of which days it is."))
        elif row["login"] is None:
            refused.append((row["row_no"], "The row does not say how long the agent was logged in."))
        elif interval in seen:
            refused.append(
                (row["row_no"], f"“{cut_short(name or agent)}” stands in the file twice for the same time.")
            )
        else:
            seen.add(interval)
            one = Worked(
                row["row_no"], agent, name, first, last, row["login"], *(row[part] for part in PARTS)
            )
            place = (agent, name, first, last)
            found[place] = found[place].plus(one) if place in found else one
    return list(found.values()), refused


def _of_table(file: HoursFile, said: Said) -> tuple[list[Worked], list[tuple[int, str]]]:
    assert file.table is not None  # noqa: S101  asked by the caller
    columns = file.guessed | {what: name for what, name in (said.columns or {}).items() if name}
    missing = [what for what in COLUMNS if columns.get(what) not in file.table.names]
    if missing:
        raise Refused(
            [f"Say which column holds the {'days' if what == 'date' else what}." for what in missing]
        )
    if len(set(columns.values())) < len(COLUMNS):
        raise Refused("Date, agent and hours are three columns: choose a different one for each.")
    order = date_order((row.cells.get(columns["date"], "") for row in file.table.rows), said.order)
    factor = UNITS[said.unit or unit_of(columns["hours"])]
    found: dict[tuple[str, date], Worked] = {}
    refused = list(file.table.bad)
    for row in file.table.rows:
        texts = {what: row.cells.get(name, "") for what, name in columns.items()}
        if texts["agent"].upper().startswith("TOTAL") or texts["date"].upper().startswith("TOTAL"):
            continue
        day, seconds = as_date(texts["date"], order), _seconds(texts["hours"], factor)
        if day is None:
            wrong = (
                f"“{cut_short(texts['date'])}” is no date: write it as 2026-03-12."
                if texts["date"]
                else "The date is missing."
            )
        elif seconds is None:
            wrong = (
                f"“{cut_short(texts['hours'])}” is no time: write it as 7.5 or 7:30."
                if texts["hours"]
                else "The hours are missing."
            )
        elif len(texts["agent"]) > 120:
            wrong = "An agent's code or name has at most 120 characters."
        elif (texts["agent"].casefold(), day) in found:
            wrong = f"“{cut_short(texts['agent'])}” stands in the file twice on {day_text(day)}: add the shifts up."
        else:
            found[texts["agent"].casefold(), day] = Worked(row.row_no, texts["agent"], "", day, day, seconds)
            continue
        refused.append((row.row_no, wrong))
    return list(found.values()), refused


def _seconds(text: str, factor: int) -> int | None:
    """A time as 7.5 (of the unit), 7:30 or 7:30:00; None for anything else."""
    if clock := CLOCK.match(text):
        return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    return round(float(text.replace(",", ".")) * factor) if NUMBER.match(text) else None
