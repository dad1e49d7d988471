"""What stands in the form of a brief, right or wrong: rows come, go and move on it, and nothing is lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.http import QueryDict

from ..outcomes import Outcome
from ..rules import BriefContent
from ..terms import CALL_METRICS, TERMS, Kind, MetricContract, Shape, Term, Unit
from ..terms.hours import spans_text
from ..terms.metrics import CONTRACT, MOST_METRICS, typed_target

METRIC = "metric"
ROW_TERMS = {term.key: term for term in TERMS if term.shape is Shape.ROWS}

type Row = dict[str, Any]


@dataclass(slots=True)
class Typed:
    """What stands in the form: single fields by name, and rows by term ("metric" for the metrics)."""

    fields: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    @classmethod
    def of(cls, content: BriefContent) -> Self:
        """The form of a content, each empty list of rows with one row to write in."""
        typed = cls()
        for term in TERMS:
            typed.put(term, content.terms.get(term.key))
        typed.put_metrics(content)
        return typed

    def put(self, term: Term, value: Any) -> None:
        """Let a term read as `value`, whatever was typed there."""
        if term.shape is Shape.TEXT:
            self.fields[f"term-{term.key}"] = value or ""
            return
        # What an older version says in words stays as words until somebody puts it into rows.
        whole: Mapping[str, Any] = {"words": value} if isinstance(value, str) else value or {}
        self.fields[f"{term.key}-words"] = whole.get("words", "")
        for figure in term.figures:
            agreed = whole.get("figures", {}).get(figure.key)
            self.fields[f"{term.key}-{figure.key}"] = "" if agreed in (None, "none") else agreed
            self.fields[f"{term.key}-{figure.key}-none"] = agreed == "none"
        if term.shape is Shape.ROWS:
            self.rows[term.key] = [_typed_row(term, row) for row in whole.get("rows", [])] or [{}]

    def put_metrics(self, content: BriefContent) -> None:
        """Let the metrics read as in `content`."""
        self.rows[METRIC] = [_typed_metric(metric) for metric in content.metrics]

    @classmethod
    def posted(cls, data: QueryDict) -> Self:
        """What somebody has sent, as it was typed."""
        typed = cls()
        for term in TERMS:
            for name in _single_fields(term):
                typed.fields[name] = data.get(name, "")
        for key, columns, most in _groups():
            sent = data.get(f"{key}-rows", "0")
            count = min(int(sent), most) if sent.isascii() and sent.isdecimal() and len(sent) < 4 else 0
            typed.rows[key] = [
                {
                    name: data.getlist(f"{key}-{n}-{name}")
                    if name == "days"
                    else data.get(f"{key}-{n}-{name}", "")
                    for name in columns
                }
                for n in range(count)
            ]
        return typed

    def act(self, what: str) -> None:
        """Do what a button beside the rows says: add, remove or raise a row. Anything else does nothing."""
        verb, _, rest = what.partition(":")
        key, _, argument = rest.partition(":")
        rows = self.rows.get(key)
        if rows is None:
            return
        number = int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 4 else -1
        most = MOST_METRICS if key == METRIC else ROW_TERMS[key].most
        match verb:
            case "add" if key == METRIC and len(rows) < most:
                standard = CALL_METRICS.get(argument)
                rows.append(
                    _typed_metric(standard) if standard else {"unit": Unit.PERCENT, "minimum_sample": 30}
                )
            case "add" if len(rows) < most:
                rows.append({})
            case "remove" if 0 <= number < len(rows):
                del rows[number]
            case "up" if 0 < number < len(rows):
                rows[number - 1], rows[number] = rows[number], rows[number - 1]
            case "own" if key == "dispositions":
                self._own_codes(rows, most)

    @staticmethod
    def _own_codes(rows: list[Row], most: int) -> None:
        """Add Tollgate's own codes, each with the meaning that it has."""
        rows[:] = [row for row in rows if any(row.values())]
        there = {str(row.get("code", "")).strip().lower() for row in rows}
        own = [{"code": o.value, "meaning": o.value, "note": ""} for o in Outcome if o.value not in there]
        rows.extend(own[: most - len(rows)])

    def initial(self) -> dict[str, Any]:
        """By the names of the form's fields."""
        flat = dict(self.fields)
        for key, rows in self.rows.items():
            for number, row in enumerate(rows):
                flat |= {f"{key}-{number}-{name}": value for name, value in row.items()}
        return flat


def _groups() -> Iterator[tuple[str, tuple[str, ...], int]]:
    for term in ROW_TERMS.values():
        yield term.key, tuple(column.key for column in term.columns), term.most
    yield METRIC, CONTRACT, MOST_METRICS


def _single_fields(term: Term) -> list[str]:
    if term.shape is Shape.TEXT:
        return [f"term-{term.key}"]
    figures = [f"{term.key}-{figure.key}{end}" for figure in term.figures for end in ("", "-none")]
    return [*figures, f"{term.key}-words"]


def _typed_row(term: Term, row: Mapping[str, Any]) -> Row:
    typed: Row = {}
    for column in term.columns:
        value = row.get(column.key, "")
        match column.kind:
            case Kind.DAYS:
                typed[column.key] = [str(day) for day in value or ()]
            case Kind.SPANS:
                typed[column.key] = spans_text([(start, end) for start, end in value or ()])
            case _:
                typed[column.key] = value
    return typed


def _typed_metric(metric: MetricContract) -> Row:
    row = {name: getattr(metric, name) for name in CONTRACT}
    return row | {"target": typed_target(metric.target, metric.unit)}
