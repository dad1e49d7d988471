"""What the KPIs page says about a funnel: sentences, strip, charts and tables. Pure; addresses come as functions."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from common.wording import (
    NO_DATA,
    count_text,
    day_text,
    digits_beside,
    interval_text,
    joined,
    plural,
    rate_text,
    target_text,
    value_text,
)
from engagements.stages import Stage
from kpis.charts.base import Spec
from kpis.funnel import STAGE_OF_METRIC, Calibration, DayFunnel, Funnel, Metric, Rate, Verdict

MOST_DAYS = 100
NO_SOURCE = "No lead source given"
# Opens the rows of a figure: (first, last, stage, source or None for all).
RowsUrl = Callable[[date, date, Stage, str | None], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a table; `url` opens its rows, `note` stands below it."""

    text: str
    url: str = ""
    note: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    head: str
    cells: tuple[Cell, ...]
    calibration: bool = False
    restated: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its sentence and the same figures as a table."""

    spec: Spec | None
    sentence: str
    columns: tuple[str, ...]
    rows: list[list[str]]


def digits_of(rate: Rate) -> int:
    """With how many decimals a rate stands beside its target."""
    return digits_beside(rate.value, rate.target, rate.direction)


def goal_of(rate: Rate) -> str:
    """Say a rate's target with the decimals of the rate where these are needed."""
    digits = digits_of(rate)
    return target_text(rate.target, rate.direction, digits=digits if digits > 1 else 0, unit=rate.unit)


def verdict_word(rate: Rate) -> str:
    """Say what a rate is against its target, in two or three words."""
    match rate.verdict:
        case Verdict.MET:
            return "on target"
        case Verdict.MISSED:
            return "below target" if rate.direction == "up" else "above target"
        case Verdict.TOO_FEW:
            return f"too few to judge: {rate.denominator:,} of {rate.minimum:,} needed"
        case Verdict.NO_TARGET:
            return "not judged"
    return f"{NO_DATA}: {rate.why_no_data}" if rate.why_no_data else NO_DATA


def verdict_note(rate: Rate) -> str:
    """The same beside a figure, where no sentence says that a miss may be chance: "below target, may be chance"."""
    chance = rate.verdict is Verdict.MISSED and rate.interval_holds_target
    return f"{verdict_word(rate)}, may be chance" if chance else verdict_word(rate)


def verdict_sentences(funnel: Funnel) -> list[str]:
    """The answer to "are we on target, and what holds us back?", the weakest first."""
    if not funnel.days_with_data:
        return ["No calls are imported for these days, so nothing can be said about them."]
    if funnel.brief_version is None:
        return ["No campaign brief is signed by both sides yet, so no figure is judged."]
    sentences = [*_missed(funnel), *_unjudged(funnel)]
    judged = [rate for rate in funnel.stages if rate.verdict in (Verdict.MET, Verdict.MISSED)]
    if judged and not funnel.missed:
        noun = "metric" if len(judged) == 1 else "metrics"
        held = (
            f"All {len(judged)} judged {noun} are on target."
            if len(judged) > 1
            else f"{judged[0].label} is on target."
        )
        sentences.insert(0, held)
    if not sentences:
        sentences = ["The brief in force sets no targets, so no figure is judged."]
    return sentences


def as_it_stands(funnel: Funnel | None) -> str:
    """How the figures of a gate stand before they are judged, in a sentence; empty where there is nothing to say."""
    aimed = [rate for rate in funnel.stages if rate.target is not None] if funnel else []
    if funnel is None or not aimed or not funnel.days_with_data:
        return ""
    missed = [
        f"{rate.label.lower()} is {verdict_word(rate)} "
        f"({value_text(rate.value, rate.unit, digits=digits_of(rate))} against {goal_of(rate)})"
        for rate in sorted(funnel.missed, key=lambda rate: -rate.shortfall)
    ]
    unknown = [rate.label.lower() for rate in funnel.unjudged]
    said = [joined(missed)] if missed else []
    if not missed and len(unknown) < len(aimed):
        said = ["no metric is below target" if not unknown else "none of the others is below target"]
    if unknown:
        said.insert(0 if not missed else 1, f"too little data to judge {joined(unknown)}")
    return f"As it stands: {'; '.join(said)}."


def _missed(funnel: Funnel) -> list[str]:
    weakest = funnel.weakest
    if weakest is None:
        return []
    between = "of" if weakest.unit == "percent" else "over"
    counted = f"{weakest.numerator:,} {between} {weakest.denominator:,}"
    span = interval_text(weakest.low, weakest.high, weakest.unit)
    value = value_text(weakest.value, weakest.unit, digits=digits_of(weakest))
    sentences = [
        f"{weakest.label} is {verdict_word(weakest)}: {value} ({counted}{f', 95% interval {span}' if span else ''}) "
        f"against {goal_of(weakest)}."
    ]
    if weakest.interval_holds_target:
        sentences.append("The target lies within that interval, so the miss may be chance.")
    others = [
        rate.label if number == 0 else rate.label.lower() for number, rate in enumerate(_others(funnel))
    ]
    if others:
        verb = "misses its target" if len(others) == 1 else "miss their targets"
        sentences.append(f"{joined(others)} {verb} too, by less.")
    return sentences


def _others(funnel: Funnel) -> list[Rate]:
    return [rate for rate in funnel.missed if not rate.weakest]


def _unjudged(funnel: Funnel) -> list[str]:
    sentences = []
    for verdict, why in ((Verdict.TOO_FEW, "too few cases"), (Verdict.NO_DATA, "no data")):
        unjudged = [rate for rate in funnel.unjudged if rate.verdict is verdict]
        labels = [rate.label for rate in unjudged if not rate.why_no_data]
        if labels:
            names = joined([labels[0], *(label.lower() for label in labels[1:])])
            sentences.append(f"{names} cannot be judged: {why}.")
    sentences += [
        f"{rate.label} cannot be judged: {rate.why_no_data}." for rate in funnel.unjudged if rate.why_no_data
    ]
    return sentences


def elsewhere(funnel: Funnel) -> list[Row]:
    """The metrics that calls do not tell: target, figure and verdict; without totals where they are counted."""
    return [
        Row(
            rate.label,
            (
                Cell(_counted_as(rate), label="Counted as"),
                Cell(goal_of(rate), label="Target"),
                Cell(said(rate), note=rate.why_no_data or _cell_note(rate), label="Figure"),
            ),
        )
        for rate in funnel.stages
        if not rate.from_calls
    ]


CONTRACT_COLUMNS = ("Counted as", "Target", "Minimum sample", "Source", "Where the sides count differently")


def contract_rows(metrics: Sequence[Metric]) -> list[Row]:
    """Each metric as the two sides contracted it."""
    return [
        Row(
            metric.label,
            (
                Cell(
                    f"{metric.numerator} ÷ {metric.denominator}" if metric.denominator else metric.numerator,
                    note=f"{'lower' if metric.direction == 'down' else 'higher'} is better",
                    label=CONTRACT_COLUMNS[0],
                ),
                Cell(
                    target_text(metric.target, metric.direction, unit=metric.unit, missing="none agreed"),
                    label=CONTRACT_COLUMNS[1],
                ),
                Cell(f"{metric.minimum:,} {metric.denominator.lower()}".strip(), label=CONTRACT_COLUMNS[2]),
                Cell(
                    metric.source or ("the imported calls" if metric.from_calls else "not said"),
                    label=CONTRACT_COLUMNS[3],
                ),
                Cell(metric.dispute or "no rule agreed", label=CONTRACT_COLUMNS[4]),
            ),
        )
        for metric in metrics
    ]


def said(rate: Rate) -> str:
    """Say a rate with what it was counted from, in its unit and with the decimals that its verdict needs."""
    if rate.value is None:
        return NO_DATA
    return rate_text(rate.numerator, rate.denominator, digits=digits_of(rate), unit=rate.unit)


def _counted_as(rate: Rate) -> str:
    return (
        f"{rate.numerator_label} ÷ {rate.denominator_label}"
        if rate.denominator_label
        else rate.numerator_label
    )


def calibration_note(funnel: Funnel) -> str:
    """Say that days 11 to 30 are not final, where the period has such days."""
    match funnel.calibration:
        case Calibration.ALL:
            return "Days 11–30 are calibration: these figures are not final."
        case Calibration.PART:
            return "The period includes calibration days (11–30), whose figures are not final."
    return ""


def left_out_note(rate: Rate) -> str:
    """Say what a rate leaves out, or why there is none, because a file cannot tell it."""
    if not rate.left_out_days:
        return ""
    if rate.value is None:
        return f"the files of {plural(rate.left_out_days, 'day')} cannot tell it"
    of = f"{rate.left_out:,} {rate.denominator_label.lower()} of " if rate.left_out else ""
    return f"leaves out {of}{plural(rate.left_out_days, 'day')} whose files cannot tell it"


def stage_counts(funnel: Funnel, rows_url: RowsUrl) -> list[Cell]:
    """How many reached each stage; a count leads to its rows, and says on how many days it is unknown."""
    return [
        Cell(
            count_text(count.value),
            "" if count.value is None else rows_url(funnel.first, funnel.last, count.stage, None),
            f"{plural(count.days_unknown, 'day')} unknown"
            if count.value is not None and count.days_unknown
            else "",
            count.label,
        )
        for count in funnel.counts
    ]


def strip(funnel: Funnel, rows_url: RowsUrl) -> list[dict[str, Any]]:
    """The stages for ui/funnel.html."""
    return [
        {
            "label": rate.label,
            "numerator": None if rate.value is None else rate.numerator,
            "denominator": rate.denominator,
            "low": rate.low,
            "high": rate.high,
            "digits": digits_of(rate),
            "goal": goal_of(rate),
            "weakest": rate.weakest,
            "bar": "" if rate.value is None or rate.unit != "percent" else f"{rate.value * 100:.1f}",
            "aim": "" if rate.target is None or rate.unit != "percent" else f"{float(rate.target) * 100:.1f}",
            "url": _rate_url(rate, funnel, rows_url),
            "note": " · ".join(filter(None, (verdict_note(rate), left_out_note(rate)))),
        }
        for rate in funnel.stages
        if rate.from_calls
    ]


def verdict_rows(funnel: Funnel) -> list[dict[str, Any]]:
    """Each metric with its target and its verdict in words, for a table."""
    return [
        {
            "label": rate.label,
            "numerator": None if rate.value is None else rate.numerator,
            "denominator": rate.denominator,
            "low": rate.low,
            "high": rate.high,
            "digits": digits_of(rate),
            "unit": rate.unit,
            "goal": goal_of(rate),
            "word": verdict_note(rate),
        }
        for rate in funnel.stages
    ]


def _rate_url(rate: Rate, funnel: Funnel, rows_url: RowsUrl, source: str | None = None) -> str:
    stage = STAGE_OF_METRIC.get(rate.key)
    if stage is None or rate.value is None:
        return ""
    return rows_url(funnel.first, funnel.last, stage, source)


def chosen_rate(funnel: Funnel, key: str) -> Rate | None:
    """The rate that the charts draw: the one asked for, else the weakest, else the first with data."""
    drawn = [rate for rate in funnel.stages if rate.unit == "percent"]
    asked = next((rate for rate in drawn if rate.key == key), None)
    weakest = next((rate for rate in drawn if rate.weakest), None)
    return asked or weakest or next((rate for rate in drawn if rate.value is not None), None)


def columns(funnel: Funnel) -> tuple[str, ...]:
    """The heads of the source and day tables, after the first."""
    return ("Dials", *(rate.label for rate in funnel.stages if rate.from_calls))


def source_rows(funnel: Funnel, rows_url: RowsUrl) -> list[Row]:
    """Each lead source with its dials and rates, each with interval and verdict."""
    return [
        Row(
            one.source or NO_SOURCE,
            (
                _dials(
                    one.counts[Stage.DIAL].value, rows_url(funnel.first, funnel.last, Stage.DIAL, one.source)
                ),
                *(
                    Cell(
                        said(rate),
                        _rate_url(rate, funnel, rows_url, one.source),
                        _cell_note(rate),
                        rate.label,
                    )
                    for rate in one.stages
                ),
            ),
        )
        for one in funnel.by_source
    ]


def _cell_note(rate: Rate) -> str:
    if rate.value is None:
        return ""
    return " · ".join(
        filter(None, (interval_text(rate.low, rate.high, rate.unit), verdict_note(rate), left_out_note(rate)))
    )


def day_rows(funnel: Funnel, today: date, rows_url: RowsUrl, restated: Collection[date] = ()) -> list[Row]:
    """The dates of the period up to today, newest first, at most MOST_DAYS of them."""
    past = [day for day in reversed(funnel.by_day) if day.day <= today][:MOST_DAYS]
    labels = {rate.key: rate.label for rate in funnel.stages}
    rows = [_day_row(day, labels, today, rows_url) for day in past]
    return [replace(row, restated=day.day in restated) for row, day in zip(rows, past, strict=True)]


def _day_row(day: DayFunnel, labels: dict[str, str], today: date, rows_url: RowsUrl) -> Row:
    cells = [_dials(day.counts[Stage.DIAL], rows_url(day.day, day.day, Stage.DIAL, None))]
    for rate in day.rates:
        stage = STAGE_OF_METRIC.get(rate.key)
        if stage is None:
            continue
        known = rate.value is not None
        cells.append(
            Cell(
                rate_text(rate.numerator, rate.denominator) if known else NO_DATA,
                rows_url(day.day, day.day, stage, None) if known else "",
                label=labels[rate.key],
            )
        )
    return Row(day_text(day.day, number=day.number, today=today), tuple(cells), day.calibration)


def restated_words(before: Sequence[int | None], after: Sequence[int | None] | None) -> str:
    """Say which counts of a day changed, from what to what."""
    if after is None:
        return f"{count_text(before[0])} dials before, no calls now"
    return ", ".join(
        f"{stage.plural.lower()} {count_text(told)} → {count_text(now)}"
        for stage, told, now in zip(Stage, before, after, strict=True)
        if told != now
    )


def _dials(value: int | None, url: str) -> Cell:
    return Cell(count_text(value), url if value is not None else "", label="Dials")
