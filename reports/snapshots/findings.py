"""What is below target, how it was answered, and what is to be done."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FixLine:
    action: str
    owner: str
    due: date | None = None
    done: date | None = None


@dataclass(frozen=True, slots=True)
class CauseLine:
    """What was found on one side; `found` is false where that side was looked at and has no cause."""

    side: str
    text: str
    found: bool = True
    fixes: tuple[FixLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One step in the life of a finding."""

    state: str
    on: date
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A metric below target, or something noticed.

    `state`: open, planned, late, done, verified or reopened, in the reader's words; `causes` are those of the present
    answer, side by side, `history` how it came to its state.
    """

    metric: str
    value: str = ""
    target: str = ""
    cause: str = ""
    side: str = ""
    fix: str = ""
    owner: str = ""
    due: date | None = None
    done: date | None = None
    state: str = "open"
    found_on: date | None = None
    review_day: int = 30
    causes: tuple[CauseLine, ...] = ()
    history: tuple[Event, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down as proof of a milestone; `about` is the milestone's code in the playbook."""

    about: str
    text: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Action:
    """A next step or an item that carries over."""

    text: str
    owner: str = ""
    side: str = ""
    due: date | None = None
    state: str = "open"
