"""What people bring as evidence, on every page that asks for some."""

from django import forms
from django.core.validators import URLValidator

from common.names import validate_words
from common.uploads import ACCEPT, MAX_BYTES
from engagements.services.proofs import Proof


class ProofForm(forms.Form):
    """Any of a sentence, a link and a file."""

    text = forms.CharField(
        label="What proves it",
        max_length=4000,
        required=False,
        validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    url = forms.CharField(
        label="Link",
        max_length=500,
        required=False,
        validators=[
            URLValidator(schemes=["http", "https"], message="This is not a web address, such as https://…")
        ],
        widget=forms.URLInput(),
    )
    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        max_length=200,
        help_text=f"PDF, picture, recording, table or document, up to {MAX_BYTES // 1024**2} MB.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def proof(self) -> Proof:
        """What was brought, once the form is valid."""
        data = self.cleaned_data
        return Proof(text=data["text"], url=data["url"], file=data["file"])
