"""Two periods or segments beside each other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from common.wording import NO_DATA, count_text, points_text, rate_text
from kpis.effect import Counted, difference
from kpis.funnel import Metric
from kpis.numbers_page import Cell, Row
from kpis.selectors.breakdowns import Group
from kpis.telling.talk import talk_cell
from kpis.telling.words import counted_cell, names_of, own_cell


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
                    counted_cell(pair[0], "First"),
                    counted_cell(pair[1], "Second"),
                    _gap(pair[0], pair[1], metric.minimum),
                ),
            )
        )
    return rows


def _own_pair(metric: Metric, own: Sequence[Mapping[str, tuple[int, int]]]) -> tuple[Cell, ...]:
    told = [one.get(metric.key) for one in own]
    shown = [own_cell(one, metric, label) for one, label in zip(told, ("First", "Second"), strict=True)]
    if metric.unit != "percent" or NO_DATA in {cell.text for cell in shown}:
        return (*shown, Cell("not compared", label="Difference"))
    pair = [Counted(*one) for one in told if one]
    return (*shown, _gap(pair[0], pair[1], metric.minimum))


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
        said = [*said, f"{names_of(alike)} may differ by chance alone."]
    return [*said, *([f"{names_of(few)} cannot be compared: too few cases or no data."] if few else [])]
