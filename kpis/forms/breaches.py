"""What people enter about breaches."""

from uuid import UUID

from django import forms

from common.forms import date_input
from common.names import validate_words


class ChosenForm(forms.Form):
    """Some days of the list, ticked."""

    chosen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_chosen(self) -> list[UUID]:
        """The ids that were ticked."""
        try:
            return [UUID(text) for text in self.data.getlist("chosen")]  # type: ignore[attr-defined]
        except ValueError:
            raise forms.ValidationError("Tick at least one day of the list.") from None

    def chosen_errors(self) -> list[str]:
        """What is wrong with the ticks, which stand in no field of their own."""
        return [str(error) for error in self.errors.get("chosen", [])]


class AnswerBreachForm(ChosenForm):
    """How it came about, what was done, and when."""

    cause = forms.CharField(
        label="How it came about",
        max_length=2000,
        validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    action = forms.CharField(
        label="What was done about it", max_length=2000, validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    done_on = forms.DateField(
        label="Done on", widget=date_input(),
        error_messages={"invalid": "Write the date as 2026-04-10."},
    )  # fmt: skip


class SettleBreachForm(ChosenForm):
    """Accepted, or sent back with the reason."""

    accepted = forms.TypedChoiceField(
        label="The answer is", choices=[("yes", "Accepted"), ("no", "Sent back")], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    note = forms.CharField(
        label="Note", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why it is not enough, when you send it back.",
    )  # fmt: skip
