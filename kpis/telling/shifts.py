"""Did anything really shift? Control limits and drift in sentences, charts and tables."""

from collections.abc import Mapping, Sequence
from datetime import date

from common.wording import (
    NO_DATA,
    day_text,
    interval_text,
    joined,
    percent_text,
    plural,
    points_text,
    rate_text,
)
from kpis.charts.control import LimitPoint, control_chart
from kpis.numbers_page import Cell, Picture, Row
from kpis.numbers_pictures import signals_line
from kpis.selectors.signals import RateSignals, Signals
from kpis.signals.drift import LEAST_WEEKS, Drift, Way
from kpis.signals.limits import LEAST_DAYS, RUN, Chart, Judged, Shift, Signal
from kpis.telling.words import names_of

SIGNAL_WORDS = {
    Signal.ABOVE: "above its limits",
    Signal.BELOW: "below its limits",
    Signal.RUN_UP: f"{RUN} days in a row above the usual level",
    Signal.RUN_DOWN: f"{RUN} days in a row below the usual level",
    Signal.WITHIN: "within its limits",
    Signal.LEARNING: "not judged: the usual level is being learned",
    Signal.LEFT_OUT: "not judged: calibration",
    Signal.TOO_FEW: "not judged: too few cases",
    Signal.NO_DATA: NO_DATA,
}
DRIFT_WORDS = {
    Way.UP: "drifts up",
    Way.DOWN: "drifts down",
    Way.LEVEL: "no drift shown",
    Way.TOO_LITTLE: "too little data",
}


def _when(found: Signals) -> dict[int, str]:
    return {day.number: day_text(day.day, number=day.number) for day in found.funnel.by_day}


def verdict(found: Signals) -> list[str]:
    """The answer to "did anything really shift?", what shifted first."""
    judged, shifted = found.judged, found.shifted
    if not judged:
        return ["No rate can be judged by day yet.", *_why_none(found.rates)]
    noun = "rate" if len(judged) == 1 else "rates"
    head = (
        f"{len(shifted)} of {len(judged)} judged {noun} gave a signal."
        if shifted
        else f"Nothing shifted: {joined([_low(one, n) for n, one in enumerate(judged)])} stayed within what is usual."
    )
    when = _when(found)
    said = [sentence for one in shifted for sentence in shift_sentences(one, when)]
    still = [one for one in judged if one not in shifted]
    if shifted and still:
        names = joined([_low(one, n) for n, one in enumerate(still)])
        said.append(f"{names} gave none: all judged days stayed within what is usual.")
    return [head, *said, *(why_not(one) for one in found.rates if one not in judged)]


def _why_none(rates: Sequence[RateSignals]) -> list[str]:
    """Why each rate is not judged; rates with one reason share a sentence."""
    labels: dict[str, list[str]] = {}
    for one in rates:
        labels.setdefault(why_not(one).removeprefix(one.rate.label), []).append(one.rate.label)
    return [
        f"{names_of(own)}{reason if len(own) == 1 else reason.replace(' is not', ' are not', 1)}"
        for reason, own in labels.items()
    ]


def _low(one: RateSignals, place: int) -> str:
    return one.rate.label if place == 0 else one.rate.label.lower()


def shift_sentences(one: RateSignals, when: Mapping[int, str]) -> list[str]:
    """What shifted in one rate: a new level first, then single days beyond the limits."""
    return chart_shifts(one.rate.label, one.chart, when)


def chart_shifts(label: str, chart: Chart, when: Mapping[int, str]) -> list[str]:
    """The same of a rate's chart; `when` says each engagement day's date."""
    said = [_shift(label, shift, when) for shift in chart.shifts]
    outside = chart.outside
    for day in outside[-3:]:
        side = "above" if day.signal is Signal.ABOVE else "below"
        span = interval_text(day.low, day.high)
        said.append(
            f"{label} on {when[day.day]} was {side} its limits of {span}: "
            f"{rate_text(day.numerator, day.denominator)}."
        )
    if len(outside) > 3:
        said.append(f"{plural(len(outside) - 3, 'earlier day')} lay beyond the limits too.")
    return said


def _shift(label: str, shift: Shift, when: Mapping[int, str]) -> str:
    way = "up" if shift.up else "down"
    return (
        f"{label} shifted {way} on {when[shift.first]}: {rate_text(*shift.after)} over the {RUN} days with "
        f"calls from then on, {rate_text(*shift.before)} before."
    )


def why_not(one: RateSignals) -> str:
    """Why a rate is not judged by day."""
    label, days = one.rate.label, one.chart.days
    learned = sum(day.signal is Signal.LEARNING for day in days)
    if any(day.signal is Signal.TOO_FEW for day in days):
        return f"{label} is not judged by day: a day has too few cases."
    if learned:
        after = (
            " after day 30, as calibration days do not count here"
            if any(day.signal is Signal.LEFT_OUT for day in days)
            else ""
        )
        return (
            f"{label} is not judged by day yet: what is usual is learned from {LEAST_DAYS} days with calls{after}, "
            f"and there {'is' if learned == 1 else 'are'} {learned}."
        )
    if any(day.signal is Signal.LEFT_OUT for day in days):
        return f"{label} is not judged by day yet: all its days are calibration."
    return f"{label} is not judged: there is no data."


def rate_sentence(one: RateSignals) -> str:
    """What the control chart of one rate shows."""
    if not one.chart.judged:
        return why_not(one)
    return f"{one.rate.label} by day with its control limits: {signals_line(one.chart)}."


def control(one: RateSignals, when: Mapping[int, str], dates: Mapping[int, date]) -> Picture:
    """The control chart of one rate, and every day with its limits as a table, the newest first."""
    sentence = rate_sentence(one)
    if not any(day.value is not None for day in one.chart.days):
        return Picture(None, sentence, (), [])
    points = limit_points(one.chart, when, dates)
    table = [_day_line(day, when) for day in reversed(one.chart.days) if day.value is not None]
    columns = ("Day", one.rate.label, "Usual", "Limits", "Says")
    target = None if one.rate.target is None else float(one.rate.target)
    spec = control_chart(points, title=sentence, target=target, width="container")
    return Picture(spec, sentence, columns, table)


def limit_points(chart: Chart, when: Mapping[int, str], dates: Mapping[int, date]) -> list[LimitPoint]:
    """The days of a chart as they are drawn; a shift is named by its first day."""
    since = {shift.seen: f"since day {shift.first}" for shift in chart.shifts}
    return [
        LimitPoint(
            day.day,
            day.value,
            day.centre,
            day.low,
            day.high,
            since.get(day.day, f"day {day.day}") if day.flagged else "",
            dates.get(day.day),
            _said(day, when),
        )
        for day in chart.days
    ]


def _said(day: Judged, when: Mapping[int, str]) -> str:
    limits = interval_text(day.low, day.high)
    parts = [
        rate_text(day.numerator, day.denominator),
        f"limits {limits}" if limits else "",
        SIGNAL_WORDS[day.signal],
    ]
    return f"{when[day.day]}: {'; '.join(filter(None, parts))}"


def _day_line(day: Judged, when: Mapping[int, str]) -> list[str]:
    return [
        when[day.day],
        rate_text(day.numerator, day.denominator),
        "" if day.centre is None else percent_text(day.centre),
        interval_text(day.low, day.high),
        SIGNAL_WORDS[day.signal],
    ]


def summary_rows(found: Signals) -> list[Row]:
    """Every rate: how many days were judged, the usual level now, signals, and its drift."""
    return [
        Row(
            one.rate.label,
            (
                Cell(f"{one.chart.judged:,}", label="Judged days"),
                Cell(_level(one), label="Usual level"),
                Cell(_signals_word(one), label="Signals"),
                Cell(
                    DRIFT_WORDS[one.drift.way],
                    note=slope_text(one.drift),
                    label="Over four to six weeks",
                ),
            ),
        )
        for one in found.rates
    ]


SUMMARY_COLUMNS = ("Judged days", "Usual level", "Signals", "Over four to six weeks")


def _level(one: RateSignals) -> str:
    if one.chart.limits is None:
        return "too few days"
    return percent_text(one.chart.limits.centre)


def _signals_word(one: RateSignals) -> str:
    if not one.chart.judged:
        return "not judged"
    shifts, outside = len(one.chart.shifts), len(one.chart.outside)
    said = [plural(shifts, "shift")] if shifts else []
    return joined([*said, *([f"{plural(outside, 'day')} beyond limits"] if outside else [])]) or "none"


def slope_text(found: Drift) -> str:
    """How fast, with its interval."""
    if found.slope is None:
        return f"{plural(len(found.weeks), 'whole week')} of at least {LEAST_WEEKS}"
    return f"{points_text(found.slope)} a week ({points_text(found.low)} to {points_text(found.high)})"


def drift_sentences(found: Signals) -> list[str]:
    """What creeps, and what cannot be told."""
    said = []
    for one in found.rates:
        if one.drift.way in (Way.UP, Way.DOWN):
            said.append(
                f"{one.rate.label} {DRIFT_WORDS[one.drift.way]}: {slope_text(one.drift)} over "
                f"{len(one.drift.weeks)} weeks, from {percent_text(one.drift.before)} to "
                f"{percent_text(one.drift.after)} on the line."
            )
    level = [one.rate.label for one in found.rates if one.drift.way is Way.LEVEL]
    if level:
        names = joined([level[0], *(label.lower() for label in level[1:])])
        verb = "shows" if len(level) == 1 else "show"
        said.append(f"{names} {verb} no drift; how large one could be is in the table.")
    little = [one.rate.label for one in found.rates if one.drift.way is Way.TOO_LITTLE]
    if little:
        names = joined([little[0], *(label.lower() for label in little[1:])])
        verb = "has" if len(little) == 1 else "have"
        said.append(
            f"{names} {verb} too little data to tell: it takes {LEAST_WEEKS} whole weeks with enough cases."
        )
    return said
