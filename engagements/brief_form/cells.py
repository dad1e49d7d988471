"""The cells of a brief: which field takes what is typed, and how it is kept."""

from typing import Any

from django import forms

from ..outcomes import Outcome
from ..terms import Column, Kind
from ..terms.checking import parse_region
from ..terms.hours import SHORT_DAYS, parse_spans


class SpansField(forms.CharField):
    """Takes "9:00–12:00, 13:00–20:00", gives pairs of minutes since midnight; empty gives none."""

    def clean(self, value: Any) -> list[list[int]]:
        try:
            return [list(span) for span in parse_spans(super().clean(value))]
        except ValueError as mistake:
            raise forms.ValidationError(str(mistake)) from mistake


class RegionField(forms.CharField):
    """Takes an ISO code, gives it in capitals."""

    def clean(self, value: Any) -> str:
        try:
            return parse_region(super().clean(value))
        except ValueError as mistake:
            raise forms.ValidationError(str(mistake)) from mistake


def lines_of(text: str) -> str:
    """A text of several lines as it is kept, whatever ends the lines."""
    return text.replace("\r\n", "\n").strip()


def kept(column: Column, value: Any) -> Any:
    """A cell as it is kept: weekdays as numbers, a text without needless blanks."""
    if column.kind is Kind.DAYS:
        return sorted({int(day) for day in value or () if str(day).isdecimal()})
    if column.kind is Kind.SPANS:
        return value if isinstance(value, list) else []
    return " ".join(str(value or "").split())


def column_field(column: Column) -> forms.Field:
    """The field that takes a cell of this column."""
    match column.kind:
        case Kind.DAYS:
            return forms.MultipleChoiceField(
                label=column.label,
                required=False,
                choices=[(str(day), name) for day, name in enumerate(SHORT_DAYS)],
                widget=forms.CheckboxSelectMultiple,
            )
        case Kind.SPANS:
            return SpansField(label=column.label, required=False, max_length=column.most)
        case Kind.REGION:
            return RegionField(label=column.label, required=False, max_length=column.most)
        case Kind.OUTCOME:
            choices = [("", "Choose…"), *((o.value, f"{o.label} ({o.stage.label})") for o in Outcome)]
            return forms.ChoiceField(label=column.label, required=False, choices=choices)
    return forms.CharField(label=column.label, required=False, max_length=column.most)
