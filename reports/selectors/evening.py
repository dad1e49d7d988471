"""The facts of a daily or weekly report, read through the selectors of the pages. The number of queries is fixed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from engagements.masks import mask_for
from engagements.models import CampaignBrief, Engagement
from engagements.selectors import brief_in_force, calling_hours
from engagements.terms.hours import calls_on
from kpis import funnel as kpi
from kpis import selectors as kpis
from kpis.selectors import qa
from kpis.selectors.breakdowns import CodeCount, Group, by_agent, by_code
from kpis.selectors.signals import RateSignals, Signals, signals
from kpis.signals.limits import Judged, Shift
from kpis.telling.shifts import why_not
from reports.evenings import Figures, News
from reports.selectors import numbers
from reports.snapshots import (
    AgentLine,
    Cause,
    CodeLine,
    Count,
    DayRate,
    DaySignal,
    Evening,
    HeardCalls,
    Kind,
    NewLevel,
    RateSignal,
    Snapshot,
    Told,
)

TREND_DAYS = 28


def with_evening(base: Snapshot, engagement: Engagement, news: News, earlier: Told | None) -> Snapshot:
    """The snapshot with what its day or week held, beside the limits that the days before it set."""
    brief = brief_in_force(engagement)
    period = kpis.funnel(engagement, base.first, base.last, brief)
    shown = kpis.funnel(engagement, _since(base), base.last, brief)
    found = signals(engagement, brief, until=base.last)
    daily = base.kind is Kind.DAILY
    names = mask_for(engagement, None).by_code
    told = Evening(
        news=news.value,
        calibration=period.calibration is not kpi.Calibration.NONE,
        counts=tuple(count.value for count in period.counts),
        rates=_rates_of(period),
        signals=tuple(_signal(one, found, base) for one in found.rates) if found else (),
        codes=tuple(CodeLine(*_code(one)) for one in by_code(engagement, base.first, base.last)),
        agents=tuple(_agent(one) for one in by_agent(engagement, base.first, base.last, names))
        if daily
        else (),
        heard=_heard(engagement, base.first, base.last),
        earlier=earlier,
        causes=_causes(engagement, base, earlier),
        without_calls=() if daily else _without_calls(engagement, period, brief),
    )
    if not daily:
        as_long = base.last - base.first + timedelta(days=1)
        before = kpis.funnel(engagement, base.first - as_long, base.first - timedelta(days=1), brief)
        if before.days_with_data:
            told = replace(
                told,
                before=tuple(numbers.stage_of(rate) for rate in before.stages),
                before_counts=tuple(count.value for count in before.counts),
            )
    return replace(
        base,
        funnel=tuple(numbers.stage_of(rate) for rate in period.stages),
        by_source=tuple(numbers.source_row(source) for source in period.by_source),
        by_day=tuple(numbers.day_row(day) for day in shown.by_day),
        imports=numbers.imports_of(engagement, base.first, base.last),
        evening=told,
    )


def _since(base: Snapshot) -> date:
    """From which day on the trend is drawn: four weeks, and no further back than the launch."""
    first = base.last - timedelta(days=TREND_DAYS - 1)
    launch = base.launch_forecast or first
    return min(max(first, launch), base.last)


def _rates_of(period: kpi.Funnel) -> tuple[DayRate, ...]:
    """What the rates are counted from, as it is compared when the day is looked at again."""
    return tuple(
        DayRate(rate.key, rate.numerator, rate.denominator)
        for rate in period.stages
        if rate.numerator is not None and rate.denominator is not None
    )


def _signal(one: RateSignals, found: Signals, base: Snapshot) -> RateSignal:
    """One rate: the days of the report beside their limits, levels seen to have moved in it, and its drift."""
    when = {day.number: day.day for day in found.funnel.by_day}
    own = [day for day in one.chart.days if base.first <= when[day.day] <= base.last]
    days = tuple(_day(day, when[day.day]) for day in own if day.value is not None)
    weekly = base.kind is Kind.WEEKLY
    return RateSignal(
        code=one.rate.key,
        label=one.rate.label,
        days=days,
        levels=tuple(
            _level(shift, when[shift.first])
            for shift in one.chart.shifts
            if base.first <= when[shift.seen] <= base.last
        ),
        drift=one.drift.way.value if weekly else "",
        slope=one.drift.slope if weekly else None,
        low=one.drift.low if weekly else None,
        high=one.drift.high if weekly else None,
        weeks=len(one.drift.weeks) if weekly else 0,
        why="" if any(day.low is not None for day in own) else why_not(one),
    )


def _day(day: Judged, on: date) -> DaySignal:
    return DaySignal(on, day.day, day.signal.value, day.numerator, day.denominator, day.low, day.high)


def _level(shift: Shift, first: date) -> NewLevel:
    return NewLevel(first, shift.first, Count(*shift.before), Count(*shift.after), shift.up)


def _code(one: CodeCount) -> tuple[str, str, int]:
    return one.code, one.meaning, one.calls


def _agent(one: Group) -> AgentLine:
    rates = tuple(DayRate(key, rate.numerator, rate.denominator) for key, rate in one.rates.items())
    return AgentLine(one.label, one.dials, rates)


def _heard(engagement: Engagement, first: date, last: date) -> HeardCalls | None:
    """What QA heard of the calls of these days; None when nothing of them was drawn and heard."""
    drawn = qa.calls_of(engagement).filter(day__range=(first, last))
    found = qa.results_of([qa.standing(call) for call in drawn])
    if not found.calls:
        return None
    return HeardCalls(found.calls, Count(found.passing.part, found.passing.of), found.mean)


def _causes(engagement: Engagement, base: Snapshot, earlier: Told | None) -> tuple[Cause, ...]:
    """What changed the figures since they were told."""
    if earlier is None:
        return ()
    changed = kpis.restatements(engagement, base.first, base.last).filter(at__gte=earlier.at)
    told = [Cause(one.get_cause_display(), one.subject, one.by_name, one.at) for one in changed]
    if told:
        return tuple(dict.fromkeys(told))
    added = kpis.imports_behind(engagement, base.first, base.last).filter(finished_at__gte=earlier.at)
    return tuple(
        Cause("Calls added", one.file_name, one.created_by.name, one.finished_at)
        for one in added
        if one.finished_at
    )


def _without_calls(
    engagement: Engagement, period: kpi.Funnel, brief: CampaignBrief | None
) -> tuple[date, ...]:
    hours = calling_hours(brief)
    return tuple(
        day.day
        for day in period.by_day
        if not day.has_data and engagement.work.works(day.day) and calls_on(hours, day.day.weekday())
    )


def figures_by_day(engagement: Engagement, first: date, last: date) -> dict[date, Figures]:
    """What each date comes to now, as `evenings.again` compares it. Four queries at most."""
    found = kpis.funnel(engagement, first, last)
    return {day.day: figures(day.counts, numbers.day_rates(day)) for day in found.by_day}


def figures_of(engagement: Engagement, first: date, last: date) -> Figures:
    """What these days together come to now, in the same form."""
    found = kpis.funnel(engagement, first, last)
    return figures([count.value for count in found.counts], _rates_of(found))


def figures(counts: Sequence[int | None], rates: Sequence[DayRate]) -> Figures:
    """Counts and rates in the form that is compared."""
    return tuple(counts), {rate.code: (rate.numerator, rate.denominator) for rate in rates}
