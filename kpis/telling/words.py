"""What several of the pages about signals say in the same way."""

from collections.abc import Sequence

from common.wording import NO_DATA, interval_text, joined, rate_text
from kpis.effect import Counted
from kpis.funnel import Metric, wilson
from kpis.numbers_page import Cell


def counted_cell(told: Counted | None, label: str, minimum: int = 0) -> Cell:
    if told is None or not told.denominator:
        return Cell(NO_DATA, label=label)
    few = f" · fewer than {minimum}" if told.denominator < minimum else ""
    span = interval_text(*wilson(told.numerator, told.denominator))
    return Cell(rate_text(told.numerator, told.denominator), note=f"{span}{few}", label=label)


def names_of(labels: Sequence[str]) -> str:
    return joined([labels[0], *(label.lower() for label in labels[1:])])


def own_cell(told: tuple[int, int] | None, metric: Metric, label: str) -> Cell:
    if told is None or not told[1] or (metric.unit == "percent" and told[0] > told[1]):
        return Cell(NO_DATA, label=label)
    if metric.unit == "percent":
        return counted_cell(Counted(*told), label, metric.minimum)
    few = f"fewer than {metric.minimum}" if told[1] < metric.minimum and metric.below else ""
    return Cell(rate_text(*told, unit=metric.unit), note=few, label=label)
