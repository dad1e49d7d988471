"""The charts of the KPIs page: one metric by day and by lead source. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.wording import NO_DATA, day_text, interval_text, plural, rate_text
from kpis.charts.bars import RateBar, rate_bars
from kpis.charts.base import MAX_ROWS
from kpis.charts.trend import DayPoint, daily_trend
from kpis.funnel import DayFunnel, Funnel, Rate, Verdict
from kpis.numbers_page import NO_SOURCE, Picture, digits_of, goal_of, said, verdict_note
from kpis.signals.limits import Chart, Judged

MOST_POINTS = 100


def signals_line(chart: Chart) -> str:
    """How many signals there are: "2 signals on 30 judged days"."""
    flagged = len(chart.flagged)
    return f"{plural(flagged, 'signal') if flagged else 'no signal'} on {plural(chart.judged, 'judged day')}"


def trend(funnel: Funnel, rate: Rate, limits: Chart | None = None) -> Picture:
    """One metric by day; longer periods than a hundred days are drawn by spans, each at its first day.

    Days stand within `limits` where these judge any of them; a span has none, and the sentence says so.
    """
    size = 1 if funnel.days <= MOST_POINTS else max(7, -(-funnel.days // MOST_POINTS))
    points = [_point(funnel.by_day[start : start + size], rate.key) for start in range(0, funnel.days, size)]
    by = "day" if size == 1 else f"spans of {size} days"
    if not any(point.below for point in points):
        return Picture(None, f"{rate.label} by {by}: no day of the period has data.", (), [])
    sentence = _trend_sentence(f"{rate.label} by {by}", points, rate)
    judged = {day.day: day for day in limits.days} if limits and limits.judged and size == 1 else {}
    if size > 1:
        sentence += f" Control limits are those of single days: up to {MOST_POINTS} days are drawn with them."
    if limits and judged:
        sentence += f" Checked against its control limits: {signals_line(limits)}."
    spec = daily_trend(
        [_drawn(point, rate.minimum, judged.get(point.day)) for point in points],
        title=sentence,
        target=None if rate.target is None else float(rate.target),
        width="container",
    )
    table = [[point.when, rate_text(point.above, point.below)] for point in points]
    if not judged:
        return Picture(spec, sentence, ("Day", rate.label), table)
    spans = [_span(judged.get(point.day)) or "not judged" for point in points]
    rows = [[*row, span] for row, span in zip(table, spans, strict=True)]
    return Picture(spec, sentence, ("Day", rate.label, "Limits"), rows)


def _drawn(point: "_Point", minimum: int, judged: Judged | None) -> DayPoint:
    """A point of the trend with all that is told of it."""
    span = _span(judged)
    said = f"{point.when}: {rate_text(point.above, point.below)}{f'; limits {span}' if span else ''}"
    few = point.below < minimum
    if judged is None:
        return DayPoint(point.day, point.value, point.on, said, few)
    return DayPoint(point.day, point.value, point.on, said, few, judged.centre, judged.low, judged.high)


def _span(judged: Judged | None) -> str:
    return interval_text(judged.low, judged.high) if judged else ""


@dataclass(frozen=True, slots=True)
class _Point:
    """A day, or the first day of a span, with both sides of a rate over the dates that know them."""

    day: int
    on: date
    above: int
    below: int

    @property
    def when(self) -> str:
        return day_text(self.on, number=self.day)

    @property
    def value(self) -> float | None:
        return self.above / self.below if self.below else None

    def __str__(self) -> str:
        return f"{rate_text(self.above, self.below)} on day {self.day}"


def _point(days: Sequence[DayFunnel], key: str) -> _Point:
    rates = [rate for day in days for rate in day.rates if rate.key == key and rate.value is not None]
    above, below = sum(rate.numerator or 0 for rate in rates), sum(rate.denominator or 0 for rate in rates)
    return _Point(days[0].number, days[0].day, above, below)


def _trend_sentence(what: str, points: Sequence[_Point], rate: Rate) -> str:
    known = [point for point in points if point.below]
    low = min(known, key=lambda point: point.value or 0.0)
    high = max(known, key=lambda point: point.value or 0.0)
    said = f"{what}: from {low} to {high}" if len(known) > 1 else f"{what}: {low}"
    missing = len(points) - len(known)
    gaps = f"; {missing} of {len(points)} without data" if missing else ""
    few = sum(point.below < rate.minimum for point in known)
    noise = (
        f" {few} of {len(known)} have fewer than {rate.minimum} {rate.denominator_label.lower()}: "
        "taken alone, these say little."
        if few
        else ""
    )
    return f"{said}{gaps}.{noise}"


def by_source(funnel: Funnel, rate: Rate) -> Picture:
    """One metric by lead source, most dials first."""
    found = [
        (one.source or NO_SOURCE, own)
        for one in funnel.by_source
        for own in one.stages
        if own.key == rate.key
    ]
    bars = [
        RateBar(
            label=name,
            value=own.value,
            note=_bar_note(own),
            low=own.low,
            high=own.high,
            target=None if own.target is None else float(own.target),
            verdict=own.verdict.value,
        )
        for name, own in found
    ]
    sentence = f"{rate.label} by lead source, most dials first, each with its 95% interval."
    more = len(bars) - MAX_ROWS
    if more > 0:
        sentence += f" The table below has {more} more."
    drawn = any(bar.value is not None for bar in bars)
    spec = rate_bars(bars, title=sentence, width="container") if drawn else None
    table = [
        [name, said(own), interval_text(own.low, own.high), goal_of(own), verdict_note(own)]
        for name, own in found
    ]
    return Picture(spec, sentence, ("Lead source", rate.label, "95% interval", "Target", "Says"), table)


def _bar_note(rate: Rate) -> str:
    """The rate with its counts."""
    if rate.value is None:
        return NO_DATA
    few = ", too few" if rate.verdict is Verdict.TOO_FEW else ""
    return f"{rate_text(rate.numerator, rate.denominator, digits=digits_of(rate))}{few}"
