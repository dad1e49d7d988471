"""The form of a brief: it shows what was typed and judges it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from common.wording import capital

from ..models import Direction
from ..rules import BriefContent
from ..terms import CALL_METRICS, STANDARD_METRICS, TERMS, Kind, MetricContract, Shape, Term, Unit
from ..terms.checking import MOST_OF_A_FIGURE, row_faults
from ..terms.measures import Measure, measure_text
from ..terms.metrics import CONTRACT, MEASURES, metric_faults, metric_key, parse_target
from ..terms.shape import TEXT_LENGTH
from .cells import column_field, kept, lines_of
from .typed import METRIC, ROW_TERMS, Row, Typed


class BriefForm(forms.Form):
    """Every term and every metric contract of a brief; a draft may leave anything empty, but nothing wrong."""

    def __init__(self, typed: Typed, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=typed.initial())
        self.typed = typed
        for term in TERMS:
            self._add_term(term)
        for number, row in enumerate(typed.rows[METRIC]):
            self._add_metric(number, row)

    def _add_term(self, term: Term) -> None:
        label = term.label if term.shape is Shape.TEXT else term.words
        name = f"term-{term.key}" if term.shape is Shape.TEXT else f"{term.key}-words"
        rows = 3 if term.shape is Shape.TEXT else 2
        for figure in term.figures:
            self.fields[f"{term.key}-{figure.key}"] = forms.IntegerField(
                label=figure.label, required=False, min_value=1, max_value=MOST_OF_A_FIGURE
            )
            self.fields[f"{term.key}-{figure.key}-none"] = forms.BooleanField(
                label=f"No limit agreed for {figure.label.lower()}", required=False
            )
        for number in range(len(self.typed.rows.get(term.key, ()))):
            for column in term.columns:
                made = column_field(column)
                made.help_text = column.help if number == 0 else ""
                self.fields[f"{term.key}-{number}-{column.key}"] = made
        self.fields[name] = forms.CharField(
            label=label,
            help_text=term.asks if term.shape is Shape.TEXT else "",
            required=False,
            max_length=TEXT_LENGTH,
            widget=forms.Textarea(attrs={"rows": rows}),
        )

    def _add_metric(self, number: int, row: Row) -> None:
        standard = CALL_METRICS.get(row.get("key", ""))

        def put(name: str, made: forms.Field) -> None:
            self.fields[f"{METRIC}-{number}-{name}"] = made

        put("key", forms.CharField(required=False, max_length=40, widget=forms.HiddenInput))
        if standard is None:
            put("label", forms.CharField(label="Metric", required=False, max_length=80))
            put("numerator", forms.CharField(label="What is counted", required=False, max_length=120))
            put(
                "denominator",
                forms.CharField(
                    label="Out of what",
                    required=False,
                    max_length=120,
                    help_text="Empty for a figure that is no rate",
                ),
            )
            put("unit", forms.ChoiceField(label="Told in", choices=Unit.choices))
            self._add_measure(put, "numerator", "Counted from calls")
            self._add_measure(put, "denominator", "Out of, from calls")
        put("direction", forms.ChoiceField(label="Should be", choices=Direction.choices))
        put(
            "target",
            forms.CharField(
                label="Target in %" if standard else "Target",
                required=False,
                max_length=15,
                help_text="Empty: none agreed",
            ),
        )
        self.fields[f"{METRIC}-{number}-target"].widget.attrs["inputmode"] = "decimal"
        of = standard.denominator.lower() if standard else "cases"
        put(
            "minimum_sample",
            forms.IntegerField(
                label="Judged from",
                min_value=1,
                max_value=1_000_000,
                help_text=f"{of}; below that nothing is judged",
            ),
        )
        put("source_system", forms.CharField(label="Counted in", required=False, max_length=80))
        put(
            "dispute_rule",
            forms.CharField(label="When the figures are disputed", required=False, max_length=300),
        )

    @staticmethod
    def _add_measure(put: Callable[[str, forms.Field], None], side: str, label: str) -> None:
        above = side == "numerator"
        put(
            f"{side}_measure",
            forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", "Entered by hand" if above else "Nothing"), *Measure.choices],
                help_text=(
                    "Codes and meanings are told by day, lead source and agent, not by hour" if above else ""
                ),
            ),
        )
        put(
            f"{side}_which",
            forms.CharField(
                label="Which codes or meanings" if above else "Which, out of these",
                required=False,
                max_length=400,
                help_text="With commas between, such as SALE, XFER" if above else "With commas between",
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Judge what only shows between fields: rows that clash, a figure beside "none agreed"."""
        cleaned = super().clean() or {}
        for term in TERMS:
            for figure in term.figures:
                name = f"{term.key}-{figure.key}"
                if cleaned.get(name) and cleaned.get(f"{name}-none"):
                    self.add_error(name, "Give the number, or say that none is agreed, not both.")
        for term in ROW_TERMS.values():
            rows = self._rows(term)
            for place, column, reason in row_faults(term, [row for _, row in rows]):
                self._fault(f"{term.key}-{rows[place][0]}-{column}", reason)
        self._clean_metrics()
        return cleaned

    def _fault(self, name: str, reason: str) -> None:
        if name in self.fields and name not in self.errors:
            self.add_error(name, reason)

    def _rows(self, term: Term) -> list[tuple[int, Row]]:
        """The rows in which anything was typed, each with its number in the form."""
        found = []
        for number, typed in enumerate(self.typed.rows[term.key]):
            if any(typed.values()):
                row = {c.key: self.cleaned_data.get(f"{term.key}-{number}-{c.key}") for c in term.columns}
                for column in term.columns:  # a cell that is wrong by itself has said so already
                    if f"{term.key}-{number}-{column.key}" in self.errors and column.kind is not Kind.SPANS:
                        row[column.key] = typed.get(column.key)
                found.append((number, {column.key: kept(column, row[column.key]) for column in term.columns}))
        return found

    def _clean_metrics(self) -> None:
        metrics = self._metrics()
        for number, metric in metrics:
            if not metric.label:
                self._fault(f"{METRIC}-{number}-label", "Name the metric, or take the row out.")
            if metric.label and not metric.numerator:
                self._fault(f"{METRIC}-{number}-numerator", "Say what is counted.")
        for place, name, reason in metric_faults([metric for _, metric in metrics]):
            number = metrics[place][0]
            shown = f"{METRIC}-{number}-{name}"
            self._fault(shown if shown in self.fields else f"{METRIC}-{number}-target", reason)

    def _metrics(self) -> list[tuple[int, MetricContract]]:
        found: list[tuple[int, MetricContract]] = []
        taken = {row.get("key", "") for row in self.typed.rows[METRIC]}
        for number, typed in enumerate(self.typed.rows[METRIC]):
            own = {name: self.cleaned_data.get(f"{METRIC}-{number}-{name}") for name in CONTRACT}
            standard = CALL_METRICS.get(typed.get("key", ""))
            if standard is None and not any(
                typed.get(name)
                for name in ("label", "numerator", "denominator", "target", "source_system", *MEASURES)
            ):
                continue
            unit = standard.unit if standard else own["unit"] or Unit.PERCENT
            told = {} if standard else {name: (own[name] or "").strip() for name in MEASURES}
            base = standard or MetricContract(
                own["key"] or metric_key(own["label"] or "", taken),
                (own["label"] or "").strip(),
                (own["numerator"] or "").strip() or _named(told, "numerator"),
                (own["denominator"] or "").strip() or _named(told, "denominator"),
                unit,
                numerator_measure=told.get("numerator_measure", ""),
                numerator_which=told.get("numerator_which", ""),
                denominator_measure=told.get("denominator_measure", ""),
                denominator_which=told.get("denominator_which", ""),
            )
            taken.add(base.key)
            try:
                target = parse_target(own["target"] or "", unit)
            except ValueError as mistake:
                self._fault(f"{METRIC}-{number}-target", str(mistake))
                target = None
            metric = replace(
                base,
                direction=own["direction"] or "up",
                target=target,
                minimum_sample=own["minimum_sample"] or 30,
                source_system=(own["source_system"] or "").strip(),
                dispute_rule=(own["dispute_rule"] or "").strip(),
            )
            found.append((number, metric))
        return found

    def written(self) -> BriefContent:
        """What was typed, as content. Call it on a valid form."""
        data = self.cleaned_data
        terms: dict[str, Any] = {}
        for term in TERMS:
            if term.shape is Shape.TEXT:
                terms[term.key] = lines_of(data[f"term-{term.key}"])
                continue
            terms[term.key] = {"words": lines_of(data[f"{term.key}-words"])}
            if term.shape is Shape.FIGURES:
                terms[term.key]["figures"] = self._figures(term)
            else:
                terms[term.key]["rows"] = [row for _, row in self._rows(term)]
        return BriefContent(terms, [metric for _, metric in self._metrics()])

    def _figures(self, term: Term) -> dict[str, Any]:
        found = {}
        for figure in term.figures:
            number = self.cleaned_data.get(f"{term.key}-{figure.key}")
            if number or self.cleaned_data.get(f"{term.key}-{figure.key}-none"):
                found[figure.key] = number or "none"
        return found

    def sections(self) -> list["TermFields"]:
        """The terms with their fields, in their order."""
        return [TermFields(self, term) for term in TERMS]

    def metrics(self) -> list["MetricFields"]:
        """Each metric with its fields."""
        return [MetricFields(self, number, row) for number, row in enumerate(self.typed.rows[METRIC])]

    def missing_metrics(self) -> list[MetricContract]:
        """The metrics counted from calls that the brief has not."""
        there = {row.get("key") for row in self.typed.rows[METRIC]}
        return [metric for metric in STANDARD_METRICS if metric.key not in there]


def _named(told: Mapping[str, str], side: str) -> str:
    """A side that was not named, by what it counts."""
    measure = told[f"{side}_measure"]
    text = measure_text(measure, told[f"{side}_which"]) if measure in Measure.values else ""
    return capital(text)[:120]


@dataclass(frozen=True, slots=True)
class TermFields:
    """One term in the form."""

    form: BriefForm
    term: Term

    @property
    def text(self) -> BoundField:
        """The text of a text term, the words of any other."""
        name = f"term-{self.term.key}" if self.term.shape is Shape.TEXT else f"{self.term.key}-words"
        return self.form[name]

    @property
    def figures(self) -> list[tuple[BoundField, BoundField]]:
        key = self.term.key
        return [(self.form[f"{key}-{f.key}"], self.form[f"{key}-{f.key}-none"]) for f in self.term.figures]

    @property
    def rows(self) -> list[list[tuple[str, BoundField]]]:
        """Each row as its fields, each with its kind."""
        key = self.term.key
        return [
            [(column.kind.value, self.form[f"{key}-{number}-{column.key}"]) for column in self.term.columns]
            for number in range(len(self.form.typed.rows.get(key, ())))
        ]

    @property
    def full(self) -> bool:
        return len(self.form.typed.rows.get(self.term.key, ())) >= self.term.most


@dataclass(frozen=True, slots=True)
class MetricFields:
    """One metric in the form; `standard` where Tollgate counts it from the calls."""

    form: BriefForm
    number: int
    row: Row

    @property
    def standard(self) -> MetricContract | None:
        return CALL_METRICS.get(self.row.get("key", ""))

    @property
    def counted(self) -> str:
        """What of the calls it counts, as it was typed; "" where it counts none or what was typed is none."""
        if self.row.get("numerator_measure") not in Measure.values:
            return ""
        sides = [
            measure_text(measure, self.row.get(f"{side}_which") or "")
            for side in ("numerator", "denominator")
            if (measure := self.row.get(f"{side}_measure")) in Measure.values
        ]
        return " ÷ ".join(sides)

    @property
    def title(self) -> str:
        return str(self.row.get("label") or "A metric of your own")

    @property
    def key(self) -> BoundField:
        return self.form[f"{METRIC}-{self.number}-key"]

    @property
    def fields(self) -> list[BoundField]:
        at = CONTRACT.index("unit") + 1
        order = [*CONTRACT[:at], *MEASURES, *(name for name in CONTRACT[at:] if name not in MEASURES)]
        names = [f"{METRIC}-{self.number}-{name}" for name in order if name != "key"]
        return [self.form[name] for name in names if name in self.form.fields]
