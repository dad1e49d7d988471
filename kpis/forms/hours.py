"""What is asked of a file of agent hours, where it does not tell."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from common.forms import date_input
from kpis.forms.outcomes import TakeInForm
from kpis.sheets.hours import COLUMNS, UNITS

LABELS = {"date": "The day stands in", "agent": "The agent stands in", "hours": "The hours stand in"}


class TakeInHoursForm(TakeInForm):
    """The days of a report that does not say them, the columns of a file that is no report, and what is left out."""

    first = forms.DateField(label="First day of the report", required=False, widget=date_input())
    last = forms.DateField(label="Last day of the report", required=False, widget=date_input())
    unit = forms.ChoiceField(
        label="Plain numbers are",
        required=False,
        choices=[("", "What the column's name says, else hours"), *((unit, unit) for unit in UNITS)],
    )
    leave_out = forms.BooleanField(
        label="Leave out agents who are not known here",
        required=False,
        help_text="Their hours then count nowhere; the file's page keeps who they were.",
    )

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        columns: Sequence[str] = (),
        usual: Mapping[str, str] | None = None,
        says_days: bool = True,
    ) -> None:
        told = dict(data.items())
        for what in COLUMNS:
            told.setdefault(f"{what}_column", (usual or {}).get(what, ""))
        super().__init__(told)
        if says_days:
            del self.fields["first"], self.fields["last"]
        if not columns:
            del self.fields["unit"]
            return
        choices = [("", "Choose…"), *((name, name) for name in dict.fromkeys(columns) if name)]
        for what, label in LABELS.items():
            self.fields[f"{what}_column"] = forms.ChoiceField(label=label, required=False, choices=choices)
        self.order_fields([*(f"{what}_column" for what in LABELS), "unit", "date_order", "leave_out"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last", "The last day lies before the first.")
        return cleaned
