"""A funnel from the counts of days: each rate over the days and sources that know both of its sides. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from common.days import Calendar
from engagements.stages import Stage
from kpis.funnel import (
    STAGE_OF_METRIC,
    Calibration,
    DayCounts,
    DayFunnel,
    DayRate,
    DayTotal,
    Funnel,
    Metric,
    Rate,
    SourceFunnel,
    StageCount,
    Verdict,
    judge,
    wilson,
)
from kpis.totals import mean_interval


def build(
    rows: Sequence[DayCounts],
    metrics: Sequence[Metric],
    *,
    first: date,
    last: date,
    calendar: Calendar,
    brief_version: int | None,
    totals: Sequence[DayTotal] = (),
) -> Funnel:
    """The funnel of `first` to `last` in all, by lead source (most dials first) and by date, from the daily counts.

    Rows outside of the period are not counted. A metric that calls cannot tell is counted from the totals of its days;
    it stands among the stages, without data where there are none, and never among lead sources.
    """
    inside = [row for row in rows if first <= row.day <= last]
    own = [total for total in totals if first <= total.day <= last]
    entered = {total.key for total in own}
    told = [metric for metric in metrics if metric.from_calls]
    daily = [metric for metric in metrics if metric.from_calls or metric.key in entered]
    return Funnel(
        first=first,
        last=last,
        brief_version=brief_version,
        calibration=_calibration(first, last, calendar),
        days_with_data=len({row.day for row in inside} | {total.day for total in own}),
        counts=_counts(inside),
        stages=_rates(inside, metrics, brief_version, own),
        by_source=_by_source(inside, told, brief_version),
        by_day=_by_day(inside, daily, first, last, calendar, own),
    )


def _calibration(first: date, last: date, calendar: Calendar) -> Calibration:
    ends = [calendar.is_calibration(first), calendar.is_calibration(last)]
    if all(ends):
        return Calibration.ALL
    return Calibration.PART if any(ends) or first < calendar.launch <= last else Calibration.NONE


def _counts(rows: Sequence[DayCounts]) -> tuple[StageCount, ...]:
    days = {row.day for row in rows}
    counted = []
    for stage in Stage:
        known = [row for row in rows if row.counts[stage] is not None]
        unknown = {row.day for row in rows if row.counts[stage] is None}
        value = sum(row.counts[stage] or 0 for row in known) if known else None
        counted.append(StageCount(stage, value, len(days - unknown), len(unknown)))
    return tuple(counted)


@dataclass(frozen=True, slots=True)
class _Tally:
    numerator: int | None
    denominator: int | None
    left_out: int
    left_out_days: int
    share: bool = True

    @property
    def value(self) -> float | None:
        if self.numerator is None or not self.denominator:
            return None
        if self.share and self.numerator > self.denominator:
            return None
        return self.numerator / self.denominator


def _tally(rows: Iterable[DayCounts], metric: Metric, totals: Sequence[DayTotal] = ()) -> _Tally:
    """Both sides of a rate over the rows that know both; of a metric that calls cannot tell over its totals."""
    stage = STAGE_OF_METRIC.get(metric.key)
    if stage is None or stage.before is None:
        own = [total for total in totals if total.key == metric.key]
        if not own:
            return _Tally(None, None, 0, 0)
        parts = (sum(total.numerator for total in own), sum(total.denominator for total in own))
        return _Tally(*parts, 0, 0, share=metric.unit == "percent")
    above, below, left_out, days = None, None, 0, set()
    for row in rows:
        numerator, denominator = row.counts[stage], row.counts[stage.before]
        if numerator is None or denominator is None:
            left_out += denominator or 0
            days.add(row.day)
            continue
        above, below = (above or 0) + numerator, (below or 0) + denominator
    return _Tally(above, below, left_out, len(days))


def _rates(
    rows: Sequence[DayCounts],
    metrics: Sequence[Metric],
    brief_version: int | None,
    totals: Sequence[DayTotal] = (),
) -> tuple[Rate, ...]:
    rates = [_rate(_tally(rows, metric, totals), metric, brief_version, totals) for metric in metrics]
    furthest = max((rate.shortfall for rate in rates), default=0.0)
    weakest = next((rate.key for rate in rates if rate.shortfall and rate.shortfall == furthest), None)
    return tuple(replace(rate, weakest=rate.key == weakest) for rate in rates)


def _rate(tally: _Tally, metric: Metric, brief_version: int | None, totals: Sequence[DayTotal] = ()) -> Rate:
    value = tally.value
    low: float | None = None
    high: float | None = None
    if value is not None and tally.share:
        low, high = wilson(tally.numerator or 0, tally.denominator or 0)
    elif value is not None:
        own = [(total.numerator, total.denominator) for total in totals if total.key == metric.key]
        low, high = mean_interval(own) or (None, None)
    return Rate(
        key=metric.key,
        label=metric.label,
        numerator_label=metric.numerator,
        denominator_label=metric.denominator,
        numerator=tally.numerator,
        denominator=tally.denominator,
        value=value,
        low=low,
        high=high,
        target=metric.target,
        direction=metric.direction,
        minimum=metric.minimum,
        brief_version=brief_version,
        verdict=Verdict.NO_DATA if value is None else judge(tally.numerator, tally.denominator, metric),
        left_out=tally.left_out,
        left_out_days=tally.left_out_days,
        unit=metric.unit,
        source=metric.source,
    )


def _by_source(
    rows: Sequence[DayCounts], metrics: Sequence[Metric], brief_version: int | None
) -> tuple[SourceFunnel, ...]:
    grouped: dict[str, list[DayCounts]] = {}
    for row in rows:
        grouped.setdefault(row.source, []).append(row)
    sources = [
        SourceFunnel(source, _counts(own), _rates(own, metrics, brief_version))
        for source, own in grouped.items()
    ]
    return tuple(sorted(sources, key=lambda one: (-(one.counts[Stage.DIAL].value or 0), one.source)))


def _by_day(
    rows: Sequence[DayCounts],
    metrics: Sequence[Metric],
    first: date,
    last: date,
    calendar: Calendar,
    totals: Sequence[DayTotal] = (),
) -> tuple[DayFunnel, ...]:
    grouped: dict[date, list[DayCounts]] = {}
    for row in rows:
        grouped.setdefault(row.day, []).append(row)
    entered: dict[date, list[DayTotal]] = {}
    for total in totals:
        entered.setdefault(total.day, []).append(total)
    days = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        own = grouped.get(day, [])
        tallies = [(metric.key, _tally(own, metric, entered.get(day, ()))) for metric in metrics]
        days.append(
            DayFunnel(
                day=day,
                number=calendar.day_of(day),
                calibration=calendar.is_calibration(day),
                counts=tuple(count.value for count in _counts(own)),
                rates=tuple(DayRate(key, t.numerator, t.denominator, t.value) for key, t in tallies),
            )
        )
    return tuple(days)
