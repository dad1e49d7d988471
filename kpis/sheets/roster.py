"""A roster of agents: code, name, first day, and a last day where they have gone. Pure.

E-mail addresses are not kept: an agent has no account here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.names import name_blockers
from common.wording import cut_short, day_text
from kpis.imports.dates import DateOrder

from .table import Table
from .values import as_date, date_order

CODE = ("code", "agent_code", "dialer_code", "user", "agent_id", "agent", "id")
NAME = ("name", "full_name", "agent_name", "user_name", "display_name")
START = ("start_date", "start", "first_day", "joined_on", "hired_on", "hire_date")
END = ("end_date", "end", "last_day", "left_on", "termination_date")
COLUMNS = frozenset({*CODE, *NAME, *START, *END})
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Listed:
    """One agent as a file lists them."""

    row_no: int
    code: str
    name: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class OnRoster:
    """An agent who is on the roster now or comes onto it later, under one of their codes.

    `who` is the same for all codes of one person; `left_on` is the last day, once it was told.
    """

    code: str
    name: str
    joined_on: date | None
    left_on: date | None = None
    who: str = ""

    @property
    def person(self) -> str:
        return self.who or self.code


@dataclass(frozen=True, slots=True)
class Moves:
    """What a file changes: who is added, whose name changes, whose last day it says; and whom it leaves out."""

    added: list[Listed]
    renamed: list[tuple[OnRoster, Listed]]
    ended: list[tuple[OnRoster, Listed]]
    same: int
    left_out: list[OnRoster]


def is_roster(names: frozenset[str]) -> bool:
    """Whether a header is that of a roster, beyond doubt: a code, a name and a first day."""
    return bool(names & set(CODE)) and bool(names & set(NAME)) and bool(names & set(START))


def roster_gaps(names: frozenset[str]) -> list[str]:
    """Which columns a roster lacks; empty: none."""
    return [
        sentence
        for columns, sentence in (
            (CODE, "A column must give the dialer's code: code."),
            (NAME, "A column must give the name: name."),
            (START, "A column must give the first day: start_date."),
        )
        if not names & set(columns)
    ]


def read_roster(table: Table, *, said: DateOrder | None) -> tuple[list[Listed], list[tuple[int, str]]]:
    """The agents of a file, and the lines that cannot be used with the reason. Raises Refused for it as a whole."""
    texts = [text for row in table.rows for text in (row.first(START), row.first(END))]
    order = date_order(texts, said)
    found: dict[str, Listed] = {}
    refused = list(table.bad)
    for row in table.rows:
        code, name = row.first(CODE), row.first(NAME)
        start_text, end_text = row.first(START), row.first(END)
        start, end = as_date(start_text, order), as_date(end_text, order)
        wrong = ""
        if not code:
            wrong = "The dialer's code is missing."
        elif gaps := [*name_blockers(code), *name_blockers(name)]:
            wrong = gaps[0]
        elif max(len(code), len(name)) > LONGEST:
            wrong = f"A code and a name have at most {LONGEST} characters."
        elif code.casefold() in found:
            wrong = f"The code “{code}” stands in the file twice."
        for text, read in ((start_text, start), (end_text, end)):
            if text and read is None:
                wrong = wrong or f"“{cut_short(text)}” is no date: write it as 2026-03-12."
        if not wrong and start and end and end < start:
            wrong = f"The last day, {day_text(end)}, lies before the first."
        if wrong:
            refused.append((row.row_no, wrong))
        else:
            found[code.casefold()] = Listed(row.row_no, code, name, start, end)
    return list(found.values()), sorted(refused)


def moves(listed: Sequence[Listed], standing: Sequence[OnRoster]) -> tuple[Moves, list[tuple[int, str]]]:
    """What a file changes of the roster, and the rows that cannot be followed. Whom it leaves out stays as they are.

    A last day that is told already, and a row for a second code of somebody, change nothing again.
    """
    known = {one.code.casefold(): one for one in standing}
    added, renamed, refused, same = [], [], [], 0
    ended: dict[str, tuple[OnRoster, Listed]] = {}
    for row in listed:
        one = known.get(row.code.casefold())
        if one is None and row.end:
            same += 1  # somebody who has gone, and was never here
        elif one is None and row.start is None:
            refused.append((row.row_no, f"{row.name} is new, so the first day is needed."))
        elif one is None:
            added.append(row)
        else:
            changed = False
            if one.name.casefold() != row.name.casefold():
                renamed.append((one, row))
                changed = True
            told = one.left_on or (ended[one.person][1].end if one.person in ended else None)
            if row.end and told and row.end != told:
                refused.append(
                    (
                        row.row_no,
                        f"The last day of {one.name} is told already, {day_text(told)}: change it by hand.",
                    )
                )
                continue
            if row.end and not told:
                ended[one.person] = (one, row)
                changed = True
            same += not changed
    codes = {row.code.casefold() for row in listed}
    named = {one.person for code, one in known.items() if code in codes}
    left_out = list({one.person: one for one in standing if one.person not in named}.values())
    return Moves(added, renamed, list(ended.values()), same, left_out), refused
