"""What people type about the script."""

from typing import Any

from django import forms

from common.names import validate_words
from common.uploads import ACCEPT, MAX_BYTES

TEXT_LENGTH = 50_000


class ScriptForm(forms.Form):
    """The words of a version, its file, and whether agents are certified again on it."""

    text = forms.CharField(
        label="Script", max_length=TEXT_LENGTH, validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="What agents say: opening, questions, objections, compliance language, steps of the transfer.",
    )  # fmt: skip
    file = forms.FileField(
        label="File", required=False, allow_empty_file=True, max_length=200,
        help_text=f"The script as a document, where there is one; up to {MAX_BYTES // 1024**2} MB.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip
    recertify = forms.TypedChoiceField(
        label="Agents are certified again",
        choices=[("yes", "Yes: what agents say or do changes"), ("no", "No: a change of wording only")],
        initial="yes", widget=forms.RadioSelect, coerce=lambda value: value != "no", empty_value="yes",
    )  # fmt: skip
    recertify_reason = forms.CharField(
        label="Why it is wording only", max_length=300, required=False,
        help_text="The client reads it with the script, and decides too.",
    )  # fmt: skip

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:  # nobody was certified before: there is nothing to ask
            del self.fields["recertify"], self.fields["recertify_reason"]


class ReturnForm(forms.Form):
    """What the client wants changed."""

    note = forms.CharField(
        label="What should change", max_length=4000, validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
