"""The proof of setup: checks, lines, leads, agents and the script."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One test of a readiness check; a failed test stays beside its re-test. `result`: passed, failed or open."""

    area: str
    title: str
    result: str = "open"
    tester: str = ""
    at: datetime | None = None
    evidence: tuple[str, ...] = ()
    superseded: bool = False
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class LineTest:
    """One test call on a transfer line, or a line without one; `superseded` where it was tested again."""

    line: str
    number: str
    team: str
    result: str = "open"
    answered_by: str = ""
    tester: str = ""
    at: datetime | None = None
    note: str = ""
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class LeadTest:
    """One real lead that was pushed through the systems."""

    lead: str
    source: str
    day: int
    result: str
    path: tuple[str, ...]
    outcome: str
    tester: str
    at: datetime
    note: str = ""
    superseded: bool = False
    later: bool = False  # written down after its day


@dataclass(frozen=True, slots=True)
class Attempt:
    """The newest attempt of an agent at one certification; `version` is that of the script, 0 for other kinds.

    It may be passed and not count: the script has changed since.
    """

    kind: str
    passed: bool
    counts: bool
    on: date
    score: int
    pass_mark: int
    assessor: str
    side: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class AgentStanding:
    """Dates on which the agent passed; None is not passed, or no longer counted."""

    name: str
    product: date | None = None
    script: date | None = None
    system: date | None = None
    since: date | None = None  # first day on the roster
    until: date | None = None  # last day, where one is told
    newest: tuple[Attempt, ...] = ()

    @property
    def cleared(self) -> bool:
        return None not in (self.product, self.script, self.system)


@dataclass(frozen=True, slots=True)
class ScriptStanding:
    """The version of the script that agents speak, and `required`, the one that they have to be certified on.

    `coming` is a later version that is final and not in use yet; 0 for none.
    """

    version: int
    since: datetime
    required: int
    approved_by: str
    approved_at: datetime
    content_hash: str
    coming: int = 0
