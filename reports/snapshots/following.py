"""Days 31 to 90: the bottleneck, plans and their checks, scaling, and the four questions of day 90."""

from dataclasses import dataclass
from datetime import date, datetime

from .findings import CauseLine


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
class ForwardTarget:
    label: str
    direction: str
    day_90: float | None
    current: float | None
    proposed: float | None
    unit: str = "percent"
