"""What the signals pages say: sentences, charts and tables, each true when read alone. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from common.wording import (
    NO_DATA,
    WEEKDAY_NAMES,
    count_text,
    day_text,
    interval_text,
    joined,
    percent_text,
    plural,
    points_text,
    rate_text,
)
from engagements.stages import Stage
from kpis import charts
from kpis.effect import Counted, difference
from kpis.funnel import Metric, wilson
from kpis.numbers_page import Cell, Picture, Row
from kpis.selectors.breakdowns import CodeCount, Group, HourGroup, Response, Responses
from kpis.selectors.measures import names_codes
from kpis.selectors.own_metrics import OwnGroup
from kpis.selectors.signals import Outliers, RateSignals, Signals, WhatMoved, hour_text
from kpis.selectors.talks import Spoken
from kpis.signals.drift import LEAST_WEEKS, Drift, Way
from kpis.signals.inside import Inside
from kpis.signals.limits import LEAST_DAYS, RUN, Judged, Shift, Signal
from kpis.signals.moved import Moved
from kpis.signals.outliers import INNER, FunnelPlot, Mix, Placed, Stand

FIVE_MINUTES = "five minutes"
TALK = "Talk time"
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
STAND_WORDS = {
    Stand.ABOVE: "above the others by more than chance",
    Stand.BELOW: "below the others by more than chance",
    Stand.EDGE: "at the edge of chance",
    Stand.WITHIN: "like the others",
    Stand.TOO_FEW: "too few to judge",
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
        f"{_names(own)}{reason if len(own) == 1 else reason.replace(' is not', ' are not', 1)}"
        for reason, own in labels.items()
    ]


def _low(one: RateSignals, place: int) -> str:
    return one.rate.label if place == 0 else one.rate.label.lower()


def shift_sentences(one: RateSignals, when: Mapping[int, str]) -> list[str]:
    """What shifted in one rate: a new level first, then single days beyond the limits."""
    label = one.rate.label
    said = [_shift(label, shift, when) for shift in one.chart.shifts]
    outside = one.chart.outside
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
        return (
            f"{label} is not judged by day yet: what is usual is learned from {LEAST_DAYS} days with calls, "
            f"and there {'is' if learned == 1 else 'are'} {learned}."
        )
    if any(day.signal is Signal.LEFT_OUT for day in days):
        return f"{label} is not judged by day yet: all its days are calibration."
    return f"{label} is not judged: there is no data."


def rate_sentence(one: RateSignals) -> str:
    """What the control chart of one rate shows."""
    chart, label = one.chart, one.rate.label
    if not chart.judged:
        return why_not(one)
    flagged = len(chart.flagged)
    said = f"{plural(flagged, 'signal')} on" if flagged else "no signal on"
    return f"{label} by day with its control limits: {said} {plural(chart.judged, 'judged day')}."


def control(one: RateSignals, when: Mapping[int, str]) -> Picture:
    """The control chart of one rate, and every day with its limits as a table, the newest first."""
    sentence = rate_sentence(one)
    if not any(day.value is not None for day in one.chart.days):
        return Picture(None, sentence, (), [])
    since = {shift.seen: f"since day {shift.first}" for shift in one.chart.shifts}
    points = [
        charts.LimitPoint(
            day.day,
            day.value,
            day.centre,
            day.low,
            day.high,
            since.get(day.day, f"day {day.day}") if day.flagged else "",
        )
        for day in one.chart.days
    ]
    table = [_day_line(day, when) for day in reversed(one.chart.days) if day.value is not None]
    columns = ("Day", one.rate.label, "Usual", "Limits", "Says")
    return Picture(charts.control_chart(points, title=sentence, width="container"), sentence, columns, table)


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


def plot_sentence(plot: FunnelPlot, rate: str, by: str) -> str:
    """Who stands apart in a funnel plot."""
    if plot.centre is None:
        return f"There is no data on the {rate.lower()} by {by}."
    if not plot.judged:
        return f"No {by} has enough cases to be compared in the {rate.lower()}."
    if not plot.apart:
        one = plot.judged == 1
        return (
            f"None of {plot.judged} judged {by}s differs from the others in the {rate.lower()} by more than chance."
            if not one
            else f"Only one {by} has enough cases to be judged in the {rate.lower()}, and it does not stand apart."
        )
    named = "; ".join(
        f"{one.label} is {STAND_WORDS[one.stand]}, {rate_text(one.successes, one.trials)}"
        for one in plot.apart
    )
    return f"{rate}: {named}. All {by}s together: {percent_text(plot.centre)}."


def funnel_plot(plot: FunnelPlot, rate: str, by: str, counted: str) -> Picture:
    """The funnel plot and its groups as a table, the largest first."""
    sentence = plot_sentence(plot, rate, by)
    groups = sorted(plot.groups, key=lambda one: -one.trials)
    table = [_group_line(one) for one in groups]
    columns = (by.capitalize(), rate, "Limits at this size", "Says")
    known = [one for one in groups if one.value is not None]
    if plot.centre is None or not known:
        return Picture(None, sentence, columns if table else (), table)
    widest = max(one.trials for one in known)
    sizes = sorted({max(1, round(widest * 1.08 * step / 24)) for step in range(1, 25)})
    lines = [(n, *plot.limits(n, INNER), *plot.limits(n)) for n in sizes]
    dots = [
        charts.FunnelDot(one.label, one.trials, one.value or 0.0, one.apart, one.stand is Stand.TOO_FEW)
        for one in known
    ]
    spec = charts.funnel_limits(
        dots, lines, title=sentence, counted=counted, centre=plot.centre, width="container"
    )
    return Picture(spec, sentence, columns, table)


def _group_line(one: Placed) -> list[str]:
    return [
        one.label,
        rate_text(one.successes, one.trials),
        interval_text(one.low, one.high),
        STAND_WORDS[one.stand],
    ]


def mix_sentence(mixes: Sequence[Mix]) -> str:
    """Whose codes differ from the team's as a whole."""
    judged = [one for one in mixes if one.chance is not None]
    if not judged:
        return "There is too little data to compare how agents use the disposition codes."
    apart = [one.agent for one in judged if one.apart]
    of = plural(len(judged), "judged agent")
    if not apart:
        return f"None of {of} uses the codes in another mix than the others by more than chance."
    verb = "uses" if len(apart) == 1 else "use"
    return f"{joined(apart)} {verb} the codes in another mix than the others by more than chance, of {of}."


def outlier_sentences(found: Outliers) -> list[str]:
    """Who stands apart in the last weeks, agents before sources, and how codes are used."""
    return [
        plot_sentence(found.agents, found.rate.label, "agent"),
        plot_sentence(found.sources, found.rate.label, "lead source"),
        mix_sentence(found.mixes),
        *([found.codes.sentence] if found.codes.suspicions else []),
    ]


def cost_text(value: float, currency: str = "") -> str:
    """A cost per outcome: "62.48 USD", without a currency "41.2 dials"."""
    return f"{_amount(value, currency)} {currency or 'dials'}"


def change_text(value: float, currency: str = "") -> str:
    """A change of a cost with its sign."""
    return f"{'−' if value < 0 else '+'}{_amount(abs(value), currency)}"


def _amount(value: float, currency: str) -> str:
    digits = 2 if currency else 1 if abs(value) < 100 else 0
    return f"{value:,.{digits}f}"


def moved_sentences(found: WhatMoved) -> list[str]:
    """The answer to "what moved the cost?"."""
    if found.outcome is None or found.split is None:
        wanted = found.outcome.label.lower() if found.outcome else "stage"
        return [
            f"The two periods cannot be compared: no {wanted} is known in both, so that there is no cost of one."
        ]
    split, unit = found.split, found.currency
    one = "qualified contact" if found.outcome is Stage.QUALIFIED else found.outcome.label.lower()
    said = [
        f"One {one} {'cost' if unit else 'took'} {cost_text(split.before, unit)} before "
        f"({found.before[-1]:,} of {plural(found.before[0], 'dial')}) and {cost_text(split.after, unit)} after "
        f"({found.after[-1]:,} of {found.after[0]:,}): {change_text(split.change, unit)} {unit or 'dials'}."
    ]
    if split.chance:
        said.append(
            f"The change may be chance: the dials for one are after between {split.low:.2f} and {split.high:.2f} "
            "times those before (95% interval). What follows says where it would come from."
        )
    first = split.first
    if first is not None:
        share = first.change / split.change
        said.append(
            f"Most of it comes from {_part(first.label)}: {change_text(first.change, unit)} {unit or 'dials'}"
            + (
                f", {percent_text(share, digits=0)} of the change."
                if share <= 1
                else ", and the others took some of it back."
            )
        )
    if found.left_out:
        said.append(
            f"Left out: {plural(found.left_out, 'dial')} whose files do not tell every stage down to this one."
        )
    return said


def counted_in(found: WhatMoved) -> str:
    """Say in what the cost is counted, and why not in money where somebody would expect it."""
    if found.currency:
        hours = {
            None: "",
            True: " An agent hour counts by the dials that were really made in it.",
            False: " An agent hour counts at the agreed dials: the hours of these days are not all known.",
        }[found.real_hours]
        return f"The cost is what was paid by the prices that held on each day, in {found.currency}.{hours}"
    if found.unpriced:
        return "The cost is counted in dials: prices in one currency did not hold on all of these days."
    return "The cost is counted in dials."


def _part(label: str) -> str:
    return f"the {label[0].lower()}{label[1:]}"


def moved_picture(split: Moved, currency: str = "") -> Picture:
    """The parts of the change as bars and as a table that sums to it."""
    unit = f"{currency or 'Dials'} per outcome"
    ends = f"from {cost_text(split.before, currency)} to {cost_text(split.after, currency)}"
    sentence = (
        f"What each part did to the cost of one outcome, in {currency or 'dials'}: "
        f"together {change_text(split.change, currency)}, {ends}."
    )
    spec = charts.split_bars(
        [(part.label, part.change, change_text(part.change, currency)) for part in split.parts],
        title=sentence,
        unit=unit,
        width="container",
    )
    table = [[part.label, change_text(part.change, currency)] for part in split.parts]
    together = ["Together", change_text(split.change, currency)]
    return Picture(spec, sentence, ("Part", unit), [*table, together])


def compare_rows(
    one: Group | None,
    other: Group | None,
    metrics: Sequence[Metric],
    own: Sequence[Mapping[str, tuple[int, int]]] = ({}, {}),
) -> list[Row]:
    """Two segments beside each other: dials, each rate with its interval, and the difference with its own.

    `own` are the metrics of one's own that count the calls, by key, of each segment.
    """
    rows = [
        Row(
            "Dials",
            (
                Cell(count_text(one.dials if one else None), label="First"),
                Cell(count_text(other.dials if other else None), label="Second"),
                Cell("not compared", label="Difference"),
            ),
        )
    ]
    if any(group and group.talked for group in (one, other)):
        told = [talk_cell(group.talk_s, group.talked) if group else Cell(NO_DATA) for group in (one, other)]
        labelled = [replace(cell, label=label) for cell, label in zip(told, ("First", "Second"), strict=True)]
        rows.append(Row("Talk time", (*labelled, Cell("not compared", label="Difference"))))
    for metric in metrics:
        if metric.measured:
            rows.append(Row(metric.label, _own_pair(metric, own)))
        if not metric.from_calls:
            continue
        pair = [group.rates.get(metric.key) if group else None for group in (one, other)]
        rows.append(
            Row(
                metric.label,
                (
                    _counted(pair[0], "First"),
                    _counted(pair[1], "Second"),
                    _gap(pair[0], pair[1], metric.minimum),
                ),
            )
        )
    return rows


def _own_pair(metric: Metric, own: Sequence[Mapping[str, tuple[int, int]]]) -> tuple[Cell, ...]:
    told = [one.get(metric.key) for one in own]
    shown = [_own(one, metric, label) for one, label in zip(told, ("First", "Second"), strict=True)]
    if metric.unit != "percent" or NO_DATA in {cell.text for cell in shown}:
        return (*shown, Cell("not compared", label="Difference"))
    pair = [Counted(*one) for one in told if one]
    return (*shown, _gap(pair[0], pair[1], metric.minimum))


def _counted(told: Counted | None, label: str, minimum: int = 0) -> Cell:
    if told is None or not told.denominator:
        return Cell(NO_DATA, label=label)
    few = f" · fewer than {minimum}" if told.denominator < minimum else ""
    span = interval_text(*wilson(told.numerator, told.denominator))
    return Cell(rate_text(told.numerator, told.denominator), note=f"{span}{few}", label=label)


def _gap(one: Counted | None, other: Counted | None, minimum: int) -> Cell:
    if one is None or other is None or not one.denominator or not other.denominator:
        return Cell(NO_DATA, label="Difference")
    found = difference(one, other)
    note = f"{points_text(found.low)} to {points_text(found.high)}"
    if min(one.denominator, other.denominator) < minimum:
        return Cell(points_text(found.points), note=f"{note} · too few to judge", label="Difference")
    word = "more than chance" if found.low > 0 or found.high < 0 else "may be chance"
    return Cell(points_text(found.points), note=f"{note} · {word}", label="Difference")


def compare_sentences(
    one: Group | None, other: Group | None, metrics: Sequence[Metric], names: tuple[str, str]
) -> list[str]:
    """Which rates differ by more than chance between two segments."""
    if one is None or other is None:
        missing = names[0] if one is None else names[1]
        return [f"There are no calls for {missing}, so that there is nothing to compare."]
    apart, alike, few = [], [], []
    for metric in metrics:
        first, second = one.rates.get(metric.key), other.rates.get(metric.key)
        if not metric.from_calls:
            continue
        if (
            first is None
            or second is None
            or min(first.denominator, second.denominator) < max(metric.minimum, 1)
        ):
            few.append(metric.label)
            continue
        gap = difference(first, second)
        if gap.low <= 0 <= gap.high:
            alike.append(metric.label)
        else:
            apart.append(
                f"{metric.label} differs by more than chance: {rate_text(first.numerator, first.denominator)} in "
                f"{names[0]}; {rate_text(second.numerator, second.denominator)} in {names[1]}."
            )
    said = apart or (["No rate differs by more than chance."] if alike else [])
    if apart and alike:
        said = [*said, f"{_names(alike)} may differ by chance alone."]
    return [*said, *([f"{_names(few)} cannot be compared: too few cases or no data."] if few else [])]


def _names(labels: Sequence[str]) -> str:
    return joined([labels[0], *(label.lower() for label in labels[1:])])


def wait_text(seconds: float) -> str:
    """How long a lead waited: "4 min 10 s", "2 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours < 48:
        return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"
    return plural(hours // 24, "day")


def response_sentences(found: Responses) -> list[str]:
    """The answer to "how fast do we call?"."""
    if found.all is None:
        why = f" {plural(found.untold, 'lead')} got a first call on these days." if found.untold else ""
        return [
            f"No file says when these leads came in, so that nothing can be said of the response time.{why}"
        ]
    said = [
        f"Half of {plural(found.all.leads, 'lead')} were called within {wait_text(found.all.median)} of coming in; "
        f"{rate_text(found.all.within, found.all.leads)} within {FIVE_MINUTES}."
    ]
    if found.untold:
        said.append(f"How long {_more(found.untold)} waited is in no file; left out here.")
    if found.before:
        said.append(f"By their file {_more(found.before)} came in after the first call; left out as well.")
    return said


def _more(leads: int) -> str:
    return plural(leads, "more lead")


RESPONSE_COLUMNS = ("Leads", "Median wait", "Within five minutes")


def response_rows(found: Sequence[Response], minimum: int) -> list[Row]:
    """Each group with how long it waited; under the minimum it says so."""
    return [
        Row(
            one.label,
            (
                Cell(f"{one.leads:,}", label="Leads"),
                Cell(wait_text(one.median), label="Median wait"),
                _counted(Counted(one.within, one.leads), "Within five minutes", minimum),
            ),
        )
        for one in found
    ]


def talk_cell(seconds: int, calls: int, spoken: Spoken | None = None) -> Cell:
    """How long was spoken in all, and in one call on average and in the middle, of calls with a known talk time."""
    if not calls:
        return Cell(NO_DATA, label=TALK)
    note = f"{wait_text(seconds / calls)} a call, {calls:,} timed"
    middle = median_text(spoken, calls) if spoken else ""
    return Cell(talk_text(seconds), note=f"{note}; {middle}" if middle else note, label=TALK)


def median_text(spoken: Spoken, timed: int) -> str:
    """The middle of the calls that were spoken: "median 2 min 5 s, 90% within 6 min, of 1,240 spoken"."""
    if spoken.timed != timed:
        return "median no data: not all of these calls are counted by their talk time yet"
    if spoken.median is None or spoken.ninetieth is None:
        return "none of them spoken"
    of = f", of {spoken.spoken:,} spoken" if spoken.spoken != timed else ""
    return f"median {wait_text(spoken.median)}, 90% within {wait_text(spoken.ninetieth)}{of}"


def talk_day_rows(found: Mapping[Hashable, Spoken], timed: Mapping[date, int], today: date) -> list[Row]:
    """Each date whose talk times are known, the newest first; `timed` counts its calls by the daily sums."""
    nothing = Spoken(0, 0, None, None)
    return [
        Row(
            day_text(day, today=today),
            (
                Cell(f"{number:,}", label=TALK_COLUMNS[0]),
                *_middle(found.get(day, nothing), number),
            ),
        )
        for day, number in sorted(timed.items(), reverse=True)
        if number
    ]


TALK_COLUMNS = ("Timed calls", "Spoken", "Median", "90% within")


def _middle(one: Spoken, timed: int) -> tuple[Cell, ...]:
    whole = one.timed == timed
    texts = (
        f"{one.spoken:,}" if whole else NO_DATA,
        wait_text(one.median) if whole and one.median is not None else NO_DATA,
        wait_text(one.ninetieth) if whole and one.ninetieth is not None else NO_DATA,
    )
    return tuple(Cell(text, label=label) for text, label in zip(texts, TALK_COLUMNS[1:], strict=True))


def talk_text(seconds: int) -> str:
    """Hours and minutes spoken: "210 h 12 min"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return f"{seconds} s"
    return f"{minutes // 60:,} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def group_columns(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """The heads of `group_rows`, after the first."""
    return ("Dials", *(metric.label for metric in metrics if metric.from_calls), TALK)


def group_rows(
    groups: Sequence[Group], metrics: Sequence[Metric], spoken: Mapping[Hashable, Spoken] | None = None
) -> list[Row]:
    """Groups with their dials, rates and talk time, each rate with interval; under a metric's minimum it says so.

    `spoken` are their talk times by key, by label where a group has no key.
    """
    told = spoken or {}
    return [
        Row(
            group.label,
            (
                Cell(f"{group.dials:,}", label="Dials"),
                *(
                    _counted(group.rates.get(metric.key), metric.label, metric.minimum)
                    for metric in metrics
                    if metric.from_calls
                ),
                talk_cell(group.talk_s, group.talked, told.get(group.key or group.label)),
            ),
        )
        for group in groups
    ]


def own_columns(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """The heads of `own_rows`, after the first."""
    return tuple(metric.label for metric in metrics if metric.measured)


def own_rows(groups: Sequence[OwnGroup], metrics: Sequence[Metric]) -> list[Row]:
    """Groups with the metrics of one's own that count the calls; under a metric's minimum it says so."""
    return [
        Row(
            group.label,
            tuple(
                _own(group.figures.get(metric.key), metric, metric.label)
                for metric in metrics
                if metric.measured
            ),
        )
        for group in groups
    ]


def own_by_hour_note(metrics: Sequence[Metric]) -> str:
    """Say which metrics of one's own cannot be told by hour, and why; "" for none."""
    left = [metric.label for metric in metrics if names_codes(metric)]
    if not left:
        return ""
    verb = "counts" if len(left) == 1 else "count"
    return f"{joined(left)} {verb} codes, which are summed by day, lead source and agent, not by hour."


def _own(told: tuple[int, int] | None, metric: Metric, label: str) -> Cell:
    if told is None or not told[1] or (metric.unit == "percent" and told[0] > told[1]):
        return Cell(NO_DATA, label=label)
    if metric.unit == "percent":
        return _counted(Counted(*told), label, metric.minimum)
    few = f"fewer than {metric.minimum}" if told[1] < metric.minimum and metric.below else ""
    return Cell(rate_text(*told, unit=metric.unit), note=few, label=label)


CODE_COLUMNS = ("Meaning", "Calls", "Share", TALK)


def code_rows(codes: Sequence[CodeCount]) -> list[Row]:
    """Each disposition code with its meaning and its share of the calls."""
    of = sum(one.calls for one in codes)
    return [
        Row(
            one.code or "No code given",
            (
                Cell(one.meaning, label="Meaning"),
                Cell(f"{one.calls:,}", label="Calls"),
                Cell(percent_text(one.calls / of), label="Share"),
                talk_cell(one.talk_s, one.talked),
            ),
        )
        for one in codes
    ]


def heat(found: Sequence[HourGroup], metric: Metric) -> Picture:
    """One rate by hour and weekday; cells with fewer cases than the minimum are not coloured."""
    told = [(one, one.group.rates.get(metric.key)) for one in found]
    enough = [
        (one, rate) for one, rate in told if rate is not None and rate.denominator >= max(metric.minimum, 1)
    ]
    days = sorted({one.weekday for one in found})
    names = [WEEKDAY_NAMES[day - 1][:3] for day in days]
    few = len(told) - len(enough)
    if not enough:
        return Picture(
            None, f"{metric.label} by hour and weekday: no hour has enough cases to be shown.", (), []
        )
    best = max(enough, key=lambda pair: pair[1].value or 0.0)
    worst = min(enough, key=lambda pair: pair[1].value or 0.0)
    sentence = (
        f"{metric.label} by hour and weekday: from {_place(*worst)} to {_place(*best)}."
        + (
            f" {plural(few, 'hour')} with fewer than {metric.minimum} cases are marked “few”."
            if few > 1
            else ""
        )
        + (f" One hour with fewer than {metric.minimum} cases is marked “few”." if few == 1 else "")
    )
    shown = {id(one) for one, _ in enough}
    cells = [
        charts.Cell(
            WEEKDAY_NAMES[one.weekday - 1][:3],
            f"{one.hour:02d}:00",
            rate.value if rate is not None and id(one) in shown else None,
        )
        for one, rate in told
    ]
    by_place = {(one.hour, one.weekday): rate for one, rate in told}
    table = [
        [
            hour_text(hour),
            *(
                rate_text(rate.numerator, rate.denominator)
                if (rate := by_place.get((hour, day)))
                else NO_DATA
                for day in days
            ),
        ]
        for hour in sorted({one.hour for one in found})
    ]
    return Picture(
        charts.heat_map(cells, names, title=sentence, width="container"), sentence, ("Hour", *names), table
    )


def _place(one: HourGroup, rate: Counted) -> str:
    day = WEEKDAY_NAMES[one.weekday - 1]
    return f"{rate_text(rate.numerator, rate.denominator)} on {day}s at {one.hour:02d}:00"


def inside_sentence(found: Inside, outcome: str) -> str:
    """Where the shortfall of a stage sits, by one kind of group."""
    most = found.most
    if most is None:
        return f"No {found.by} with enough cases is below the target by more than chance."
    share = found.share(most)
    part = f", {percent_text(share, digits=0)} of what all below the target lack" if share is not None else ""
    return (
        f"By {found.by} most is lacking at {most.label}: {rate_text(most.successes, most.trials)} against "
        f"{percent_text(found.target, digits=0)}, {most.lacking:,.0f} {outcome} short{part}."
    )


def inside_rows(found: Inside) -> list[Row]:
    """The groups that lack most, at most six."""
    return [
        Row(
            place.label,
            (
                Cell(
                    rate_text(place.successes, place.trials),
                    note=interval_text(place.low, place.high),
                    label="Rate",
                ),
                Cell(f"{place.lacking:,.0f}" if place.lacking > 0 else "none", label="Lacking"),
                Cell(
                    percent_text(place.chance, digits=0) if place.judged else "too few to judge",
                    label="Chance to be below target",
                ),
            ),
        )
        for place in found.places[:6]
    ]
