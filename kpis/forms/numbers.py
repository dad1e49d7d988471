"""Which numbers to show: a period, and the metric that the charts draw. Read from the address."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from common.forms import date_input
from kpis import periods
from kpis.funnel import Metric


class PeriodForm(forms.Form):
    """`period` is one of kpis.periods.CHOICES; `first` and `last` count only for dates of one's own choice."""

    period = forms.ChoiceField(
        label="Period",
        choices=periods.CHOICES,
        required=False,
        error_messages={"invalid_choice": "Choose one of the periods in the list."},
    )
    first = forms.DateField(
        label="First day",
        required=False,
        widget=date_input(),
        error_messages={"invalid": "Write the date as 2026-03-12."},
    )
    last = forms.DateField(
        label="Last day",
        required=False,
        widget=date_input(),
        error_messages={"invalid": "Write the date as 2026-03-12."},
    )
    metric = forms.ChoiceField(
        label="Metric in the charts",
        required=False,
        error_messages={"invalid_choice": "Choose one of the metrics in the list."},
    )

    def __init__(self, data: Mapping[str, Any], *, metrics: Sequence[Metric]) -> None:
        super().__init__(data)
        choices = [("", "The weakest"), *((metric.key, metric.label) for metric in metrics)]
        self.fields["metric"].choices = choices  # type: ignore[attr-defined]  # it is the ChoiceField above

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["period"] = cleaned.get("period") or periods.ALL
        if cleaned["period"] == periods.CUSTOM and not {"first", "last"} & set(self.errors):
            for reason in periods.period_gaps(cleaned.get("first"), cleaned.get("last")):
                self.add_error("last" if cleaned.get("first") else "first", reason)
        return cleaned
