"""The frozen input of a written report: plain facts, no models, no formatting.

A snapshot is stored as JSON beside its deliverable. Rendering reads nothing else, so the same snapshot makes the same
report again, whatever has happened to the engagement since.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.db.models import TextChoices

from common.days import WhenOff, WorkDays
from common.hashing import content_hash


class Kind(TextChoices):
    """The written reports; the values are those of the command line and of the URLs."""

    LAUNCH_PLAN = "launch-plan", "Launch plan"
    BRIEF = "brief", "Campaign brief"
    ROSTER = "roster", "Cleared roster"
    DAY_10 = "day-10", "Day-10 launch clearance"
    DAY_14 = "day-14", "Day-14 review"
    DAY_30 = "day-30", "Day-30 baseline"
    DAY_45 = "day-45", "Day-45 checkpoint"
    DAY_60 = "day-60", "Day-60 optimisation"
    DAY_90 = "day-90", "Day-90 summary and forward plan"
    CERTIFICATE = "certificate", "Certificate of the gates passed"


class Verdict(StrEnum):
    """What a figure says against its target."""

    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too-few"
    NO_DATA = "no-data"
    NO_TARGET = "no-target"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str
    side: str  # "client" or "operator"


@dataclass(frozen=True, slots=True)
class DayOff:
    on: date
    name: str


@dataclass(frozen=True, slots=True)
class Work:
    """Which weekdays are worked (1 is Monday), whose public holidays are days off, and what a day off does."""

    weekdays: tuple[int, ...]
    when_off: str
    place: str = ""
    holidays: tuple[DayOff, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPhase:
    code: str
    name: str
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class PlanItem:
    """A milestone, review or gate of the plan. `state` is one of open, passed, blocked, late, held."""

    code: str
    title: str
    kind: str  # "milestone", "review" or "gate"
    day: int
    phase: str
    side: str
    owner: str = ""
    owner_role: str = ""
    contracted: date | None = None
    forecast: date | None = None
    actual: date | None = None
    state: str = "open"
    evidence_asked: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slip:
    days: int
    reason: str
    side: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A locked date that moved, why, and what the other side said: `answer` is accepted, agreed, contested or open.

    `answer` is "moved" for what moved before anybody was asked; `along` counts the dates that moved with it.
    """

    title: str
    from_on: date
    to_on: date
    days: int
    reason: str
    side: str
    by: str
    answer: str
    answered_by: str = ""
    answered_side: str = ""
    answered_on: date | None = None
    answer_reason: str = ""
    along: int = 0


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the brief: a text, a table, or both."""

    section: str
    label: str
    text: str
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    shares: tuple[int, ...] = ()  # of the line, in percent, per column; none: equal shares

    @property
    def filled(self) -> bool:
        return bool(self.text.strip() or self.rows)


@dataclass(frozen=True, slots=True)
class MetricTerm:
    """A metric as the brief defines it. `direction` is "up" (at least) or "down" (at most); percentages are 0 to 1."""

    code: str
    label: str
    numerator: str
    denominator: str
    direction: str = "up"
    target: float | None = None
    unit: str = "percent"
    source_system: str = ""
    dispute_rule: str = ""
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    organisation: str
    side: str
    at: datetime
    content_hash: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    version: int
    terms: tuple[Term, ...] = ()
    metrics: tuple[MetricTerm, ...] = ()
    signatures: tuple[Signature, ...] = ()
    content_hash: str = ""


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


@dataclass(frozen=True, slots=True)
class Stage:
    """A rate of the funnel with its interval (0 to 1) and, where the brief sets one, its target."""

    code: str
    label: str
    numerator_label: str
    denominator_label: str
    numerator: int | None = None
    denominator: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    target: float | None = None
    direction: str = "up"
    verdict: Verdict = Verdict.NO_DATA
    minimum: int = 0
    left_out: int = 0  # denominators on days whose files cannot tell the numerator
    left_out_days: int = 0
    unit: str = "percent"
    why: str = ""  # why there is no figure, where that is more than "no calls yet"


@dataclass(frozen=True, slots=True)
class SourceRow:
    """The funnel of one lead source."""

    source: str
    dials: int | None
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class DayRate:
    code: str
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class DayRow:
    """One engagement day. A day without rows carries no rates and dials None: no data, not zero."""

    on: date
    day: int
    dials: int | None = None
    rates: tuple[DayRate, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The one stage that days 31–60 work on. `reason` says why when it was chosen by hand.

    `computed` is the stage that the figures name, `saving` what its repair would save as a share of the cost per
    outcome, and `chance` how probable it is that no other stage saves more; None in earlier reports.
    """

    code: str
    label: str
    reason: str = ""
    computed: str = ""
    saving: float | None = None
    chance: float | None = None
    candidates: tuple["Candidate", ...] = ()
    too_little: tuple[str, ...] = ()
    cost: float | None = None  # of one outcome, where prices were set
    currency: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What repairing one stage would save, with 95% of the draws between the bounds."""

    label: str
    value: float
    target: float
    saving: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True, slots=True)
class Count:
    """A rate as it was counted."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class CheckFact:
    """Before and after of a metric as it was frozen. `verdict`: moved, not_moved or too_little."""

    metric: str
    before: Count
    after: Count
    first: date
    last: date
    expected: float
    verdict: str
    by: str
    at: datetime
    points: float | None = None
    low: float | None = None
    high: float | None = None
    needed: int | None = None
    needed_days: int | None = None


@dataclass(frozen=True, slots=True)
class PlanFact:
    """A plan against the bottleneck as both sides read it."""

    number: int
    metric: str
    expected: float
    before: Count
    causes: tuple[CauseLine, ...] = ()
    reason: str = ""
    agreed_on: date | None = None
    agreed_by: tuple[str, ...] = ()
    ended: bool = False
    checks: tuple[CheckFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ScalingFact:
    """A proposal to scale with its answer: accepted, declined or none yet."""

    what: str
    why: str
    side: str
    by: str
    on: date
    answer: str = ""
    answered_by: str = ""
    answer_reason: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the closers said."""

    text: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class MetricAnswer:
    """Questions 1 and 2 of day 90 for one metric."""

    label: str
    value: str
    target: str
    position: str
    cause: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    subject: str
    client: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True)
class ForwardFact:
    """The four questions and the agreement to the next targets."""

    standing: tuple[MetricAnswer, ...] = ()
    learned: tuple[Lesson, ...] = ()
    changes: tuple[tuple[str, ...], ...] = ()
    next_steps: str = ""
    agreed_on: date | None = None
    agreed_by: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class PatternRow:
    """One group beside all others together; `place` is above, below, within or too-few."""

    label: str
    successes: int
    trials: int
    value: float | None
    low: float | None
    high: float | None
    rest: float | None
    place: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """One rate by one kind of group, with what it says."""

    key: str
    rate: str
    by: str
    minimum: int
    sentence: str
    rows: tuple[PatternRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A code that an agent gives more or less often than the others."""

    agent: str
    code: str
    meaning: str
    calls: int
    of: int
    of_what: str
    rest: float
    more: bool


@dataclass(frozen=True, slots=True)
class Chair:
    """A required role: who has it, and who sat there; no name before the review and where nobody did."""

    role: str
    side: str
    holders: str
    name: str = ""
    substitute: bool = False


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """A review: before it only when it is and who is asked, after it what was said and decided."""

    title: str
    on: date
    starts: datetime | None = None
    place: str = ""
    held: bool = False
    closed_at: datetime | None = None
    closed_by: str = ""
    content_hash: str = ""
    text: str = ""
    also_there: str = ""
    agenda: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    chairs: tuple[Chair, ...] = ()


@dataclass(frozen=True, slots=True)
class ForwardTarget:
    label: str
    direction: str
    day_90: float | None
    current: float | None
    proposed: float | None
    unit: str = "percent"


@dataclass(frozen=True, slots=True)
class ImportFact:
    file_name: str
    sha256: str
    rows: int | None
    rejected: int | None
    duplicates: int | None
    by: str
    at: datetime
    first_day: date | None = None
    last_day: date | None = None


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


def freeze(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot as plain JSON values."""
    frozen = _plain(snapshot)
    if not isinstance(frozen, dict):
        raise TypeError("a snapshot freezes to an object")
    return frozen


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
