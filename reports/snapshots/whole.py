"""A whole snapshot, how it is frozen and thawed, and what it hashes to."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from common.days import WhenOff, WorkDays
from common.hashing import content_hash

from .brand import Brand
from .brief import Brief
from .days import HourRate, RateLimits
from .evening import Evening
from .figures import DayRow, ImportFact, SourceRow, Stage
from .findings import Action, Finding, Note
from .following import Bottleneck, ForwardFact, ForwardTarget, Heard, PlanFact, ScalingFact
from .gates import GateFacts, GateRecord
from .kinds import Kind, Verdict
from .listening import Listening, TransferLog
from .plan import MovedDate, Person, PlanItem, PlanPhase, Slip, Work
from .reviews import Pattern, ReviewRecord, Suspicion
from .setup import AgentStanding, Check, LeadTest, LineTest, ScriptStanding


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that one report says. What a kind does not need stays empty."""

    kind: Kind
    version: int
    generated_at: datetime
    engagement_id: str
    campaign: str
    client: str
    operator: str
    zone: str
    day: int | None
    kickoff: date
    first: date
    last: date
    first_day: int
    last_day: int
    launch_contracted: date | None = None
    launch_forecast: date | None = None
    launch_actual: date | None = None
    locked_on: datetime | None = None
    paper: str = "A4"  # or "letter"
    work: Work | None = None  # reports of before this was agreed name none: every day was worked
    people: tuple[Person, ...] = ()
    phases: tuple[PlanPhase, ...] = ()
    plan: tuple[PlanItem, ...] = ()
    slips: tuple[Slip, ...] = ()
    brief: Brief | None = None
    checks: tuple[Check, ...] = ()
    lines: tuple[LineTest, ...] = ()
    leads: tuple[LeadTest, ...] = ()
    agents: tuple[AgentStanding, ...] = ()
    script: ScriptStanding | None = None
    strangers: tuple[str, ...] = ()  # codes of call logs that belong to nobody on the roster
    funnel: tuple[Stage, ...] = ()
    baseline: tuple[Stage, ...] = ()
    baseline_frozen_at: datetime | None = None
    baseline_brief: int | None = None  # version of the brief that judged it
    by_source: tuple[SourceRow, ...] = ()
    by_day: tuple[DayRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    gate: GateFacts | None = None
    bottleneck: Bottleneck | None = None
    notes: tuple[Note, ...] = ()
    actions: tuple[Action, ...] = ()
    forward_targets: tuple[ForwardTarget, ...] = ()
    plans: tuple[PlanFact, ...] = ()
    scaling: tuple[ScalingFact, ...] = ()
    closers: tuple[Heard, ...] = ()
    forward: ForwardFact | None = None
    imports: tuple[ImportFact, ...] = ()
    certificates: tuple[GateRecord, ...] = ()
    trail_head: str = ""
    patterns: tuple[Pattern, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    dispositions: str = ""
    surprises: tuple[str, ...] = ()
    review: ReviewRecord | None = None
    moved: tuple[MovedDate, ...] = ()
    listening: Listening | None = None
    transfers: TransferLog | None = None
    evening: Evening | None = None
    baseline_today: tuple[Stage, ...] | None = (
        None  # the days of the baseline as they stood, where they differ
    )
    client_brand: Brand | None = None
    operator_brand: Brand | None = None
    sample: bool | None = None  # True where all of it is made up
    by_hour: HourRate | None = None
    limits: tuple[RateLimits, ...] | None = None


# Came later: left out while empty, so that older snapshots keep the hash under which they were signed.
_LATER = ("baseline_today", "client_brand", "operator_brand", "sample", "by_hour", "limits")


def freeze(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot as plain JSON values."""
    frozen = _plain(snapshot)
    if not isinstance(frozen, dict):
        raise TypeError("a snapshot freezes to an object")
    return {name: value for name, value in frozen.items() if name not in _LATER or value is not None}


def thaw(frozen: dict[str, Any]) -> Snapshot:
    """The snapshot that was frozen. Unknown keys raise, missing ones take their default."""
    snapshot = _typed(Snapshot, frozen)
    if not isinstance(snapshot, Snapshot):
        raise TypeError("not a snapshot")
    return snapshot


def digest(snapshot: Snapshot) -> str:
    """SHA-256 of the canonical JSON: the identity of the content, printed on page 1 in short."""
    return content_hash(freeze(snapshot))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    return value


def _typed(wanted: Any, value: Any) -> Any:
    """`value` from JSON as the annotated type `wanted`."""
    origin = get_origin(wanted)
    if origin in (UnionType, Union):
        if value is None:
            return None
        return _typed(next(option for option in get_args(wanted) if option is not NoneType), value)
    if origin is tuple:
        return tuple(_typed(get_args(wanted)[0], item) for item in value)
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = get_type_hints(wanted)
        return wanted(**{name: _typed(hints[name], item) for name, item in value.items()})
    if wanted in (date, datetime):
        return wanted.fromisoformat(value)
    if wanted in (Kind, Verdict):
        return wanted(value)
    return float(value) if wanted is float else value


def work_days(snapshot: Snapshot) -> WorkDays:
    """Which days were worked when the snapshot was taken."""
    if snapshot.work is None:
        return WorkDays()
    holidays = frozenset(day.on for day in snapshot.work.holidays)
    return WorkDays(frozenset(snapshot.work.weekdays), holidays, WhenOff(snapshot.work.when_off))
