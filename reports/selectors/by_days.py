"""One rate by the hours of the week, and rates by day within their control limits."""

from datetime import date

from engagements.models import Engagement
from engagements.selectors import brief_in_force
from kpis.funnel import STAGE_OF_METRIC
from kpis.selectors.breakdowns import by_hour
from kpis.selectors.signals import RateSignals, signals
from kpis.signals.limits import Judged, Shift
from reports.snapshots import HourCount, HourRate, LevelShift, LimitDay, RateLimits, Snapshot, Stage


def told_of(snapshot: Snapshot) -> list[Stage]:
    """The rates that are looked at closer: that of the bottleneck, then the first of the funnel; calls tell both."""
    stages = [stage for stage in snapshot.funnel if stage.code in STAGE_OF_METRIC]
    worst = [stage for stage in stages if snapshot.bottleneck and stage.code == snapshot.bottleneck.code]
    return list(dict.fromkeys([*worst, *stages[:1]]))


def hours_of(engagement: Engagement, snapshot: Snapshot) -> HourRate | None:
    """The rate that is looked at first, by the hours of the period. One query."""
    stage = next(iter(told_of(snapshot)), None)
    if stage is None:
        return None
    found = [
        (one, rate)
        for one in by_hour(engagement, snapshot.first, snapshot.last)
        if (rate := one.group.rates.get(stage.code))
    ]
    counts = (HourCount(one.weekday, one.hour, rate.numerator, rate.denominator) for one, rate in found)
    return HourRate(stage.code, stage.label, stage.minimum, tuple(counts))


def limits_of(engagement: Engagement, snapshot: Snapshot) -> tuple[RateLimits, ...] | None:
    """Each day up to the end of the period beside its limits, of the rates that are looked at. Three queries."""
    found = signals(engagement, brief_in_force(engagement), until=snapshot.last)
    if found is None:
        return None
    when = {day.number: day.day for day in found.funnel.by_day}
    told = [found.of(stage.code) for stage in told_of(snapshot)]
    return tuple(_limits(one, when) for one in told if one is not None)


def _limits(one: RateSignals, when: dict[int, date]) -> RateLimits:
    return RateLimits(
        one.rate.key,
        one.rate.label,
        tuple(_day(day, when[day.day]) for day in one.chart.days),
        tuple(_shift(shift) for shift in one.chart.shifts),
    )


def _day(day: Judged, on: date) -> LimitDay:
    return LimitDay(
        on, day.day, day.signal.value, day.numerator, day.denominator, day.centre, day.low, day.high
    )


def _shift(shift: Shift) -> LevelShift:
    return LevelShift(shift.first, shift.seen, shift.before, shift.after, shift.up)
