"""The end-of-day totals of one day, and a file of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from common.forms import date_input
from kpis.models import MetricTotal
from kpis.totals import OwnMetric, Total, whole

LARGEST_FILE = 1_000_000  # bytes


class WholeField(forms.CharField):
    """A whole number as people write it: "2,140"."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=widget, **kwargs)

    def clean(self, value: Any) -> int | None:
        """The number; None where nothing was written."""
        text = super().clean(value)
        if not text:
            return None
        number = whole(text)
        if number is None:
            raise forms.ValidationError("Write a whole number such as 2140.")
        return number


class TotalsForm(forms.Form):
    """One day: what each metric of the brief that is counted by hand came to. Left empty: no data for that day."""

    day = forms.DateField(
        label="Day", widget=date_input(), error_messages={"invalid": "Write a date such as 2026-03-15."}
    )
    filled = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        metrics: Sequence[OwnMetric],
        day: date | None = None,
        entered: Mapping[str, MetricTotal] | None = None,
    ) -> None:
        known = {key: row for key, row in (entered or {}).items() if row.numerator is not None}
        initial: dict[str, Any] = {"day": day, "filled": " ".join(known)}
        for key, row in known.items():
            initial |= {f"above_{key}": row.numerator, f"below_{key}": row.denominator}
        super().__init__(data, initial=initial)
        self.metrics = list(metrics)
        for metric in self.metrics:
            figure = metric.numerator if metric.denominator else f"{metric.label}: {metric.numerator}"
            self.fields[f"above_{metric.key}"] = WholeField(label=figure)
            if metric.denominator:
                self.fields[f"below_{metric.key}"] = WholeField(label=metric.denominator)

    @property
    def rows(self) -> list[tuple[OwnMetric, list[forms.BoundField]]]:
        """The fields of each metric."""
        return [
            (metric, [self[name] for name in _names(metric) if name in self.fields])
            for metric in self.metrics
        ]

    def clean(self) -> dict[str, Any]:
        """Both sides of a metric are given, or neither."""
        data: dict[str, Any] = super().clean() or {}
        for metric in self.metrics:
            names = [name for name in _names(metric) if name in self.fields]
            given = [name for name in names if data.get(name) is not None]
            if given and len(given) < len(names) and not any(name in self.errors for name in names):
                missing = next(name for name in names if name not in given)
                self.add_error(missing, "Give both figures, or leave both empty.")
        return data

    def totals(self) -> list[Total]:
        """What was entered. Call it on a valid form."""
        day = self.cleaned_data["day"]
        return [
            Total(
                metric.key,
                day,
                self.cleaned_data[f"above_{metric.key}"],
                self.cleaned_data.get(f"below_{metric.key}", 1),
            )
            for metric in self.metrics
            if self.cleaned_data.get(f"above_{metric.key}") is not None
        ]

    def taken_back(self) -> list[tuple[str, date]]:
        """What the form showed and somebody emptied. Call it on a valid form."""
        given = {total.key for total in self.totals()}
        shown = set(self.cleaned_data["filled"].split()) & {metric.key for metric in self.metrics}
        return [(key, self.cleaned_data["day"]) for key in sorted(shown - given)]


def _names(metric: OwnMetric) -> tuple[str, str]:
    return f"above_{metric.key}", f"below_{metric.key}"


class TotalsFileForm(forms.Form):
    """A CSV file of totals."""

    file = forms.FileField(
        label="CSV file",
        help_text="Columns day, metric, numerator, denominator; a day as 2026-03-12, a metric as the brief names it.",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 1 MB.")
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError("This is no text in UTF-8: save it as CSV UTF-8.") from error
        if "\0" in text:
            raise forms.ValidationError("This is no text: save it as CSV.")
        return text
