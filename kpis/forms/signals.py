"""What the signals pages are asked for: a metric, two periods, two segments. Read from the address."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from common.forms import date_input
from engagements.stages import Stage
from kpis import periods
from kpis.funnel import Metric

LEAVE_OUT, COUNT_IN = "leave-out", "count-in"
IN_DIALS = "dials"


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=date_input(),
        error_messages={"invalid": "Write the date as 2026-03-12."},
    )


def _metric_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Metric",
        required=False,
        error_messages={"invalid_choice": "Choose one of the metrics in the list."},
    )


def _choose(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField


class SignalsForm(forms.Form):
    """Which rate the charts draw, and whether calibration days count."""

    metric = _metric_field()
    calibration = forms.ChoiceField(
        label="Calibration days 11–30",
        choices=((LEAVE_OUT, "Left out of the base"), (COUNT_IN, "Count like the others")),
        required=False,
        error_messages={"invalid_choice": "Choose one of the two."},
    )

    def __init__(self, data: Mapping[str, Any], *, metrics: Sequence[Metric]) -> None:
        super().__init__(data)
        _choose(self, "metric", [(one.key, one.label) for one in metrics if one.from_calls])


class TwoPeriodsForm(forms.Form):
    """Two periods; both or none of the dates of each."""

    before_first = _day("Before: first day")
    before_last = _day("Before: last day")
    after_first = _day("After: first day")
    after_last = _day("After: last day")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("before", "after"):
            first, last = cleaned.get(f"{name}_first"), cleaned.get(f"{name}_last")
            if (first or last) and not {f"{name}_first", f"{name}_last"} & set(self.errors):
                for reason in periods.period_gaps(first, last):
                    self.add_error(f"{name}_last" if first else f"{name}_first", reason)
        return cleaned

    def period(self, name: str, otherwise: tuple[date, date]) -> tuple[date, date]:
        """The dates given, else the usual ones."""
        first, last = self.cleaned_data.get(f"{name}_first"), self.cleaned_data.get(f"{name}_last")
        return (first, last) if first and last and not self.errors else otherwise


class MovedForm(TwoPeriodsForm):
    """Two periods and what the cost is counted per."""

    outcome = forms.ChoiceField(
        label="Cost of one",
        choices=(
            ("", "The deepest stage known in both"),
            *((stage.key, stage.label) for stage in reversed(Stage) if stage.before is not None),
        ),
        required=False,
        error_messages={"invalid_choice": "Choose one of the stages in the list."},
    )
    unit = forms.ChoiceField(
        label="Counted in",
        choices=(("", "Money, where prices held"), (IN_DIALS, "Dials")),
        required=False,
        error_messages={"invalid_choice": "Choose one of the two."},
    )


class CompareForm(TwoPeriodsForm):
    """Two periods, each with a segment: all calls, a source, an agent, a weekday or an hour."""

    before_segment = forms.ChoiceField(
        label="First: calls of",
        required=False,
        error_messages={"invalid_choice": "Choose one of the list."},
    )
    after_segment = forms.ChoiceField(
        label="Second: calls of", required=False, error_messages={"invalid_choice": "Choose one of the list."}
    )

    def __init__(
        self, data: Mapping[str, Any], *, segments: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    ) -> None:
        super().__init__(data)
        for name in ("before_segment", "after_segment"):
            _choose(self, name, [("", "All calls"), *segments])  # type: ignore[list-item]
        for side, called in (("before", "First"), ("after", "Second")):
            self.fields[f"{side}_first"].label = f"{called}: from"
            self.fields[f"{side}_last"].label = f"{called}: until"
        self.order_fields(self._order())

    def _order(self) -> list[str]:
        return [f"{side}_{part}" for side in ("before", "after") for part in ("segment", "first", "last")]

    def __iter__(self) -> Iterator[Any]:
        return iter([self[name] for name in self._order()])


class HoursForm(forms.Form):
    """Which days, and which rate the map draws."""

    metric = _metric_field()
    first = _day("First day")
    last = _day("Last day")

    def __init__(self, data: Mapping[str, Any], *, metrics: Sequence[Metric]) -> None:
        super().__init__(data)
        _choose(self, "metric", [(one.key, one.label) for one in metrics if one.from_calls])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if (first or last) and not {"first", "last"} & set(self.errors):
            for reason in periods.period_gaps(first, last):
                self.add_error("last" if first else "first", reason)
        return cleaned

    def period(self, otherwise: tuple[date, date]) -> tuple[date, date]:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        return (first, last) if first and last and not self.errors else otherwise
