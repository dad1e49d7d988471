"""Shifts, drift and who stands apart, read for pages and reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common import clock
from engagements.models import CampaignBrief, Engagement
from engagements.stages import Stage
from kpis.bottleneck import Candidate
from kpis.costs import PricedDay, average_prices
from kpis.funnel import STAGE_OF_METRIC, DayCounts, DayFunnel, Funnel, Metric, Rate
from kpis.funnel_build import build
from kpis.patterns import Count, Dispositions, dispositions
from kpis.selectors.breakdowns import Group, by_agent, by_hour, merged, within
from kpis.selectors.numbers import calendar_of, day_counts, funnel, metrics_of, span_of_data
from kpis.selectors.patterns import uses
from kpis.selectors.prices import all_prices, hours_behind, priced
from kpis.signals import drift as drifts
from kpis.signals import limits
from kpis.signals.inside import Inside, inside
from kpis.signals.moved import Moved, Period, Source, moved
from kpis.signals.outliers import FunnelPlot, Mix, funnel_plot, mixes

RECENT_DAYS = 28
NO_SOURCE = "No lead source given"


@dataclass(frozen=True, slots=True)
class RateSignals:
    """What one rate has done: each day with its limits, and the line through its weeks."""

    rate: Rate
    chart: limits.Chart
    drift: drifts.Drift


@dataclass(frozen=True, slots=True)
class Signals:
    """All rates that calls tell over all days with data; `leave_out`: calibration days are neither base nor judged."""

    funnel: Funnel
    rates: tuple[RateSignals, ...]
    leave_out: bool

    def of(self, key: str) -> RateSignals | None:
        return next((one for one in self.rates if one.rate.key == key), None)

    @property
    def shifted(self) -> tuple[RateSignals, ...]:
        return tuple(one for one in self.rates if one.chart.flagged)

    @property
    def judged(self) -> tuple[RateSignals, ...]:
        return tuple(one for one in self.rates if one.chart.judged)


def signals(
    engagement: Engagement, brief: CampaignBrief | None, *, leave_out: bool = True, until: date | None = None
) -> Signals | None:
    """Judge every day up to `until` (today); None before there is any. Two queries."""
    span = span_of_data(engagement)
    today = until or clock.today(engagement.zone)
    if span is None or span[0] > today:
        return None
    numbers = funnel(engagement, span[0], min(span[1], today), brief)
    made = [_rate_signals(numbers, rate, leave_out, today) for rate in numbers.stages if rate.from_calls]
    return Signals(numbers, tuple(made), leave_out)


def limits_within(
    engagement: Engagement, shown: Funnel, rate: Rate, brief: CampaignBrief | None, *, whole: bool
) -> limits.Chart:
    """One rate's days among those shown, each judged by all days before it.

    No query where `shown` is the `whole` of what there is, else three.
    """
    span = None if whole else span_of_data(engagement)
    numbers = funnel(engagement, min(span[0], shown.first), shown.last, brief) if span else shown
    made = limits.chart(_counted(numbers, rate.key, leave_out=True))
    seen = {day.number for day in shown.by_day}
    return limits.Chart(
        tuple(day for day in made.days if day.day in seen),
        tuple(shift for shift in made.shifts if shift.seen in seen),
        made.limits,
    )


def _counted(numbers: Funnel, key: str, *, leave_out: bool) -> list[limits.Counted]:
    return [
        limits.Counted(day.number, numerator, denominator, base=not (leave_out and day.calibration))
        for day in numbers.by_day
        for numerator, denominator in [_of(day, key)]
    ]


def _rate_signals(numbers: Funnel, rate: Rate, leave_out: bool, today: date) -> RateSignals:
    days = _counted(numbers, rate.key, leave_out=leave_out)
    weeks = _weeks(numbers.by_day, rate.key, leave_out, today)
    return RateSignals(rate, limits.chart(days), drifts.drift(weeks, rate.minimum))


def _of(day: DayFunnel, key: str) -> tuple[int | None, int | None]:
    return next(((one.numerator, one.denominator) for one in day.rates if one.key == key), (None, None))


def _weeks(days: Sequence[DayFunnel], key: str, leave_out: bool, today: date) -> list[drifts.Week]:
    """Whole weeks from Monday to Sunday; the one that is under way does not count, nor one that calibration is in."""
    weeks: dict[date, list[DayFunnel]] = {}
    for day in days:
        weeks.setdefault(day.day - timedelta(days=day.day.weekday()), []).append(day)
    made = []
    for number, (monday, own) in enumerate(sorted(weeks.items())):
        if monday + timedelta(days=6) > today or (leave_out and any(day.calibration for day in own)):
            continue
        told = [(n, of) for n, of in (_of(day, key) for day in own) if n is not None and of is not None]
        made.append(
            drifts.Week(number, sum(n for n, _ in told), sum(of for _, of in told))
            if told
            else drifts.Week(number, None, None)
        )
    return made


@dataclass(frozen=True, slots=True)
class Outliers:
    """Agents and lead sources of some days in funnel plots of one rate, and how agents use the codes."""

    first: date
    last: date
    rate: Rate
    agents: FunnelPlot
    sources: FunnelPlot
    mixes: tuple[Mix, ...]
    codes: Dispositions


def recent(numbers: Funnel) -> tuple[date, date]:
    """The last four weeks with data."""
    last = max((day.day for day in numbers.by_day if day.has_data), default=numbers.last)
    return max(numbers.first, last - timedelta(days=RECENT_DAYS - 1)), last


def outliers(
    engagement: Engagement, numbers: Funnel, rate: Rate, names: Mapping[str, str] | None = None
) -> Outliers:
    """Who stood apart in the last four weeks. Three queries."""
    first, last = recent(numbers)
    given = uses(within(engagement, first, last), names or {})
    return Outliers(
        first,
        last,
        rate,
        funnel_plot(counts(by_agent(engagement, first, last, names), rate.key), rate.minimum),
        funnel_plot(_of_sources(engagement, rate, first, last), rate.minimum),
        mixes(given, rate.minimum),
        dispositions(given, rate.minimum),
    )


def counts(groups: Sequence[Group], key: str) -> list[Count]:
    """One rate of each group that can tell it."""
    return [
        Count(group.label, group.rates[key].numerator, group.rates[key].denominator)
        for group in groups
        if key in group.rates
    ]


def _of_sources(engagement: Engagement, rate: Rate, first: date, last: date) -> list[Count]:
    """One rate by lead source. One query."""
    metric = Metric(rate.key, rate.label, rate.numerator_label, rate.denominator_label)
    found = build(
        day_counts(engagement, first, last),
        [metric],
        first=first,
        last=last,
        calendar=calendar_of(engagement),
        brief_version=None,
    )
    return [
        Count(one.source or NO_SOURCE, own.numerator, own.denominator)
        for one in found.by_source
        for own in one.stages
        if own.numerator is not None and own.denominator
    ]


@dataclass(frozen=True, slots=True)
class WhatMoved:
    """The split between two periods; `outcome` is what the cost is counted per, None where no stage will do.

    `currency` is empty where the cost is counted in dials; `unpriced`: it would be money, had prices in one currency
    held on all of the days. `real_hours`: an hour counts by the dials made in it; None where no hour has
    a price. `left_out` counts the dials of days whose files cannot tell the stages down to the outcome.
    """

    outcome: Stage | None
    split: Moved | None
    before: tuple[int, ...]
    after: tuple[int, ...]
    left_out: int
    currency: str = ""
    unpriced: bool = False
    real_hours: bool | None = None


def what_moved(
    engagement: Engagement,
    before: tuple[date, date],
    after: tuple[date, date],
    brief: CampaignBrief | None,
    outcome: Stage | None = None,
    *,
    in_dials: bool = False,
) -> WhatMoved:
    """What the change of the cost is made of, per `outcome` or the deepest that both have. Seven queries at most.

    The cost is what was paid by the unit prices, or dials where they are asked for or prices did not hold throughout.
    """
    told = [day_counts(engagement, *period) for period in (before, after)]
    versions = [] if in_dials else all_prices(engagement)
    hours = [hours_behind(engagement, versions, *period) for period in (before, after)]
    # Hours of a part of the days would compare what is not alike: then the agreed dials of an hour count for all.
    real = all(one.days and one.days == len(one.call_days) for one in hours)
    paid = [
        priced(versions, [(row.day, row.counts) for row in rows], own if real else None)
        for rows, own in zip(told, hours, strict=True)
    ]
    hourly = any(row.agent_hour for row in versions)
    wanted = [outcome] if outcome else [stage for stage in reversed(Stage) if stage.before is not None]
    labels = {metric.key: metric.label for metric in metrics_of(brief)}
    for stage in wanted:
        currency, prices = _one_currency(paid, stage)
        periods = [_period(rows, stage, own) for rows, own in zip(told, prices, strict=True)]
        if not all(period.totals and period.totals[-1] for period in periods):
            continue
        names = [
            (key, labels.get(key, f"{one.label} rate"))
            for key, one in STAGE_OF_METRIC.items()
            if one <= stage
        ]
        known = sum(sum(period.totals[:1]) for period in periods)
        dials = sum(row.counts[0] or 0 for rows in told for row in rows)
        split = moved(periods[0], periods[1], names)
        totals = [period.totals for period in periods]
        unpriced = bool(versions) and not currency
        return WhatMoved(
            stage, split, totals[0], totals[1], dials - known, currency, unpriced, real if hourly else None
        )
    return WhatMoved(outcome, None, (), (), 0)


def _one_currency(
    paid: Sequence[Sequence[PricedDay]], stage: Stage
) -> tuple[str, list[tuple[float, ...] | None]]:
    """What one of each stage cost in each period; no prices at all unless both periods have them in one currency.

    Prices that make the whole way to the stage free are none: there would be no cost to compare.
    """
    found = [average_prices(days, stage) for days in paid]
    currencies = {one[0] if one else "" for one in found}
    if len(currencies) != 1 or "" in currencies or not all(one and any(one[1]) for one in found):
        return "", [None for _ in paid]
    return currencies.pop(), [one[1] if one else None for one in found]


def _period(rows: Sequence[DayCounts], stage: Stage, prices: tuple[float, ...] | None) -> Period:
    """The days and sources that know every stage down to this one."""
    return Period(
        tuple(
            Source(row.source, tuple(count or 0 for count in row.counts[: stage + 1]))
            for row in rows
            if all(count is not None for count in row.counts[: stage + 1])
        ),
        prices,
    )


def where_inside(
    engagement: Engagement, first: date, last: date, stage: Candidate, rate: Rate, names: Mapping[str, str]
) -> tuple[Inside, ...]:
    """Which sources, hours and agents make up a stage's shortfall to its target. Three queries."""
    hours: dict[int, list[Group]] = {}
    for one in by_hour(engagement, first, last):
        hours.setdefault(one.hour, []).append(one.group)
    by = {
        "lead source": _of_sources(engagement, rate, first, last),
        "hour": counts([merged(hour_text(hour), own) for hour, own in sorted(hours.items())], stage.key),
        "agent": counts(by_agent(engagement, first, last, names), stage.key),
    }
    return tuple(inside(kind, groups, stage.target, rate.minimum) for kind, groups in by.items() if groups)


def hour_text(hour: int) -> str:
    """An hour of the day: "09:00–10:00"."""
    return f"{hour:02d}:00–{(hour + 1) % 24:02d}:00"
