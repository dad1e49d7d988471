"""Parts that the forms of several apps share."""

from collections.abc import Iterable

from django import forms


def date_input() -> forms.DateInput:
    """The browser's own date field; it needs the value as the standard writes it, whatever the language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def blame(form: forms.BaseForm, field: str, reasons: Iterable[str]) -> None:
    """Put a rule's reasons beside the field, unless that has an error of its own already."""
    if field not in form.errors:
        for reason in reasons:
            form.add_error(field, reason)
