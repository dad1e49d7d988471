"""The funnel: what was counted in a period, each rate with its interval, and what it says against its target. Pure.

No data is not zero. A day and lead source whose files cannot tell a stage has None there. A rate is computed only
over those days and sources that know both its numerator and its denominator; `left_out` says what that leaves out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import inf, sqrt
from statistics import NormalDist

from engagements.stages import Stage
from engagements.terms.measures import CALLS

CONFIDENCE = 0.95
# The columns of the daily sums in the order of the stages.
FACT_COLUMNS = ("dials", "contacts", "qualified", "transfers", "shows", "closes")
# Which stage a metric's rate is taken at; it is taken of the stage before.
STAGE_OF_METRIC: Mapping[str, Stage] = {
    "contact_rate": Stage.CONTACT,
    "qualification_rate": Stage.QUALIFIED,
    "transfer_set_rate": Stage.TRANSFER,
    "show_rate": Stage.SHOW,
    "close_rate": Stage.CLOSE,
}


class Verdict(StrEnum):
    """What a rate says against its target."""

    MET = "met"
    MISSED = "missed"
    TOO_FEW = "too-few"
    NO_DATA = "no-data"
    NO_TARGET = "no-target"


class Calibration(StrEnum):
    """How much of a period lies in days 11 to 30, whose figures are not final."""

    NONE = "none"
    PART = "part"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Side:
    """What of the calls one side of a metric counts: a measure of the brief, and the codes or meanings it names."""

    measure: str
    which: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as one brief version contracts it. `direction` is "up" or "down"; `target` is a fraction where `unit` is
    percent; `source` is the system whose figures count, `dispute` what is done where the two sides count differently.
    `above` and `below` say what of the calls a metric of one's own counts; None: nothing, or a figure of the day.
    """

    key: str
    label: str
    numerator: str
    denominator: str
    target: Decimal | None = None
    direction: str = "up"
    minimum: int = 30
    unit: str = "percent"
    source: str = ""
    dispute: str = ""
    above: Side | None = None
    below: Side | None = None

    @property
    def from_calls(self) -> bool:
        """Whether it is a stage of the funnel; any other metric is counted from the totals of its days."""
        return self.key in STAGE_OF_METRIC

    @property
    def measured(self) -> bool:
        """Whether it counts the calls without being a stage: its totals of days are made of their sums."""
        return self.above is not None


@dataclass(frozen=True, slots=True)
class DayTotal:
    """One day of one metric that calls do not tell; `denominator` is 1 where it is a figure of the day itself."""

    day: date
    key: str
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class DayCounts:
    """One day of one lead source: six counts in the order of the stages, None where no file could tell."""

    day: date
    source: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many reached a stage, over the days that know it; None when none does."""

    stage: Stage
    value: int | None
    days_known: int
    days_unknown: int

    @property
    def label(self) -> str:
        return self.stage.plural


@dataclass(frozen=True, slots=True)
class Rate:
    """A metric over a period. Shares lie between 0 and 1; `low` and `high` bound the 95% interval.

    `left_out` counts the denominators (dials, for the contact rate) on the `left_out_days` whose files cannot tell
    how many of them came further.
    """

    key: str
    label: str
    numerator_label: str
    denominator_label: str
    numerator: int | None
    denominator: int | None
    value: float | None
    low: float | None
    high: float | None
    target: Decimal | None
    direction: str
    minimum: int
    brief_version: int | None
    verdict: Verdict
    left_out: int = 0
    left_out_days: int = 0
    weakest: bool = False
    unit: str = "percent"
    source: str = ""

    @property
    def from_calls(self) -> bool:
        """Whether the calls tell it; any other metric is counted from the totals of its days."""
        return self.key in STAGE_OF_METRIC

    @property
    def why_no_data(self) -> str:
        """Why there is no figure, where that is more than "no calls yet"; else nothing."""
        if self.from_calls or self.value is not None:
            return ""
        if self.source == CALLS:
            return "no call of these days tells it"
        return f"calls do not tell it; it is counted in {self.source or 'another system'}"

    @property
    def shortfall(self) -> float:
        """How far a missed rate is from its target, as a share of the target; 0 for any other verdict."""
        if self.verdict is not Verdict.MISSED or self.value is None or self.target is None:
            return 0.0
        gap = abs(float(self.target) - self.value)
        return gap / float(self.target) if self.target else inf

    @property
    def interval_holds_target(self) -> bool:
        """Whether the target lies within the interval: the verdict could be chance."""
        if self.low is None or self.high is None or self.target is None:
            return False
        return self.low <= float(self.target) <= self.high


@dataclass(frozen=True, slots=True)
class SourceFunnel:
    """The funnel of one lead source, "" where the rows name none."""

    source: str
    counts: tuple[StageCount, ...]
    stages: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class DayRate:
    """One metric on one day; None where it is unknown."""

    key: str
    numerator: int | None
    denominator: int | None
    value: float | None


@dataclass(frozen=True, slots=True)
class DayFunnel:
    """One date with its engagement day, its six counts and its rates. A date without rows has only None."""

    day: date
    number: int
    calibration: bool
    counts: tuple[int | None, ...]
    rates: tuple[DayRate, ...]

    @property
    def has_data(self) -> bool:
        return any(count is not None for count in self.counts)


@dataclass(frozen=True, slots=True)
class Funnel:
    """All numbers of a period, judged by one brief version (None: no brief is in force, nothing is judged)."""

    first: date
    last: date
    brief_version: int | None
    calibration: Calibration
    days_with_data: int
    counts: tuple[StageCount, ...]
    stages: tuple[Rate, ...]
    by_source: tuple[SourceFunnel, ...] = ()
    by_day: tuple[DayFunnel, ...] = ()

    @property
    def days(self) -> int:
        """Days of the period, both ends included."""
        return (self.last - self.first).days + 1

    @property
    def dials(self) -> int | None:
        return self.counts[Stage.DIAL].value

    @property
    def from_calls(self) -> bool:
        """Whether calls have to tell it; False where every metric is counted from totals."""
        return not self.stages or any(rate.from_calls for rate in self.stages)

    @property
    def weakest(self) -> Rate | None:
        """The missed rate that is furthest from its target, relative to the target; None when none is missed."""
        return next((rate for rate in self.stages if rate.weakest), None)

    @property
    def missed(self) -> tuple[Rate, ...]:
        return tuple(rate for rate in self.stages if rate.verdict is Verdict.MISSED)

    @property
    def unjudged(self) -> tuple[Rate, ...]:
        """Rates with a target that the data cannot judge: too few, or none."""
        unknown = (Verdict.TOO_FEW, Verdict.NO_DATA)
        return tuple(rate for rate in self.stages if rate.target is not None and rate.verdict in unknown)

    def stage(self, key: str) -> Rate | None:
        """The rate with this metric key."""
        return next((rate for rate in self.stages if rate.key == key), None)


def wilson(successes: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of a proportion, without continuity correction. Needs 0 <= successes <= trials, trials > 0.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22 (1927), 209-212.
    """
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError("A proportion needs 0 <= successes <= trials and at least one trial.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / trials + spread / (4 * trials)) / (1 + spread)
    # At the ends the formula is exact only up to rounding.
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == trials else min(1.0, middle + half)
    return low, high


def judge(numerator: int | None, denominator: int | None, metric: Metric) -> Verdict:
    """Compare a rate with its target, exactly: 12 of 100 meets a target of 0.12."""
    if numerator is None or not denominator:
        return Verdict.NO_DATA
    if metric.target is None:
        return Verdict.NO_TARGET
    if denominator < metric.minimum:
        return Verdict.TOO_FEW
    share, target = Fraction(numerator, denominator), Fraction(metric.target)
    met = share >= target if metric.direction == "up" else share <= target
    return Verdict.MET if met else Verdict.MISSED
