"""A gate with its conditions, and the record of a passed one."""

from dataclasses import dataclass
from datetime import date, datetime

from .brief import Signature


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a gate, with what stands against it when it is not met."""

    text: str
    met: bool
    owner: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class GateFacts:
    name: str
    day: int
    passed_on: datetime | None = None
    conditions: tuple[Condition, ...] = ()
    blockers: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordItem:
    """One thing that kept a gate shut, and who cleared it."""

    what: str
    opened: datetime | None = None
    opened_by: str = ""
    cleared_at: datetime | None = None
    cleared_on: date | None = None
    by: str = ""
    proof: str = ""

    @property
    def cleared(self) -> bool:
        return self.cleared_at is not None or self.cleared_on is not None


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """A version of a gate's report that lay on the table."""

    version: int
    sha256: str
    at: datetime
    by: str
    passed_on_it: bool = False


@dataclass(frozen=True, slots=True)
class RecordLine:
    """Something that happened at a gate; `stopped` marks holds, declines and returns to work."""

    at: datetime
    by: str
    side: str
    words: str
    text: str = ""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class GateRecord:
    """The whole record of one passed gate."""

    name: str
    day: int
    passed_on: datetime | None
    report: str
    version: int
    sha256: str
    slip: str = ""
    slips: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    items: tuple[RecordItem, ...] = ()
    documents: tuple[RecordDocument, ...] = ()
    history: tuple[RecordLine, ...] = ()
    signatures: tuple[Signature, ...] = ()
