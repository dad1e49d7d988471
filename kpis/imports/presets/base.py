"""The form in which an export is described: which columns or places, which codes, what its rows can tell."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Self

from engagements.outcomes import Outcome
from engagements.stages import Stage


class Moment(Enum):
    """How a file tells when a call was."""

    TIME = "a date with a time, or a date alone, in one column or two"
    DAY_AND_MONTH = "day and month without a year, rows in the order of time"


class Unit(Enum):
    """In what a bare number counts a duration. H:MM:SS is understood in all of them."""

    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    MINUTES = "minutes, also fractions"


IN, OUT, NOT_A_CALL = "inbound", "outbound", "no call"
DIRECTIONS: Mapping[str, str] = {
    **dict.fromkeys(("inbound", "incoming", "in"), IN),
    **dict.fromkeys(("outbound", "outgoing", "out"), OUT),
    **dict.fromkeys(("internal",), NOT_A_CALL),
}


@dataclass(frozen=True, slots=True)
class Preset:
    """One export: how to know it, where each value stands, and what it can tell.

    `columns` gives for each of Tollgate's fields the file's columns, the first that is filled counts. A file without
    a header is known by `shape` (a pattern per place) and gets its names from `places`. `system` is whose codes
    these are; presets of one system share their meanings. `key` names the fields that make two rows the same call;
    empty when the file has none, and identical rows are then different calls. `stand_in` are the fields that identify
    a call whose own id is missing. With `legs` several rows are one call, which came as far as the deepest of them.

    `measures` are the stages that the file itself can tell; None: those on which the codes in use keep books, all of
    `outcomes` counting as in use with `standard_codes`. Without `tells_contact` a contact is known only where a code
    in use says so: that a line was answered is none. `utc` are exports that write their times in UTC and say so.
    `strict` takes ISO dates and whole seconds only. `blank_code` stands for an empty cell where that is a result.
    `several` are the fields whose cell may hold a list, with what divides it. `complete` is the column in which the
    export says whether it is whole. `directions` adds this system's words to DIRECTIONS.
    """

    name: str
    label: str
    help: str
    signature: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, Outcome]
    key: tuple[str, ...]
    system: str = ""
    places: tuple[str, ...] = ()
    shape: Mapping[str, str] = field(default_factory=dict)
    stand_in: tuple[str, ...] = ()
    legs: bool = False
    moment: Moment = Moment.TIME
    strict: bool = False
    unit: Unit = Unit.SECONDS
    measures: frozenset[Stage] | None = None
    tells_contact: bool = True
    zone: str | None = None
    utc: bool = False
    first_year: int | None = None
    system_agents: frozenset[str] = frozenset()
    bare_delimiters: frozenset[str] = frozenset()
    ragged: bool = False
    standard_codes: bool = False
    blank_code: str = ""
    several: Mapping[str, str] = field(default_factory=dict)
    complete: str = ""
    directions: Mapping[str, str] = field(default_factory=dict)
    media: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.system:
            object.__setattr__(self, "system", self.name)

    def can_measure(self, in_use: Iterable[Outcome]) -> frozenset[Stage]:
        """The stages that files of this export can tell, when codes with these outcomes are in use.

        What is not here is unknown, not zero: a system that never said "shown" keeps no books on shows.
        """
        if self.measures is not None:
            return self.measures
        standard = self.outcomes.values() if self.standard_codes else ()
        told = frozenset({Stage.DIAL}).union(*(outcome.tells for outcome in (*in_use, *standard)))
        return told | {Stage.CONTACT} if self.tells_contact or len(told) > 1 else told

    def like(self, **changes: Any) -> Self:
        """Another export of the same system."""
        return replace(self, **({"system": self.system} | changes))


def codes(meanings: Mapping[Outcome, str], *, divided_by: str | None = None) -> dict[str, Outcome]:
    """A map of codes, written as one text of codes per outcome."""
    return {
        code.strip(): outcome for outcome, listed in meanings.items() for code in listed.split(divided_by)
    }


def column_name(cell: str) -> str:
    """A header cell as names are compared: "Call Date " is call_date."""
    return "_".join(cell.strip().strip('"').strip().lower().split())


def fits_shape(preset: Preset, rows: Iterable[list[str]]) -> bool:
    """Whether rows without a header look like this export: each place of `shape` in nine of ten rows."""
    patterns = [(preset.places.index(name), re.compile(pattern)) for name, pattern in preset.shape.items()]
    if not patterns:
        return False
    least = max(place for place, _ in patterns) + 1
    seen = fitting = 0
    for cells in rows:
        seen += 1
        fitting += least <= len(cells) <= len(preset.places) + 1 and all(
            pattern.fullmatch(cells[place].strip()) for place, pattern in patterns
        )
    return seen > 0 and fitting >= 0.9 * seen
