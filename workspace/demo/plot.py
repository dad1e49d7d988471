"""What distinguishes one engagement of the demo from another: its people, words, answers and figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.roles import ParticipantRole

from .calls import Campaign
from .cast import Person


@dataclass(frozen=True)
class Answer:
    """What a campaign manager says to a metric below its target."""

    cause: str
    side: str
    action: str
    owner: ParticipantRole
    cleared: Mapping[str, str] = field(default_factory=dict)  # what was looked at on a side without a cause


@dataclass(frozen=True)
class Undertaken:
    """An action out of a review: done with this proof when it is due, or left open where there is none."""

    text: str
    owner: ParticipantRole
    days: int
    proof: str = ""


@dataclass(frozen=True)
class Meeting:
    """What was said, decided and undertaken in a review."""

    text: str
    decisions: tuple[str, ...] = ()
    actions: tuple[Undertaken, ...] = ()
    point: str = ""


@dataclass(frozen=True)
class DateWish:
    """Why a locked date should come later, and whose side that is on."""

    reason: str
    side: str


@dataclass(frozen=True)
class Noticed:
    """Something that QA noticed, answered twice because the first fix did not hold."""

    observation: str
    shown: str
    first: Answer
    reopened: str
    second: Answer
    confirmed: str


@dataclass(frozen=True)
class Slipped:
    """A check that fails on its day and passes only days after the launch was due: the launch comes that much later."""

    check: str
    days: int
    failed: str  # what failed, as its tester wrote it down
    repaired: str  # what was seen when it passed
    reason: str
    side: str


@dataclass(frozen=True)
class Said:
    """What somebody writes at a place, on a day; `private` is for their own side alone."""

    day: int
    person: Person
    about: str
    text: str
    private: bool = False
    hour: int = 11


@dataclass(frozen=True)
class Bottleneck:
    """What was put into an engagement's calls for the program to find: a stage, and where inside it."""

    metric: str
    kind: str  # "lead source", "hour" or "agent"
    places: frozenset[str]


@dataclass(frozen=True)
class Script:
    """What distinguishes one engagement of the demo from another."""

    campaign: str
    client_name: str
    client_team: Mapping[ParticipantRole, Person]
    operator_name: str
    operator_team: Mapping[ParticipantRole, Person]
    terms: Mapping[str, Any]
    targets: Mapping[str, str]
    behaviour: Campaign
    seed: int
    turns: tuple[tuple[int, Campaign], ...] = ()  # from which day on it behaves otherwise: fixes that work
    bottleneck: Bottleneck | None = None
    slipped: Slipped | None = None
    proofs: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    revised: Mapping[str, Any] = field(default_factory=dict)  # terms that a next version of the brief changes
    meetings: Mapping[str, Meeting] = field(default_factory=dict)  # by the code of the review
    words: tuple[str, ...] = ()  # of the script, version by version
    stumbles: str = ""  # who fails the systems test at first
    late: frozenset[str] = frozenset()  # who dials before anybody has put them on the roster
    late_answer: tuple[str, str, str] = (
        "",
        "",
        "",
    )  # how that came about, what was done, what the client says
    failed_first: frozenset[str] = frozenset({"dialer-routing"})
    said: tuple[Said, ...] = ()  # in the order of its days
    learned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by side, then by subject
    changes: Mapping[str, str] = field(default_factory=dict)
    next_targets: Mapping[str, str] = field(default_factory=dict)
    next_steps: str = ""


ROUTINE = Meeting(
    "The figures were checked against their targets and the open actions gone through, one by one."
)
