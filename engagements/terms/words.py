"""A term's value as people read it, on the page, in a difference and on paper. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engagements.outcomes import Outcome

from .hours import NOT_CALLED, SHORT_DAYS, days_text, regions, spans_text
from .metrics import MetricContract
from .shape import TERMS, Column, Kind, Shape, Term

NOT_SAID = "not said yet"


@dataclass(frozen=True, slots=True)
class Shown:
    """A term in words: a table, a text, or both. `heads` has a column more than the row's head where there is one."""

    term: Term
    text: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def empty(self) -> bool:
        return not self.text and not self.rows

    @property
    def table(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each row as its head and its other cells, each with the head of its column."""
        return [(row[0], list(zip(self.heads[1:], row[1:], strict=True))) for row in self.rows]


def shown(terms: Mapping[str, Any]) -> list[Shown]:
    """Every term of a brief, in their order."""
    return [show(term, terms.get(term.key)) for term in TERMS]


def show(term: Term, value: Any) -> Shown:
    """One term; a text where it has rows today is what an older brief holds."""
    if isinstance(value, str) or not value:
        return Shown(term, (value or "").strip())
    text = str(value.get("words", "")).strip()
    if term.shape is Shape.FIGURES:
        agreed = value.get("figures", {})
        told = tuple((f.label, figure_words(agreed.get(f.key), f.none)) for f in term.figures)
        return Shown(term, text, ("What", "Agreed"), told if agreed else ())
    heads, rows = _TABLES.get(term.key, _plain)(term, value.get("rows", []))
    return Shown(term, text, heads, rows)


def figure_words(figure: object, none: str) -> str:
    """An agreed figure, that none is agreed, or that nothing is said."""
    if figure is None:
        return NOT_SAID
    return none if figure == "none" else f"{figure:,}"


type _Table = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def _plain(term: Term, rows: Sequence[Mapping[str, Any]]) -> _Table:
    return (
        tuple(column.label for column in term.columns),
        tuple(tuple(_cell(column, row.get(column.key)) for column in term.columns) for row in rows),
    )


def _cell(column: Column, value: Any) -> str:
    match column.kind:
        case Kind.OUTCOME:
            return outcome_words(value) if value else ""
        case Kind.DAYS:
            return days_text(value or ())
        case Kind.SPANS:
            return spans_text([(start, end) for start, end in value or ()]) or NOT_CALLED
    return str(value or "")


def outcome_words(value: str) -> str:
    """What a code means, with the stage that such a call has reached: "Call back later (Contact)"."""
    outcome = Outcome(value)
    return f"{outcome.label} ({outcome.stage.label})"


def _hours(term: Term, rows: Sequence[Mapping[str, Any]]) -> _Table:
    return (
        ("Region", *SHORT_DAYS),
        tuple(
            (
                f"{each.region} ({each.code})" if each.code else each.region,
                *(spans_text(each.days.get(day, ()), "\n") or NOT_CALLED for day in range(7)),
            )
            for each in regions(rows)
        ),
    )


def _steps(term: Term, rows: Sequence[Mapping[str, Any]]) -> _Table:
    heads, body = _plain(term, rows)
    return ("Step", *heads), tuple((str(number), *row) for number, row in enumerate(body, start=1))


_TABLES: Mapping[str, Callable[[Term, Sequence[Mapping[str, Any]]], _Table]] = {
    "calling_hours": _hours,
    "escalation": _steps,
}

METRIC_HEADS = ("Metric", "Counted as", "Target", "Judged from", "Counted in", "When disputed")


def metric_row(metric: MetricContract) -> tuple[str, ...]:
    """A metric contract as the cells of METRIC_HEADS."""
    return (
        metric.label,
        metric.counted_as,
        metric.target_words,
        metric.judged_from,
        metric.counted_in or "not named",
        metric.dispute_rule or "not named",
    )


def metrics_table(metrics: Sequence[MetricContract]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each metric as its name and its other cells, each with the head of its column."""
    rows = [metric_row(metric) for metric in metrics]
    return [(row[0], list(zip(METRIC_HEADS[1:], row[1:], strict=True))) for row in rows]
