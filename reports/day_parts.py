"""Hours of the week and days within their limits on paper: the charts of the pages, from a report's frozen facts."""

from common.wording import NO_DATA, day_text, interval_text, plural, rate_text
from kpis.charts.control import control_chart
from kpis.effect import Counted
from kpis.funnel import Metric, wilson
from kpis.numbers_pictures import signals_line
from kpis.selectors.breakdowns import Group, HourGroup
from kpis.signals.limits import Chart as LimitChart
from kpis.signals.limits import Judged, Shift, Signal
from kpis.telling.hours import heat
from kpis.telling.shifts import chart_shifts, limit_points
from reports import funnel_parts
from reports.paper import Block, Chart, texts
from reports.shift_parts import LIMITS_NOTE
from reports.snapshots import HourCount, HourRate, RateLimits, Snapshot


def notes(snapshot: Snapshot) -> tuple[str, ...]:
    """What the method of these parts needs said, where they stand in the report."""
    said = f"{LIMITS_NOTE} Days 11 to 30 are neither judged nor learned from."
    return (said,) if any(_chart(found).judged for found in snapshot.limits or ()) else ()


def hours_blocks(found: HourRate) -> tuple[Block, ...]:
    """A rate by hour and weekday, and whether the hour makes a difference."""
    if not found.hours:
        return (texts(f"{found.label} by hour and weekday: no call of the period has a time."),)
    groups = [
        HourGroup(one.weekday, one.hour, Group("", 0, {found.code: Counted(one.numerator, one.denominator)}))
        for one in found.hours
    ]
    picture = heat(groups, Metric(found.code, found.label, "", "", minimum=found.minimum), width=520)
    if picture.spec is None:
        return (texts(picture.sentence),)
    key = "The darker a field, the higher the rate."
    return (Chart(picture.spec, f"{picture.sentence} {key}", picture.sentence), texts(_apart(found)))


def _apart(found: HourRate) -> str:
    """Whether the best and the worst hour differ by more than chance."""
    shown = [one for one in found.hours if one.denominator >= max(found.minimum, 1)]
    if len(shown) < 2:
        return "One hour alone has enough cases, so there is none to compare it with."
    worst, best = min(shown, key=_rate), max(shown, key=_rate)
    low, high = wilson(best.numerator, best.denominator), wilson(worst.numerator, worst.denominator)
    spans = f"({interval_text(*high)} and {interval_text(*low)})"
    if low[0] <= high[1]:
        return (
            f"The 95% intervals of the lowest and the highest overlap {spans}: that the hour makes a difference is "
            "not shown."
        )
    return (
        f"The 95% intervals of the lowest and the highest do not overlap {spans}. They are the two ends of "
        f"{plural(len(shown), 'hour')}, so some of what lies between them is chance."
    )


def _rate(one: HourCount) -> float:
    return one.numerator / one.denominator


def day_blocks(snapshot: Snapshot, code: str = "") -> tuple[Block, ...]:
    """One rate by day: within its control limits where any day is judged by them, else alone; () without data."""
    stage = next((one for one in snapshot.funnel if code in ("", one.code) and one.unit == "percent"), None)
    found = next((one for one in snapshot.limits or () if stage and one.code == stage.code), None)
    chart = _chart(found) if found else None
    if stage is None or found is None or chart is None or not chart.judged:
        plain = funnel_parts.trend_chart(snapshot, code)
        return (plain,) if plain else ()
    dates = {day.day: day.on for day in found.days}
    when = {number: day_text(on, number=number) for number, on in dates.items()}
    sentence = f"{stage.label} by day with its control limits: {signals_line(chart)}."
    key = "Pale band: the limits, the usual level in its middle. Squares: signals. Dashed: the target."
    spec = control_chart(
        limit_points(chart, when, dates), title=sentence, target=stage.target, width=560, height=200
    )
    said = chart_shifts(stage.label, chart, when) or [_still(found, chart)]
    return (Chart(spec, f"{sentence} {key}", " ".join([sentence, *said])), texts(*said))


def _still(found: RateLimits, chart: LimitChart) -> str:
    last = next(day for day in reversed(chart.days) if day.low is not None)
    told = rate_text(last.numerator, last.denominator) if last.denominator else NO_DATA
    return (
        f"{found.label} stayed within what is usual: the last judged day had {told}, with limits of "
        f"{interval_text(last.low, last.high)}."
    )


def _chart(found: RateLimits) -> LimitChart:
    """The chart as it was judged."""
    days = tuple(
        Judged(day.day, day.numerator, day.denominator, day.centre, day.low, day.high, Signal(day.signal))
        for day in found.days
    )
    shifts = tuple(
        Shift(one.first, one.seen, (one.before[0], one.before[1]), (one.after[0], one.after[1]), one.up)
        for one in found.shifts
    )
    return LimitChart(days, shifts, None)
