"""Parts that the forms of several apps share."""

from collections.abc import Callable, Iterable

from django import forms

from common.errors import Refused


def date_input() -> forms.DateInput:
    """The browser's own date field; it needs the value as the standard writes it, whatever the language."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def blame(form: forms.BaseForm, field: str, reasons: Iterable[str]) -> None:
    """Put a rule's reasons beside the field, unless that has an error of its own already."""
    if field not in form.errors:
        for reason in reasons:
            form.add_error(field, reason)


def taken(form: forms.BaseForm, write: Callable[[], object], blame: str | None = None) -> bool:
    """Whether a form was right and the service took it; what that refused stands on the form, beside field `blame`."""
    if not form.is_valid():
        return False
    try:
        write()
    except Refused as refusal:
        form.add_error(blame, refusal.reasons)
        return False
    return True


def written[T](form: forms.BaseForm, write: Callable[[], T], blame: str | None = None) -> T | None:
    """What the service made of a form; None where that was wrong or refused, which then stands on the form."""
    made: list[T] = []
    return made[0] if taken(form, lambda: made.append(write()), blame) else None
