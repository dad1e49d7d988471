"""What an administrator types about the organisation's own look."""

from django import forms

from common.brand import parse_colour
from common.errors import Refused
from common.pictures import MAX_BYTES, as_logo


class BrandForm(forms.Form):
    """A colour and a logo; both may be left out."""

    colour = forms.CharField(
        label="Colour", max_length=20, required=False,
        widget=forms.TextInput(attrs={"placeholder": "#0a5fb4", "autocomplete": "off", "spellcheck": "false"}),
        help_text="As # and six hexadecimal digits. Leave it empty for Tollgate’s own blue.",
    )  # fmt: skip
    logo = forms.FileField(
        label="Logo", required=False, widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text="A PNG or JPEG picture of at most 1 MB, best wider than high. It is shown up to 480 × 160 pixels.",
    )  # fmt: skip
    without_logo = forms.BooleanField(label="Take the logo away", required=False)

    def clean_colour(self) -> str:
        text: str = self.cleaned_data["colour"].strip()
        colour = parse_colour(text) if text else ""
        if colour is None:
            raise forms.ValidationError(
                f"“{text}” is no colour: it is written as # and six hexadecimal digits, such as #0a5fb4."
            )
        return colour

    def clean_logo(self) -> bytes | None:
        """The file's bytes, once they have been seen to be a logo."""
        file = self.cleaned_data["logo"]
        if not file:
            return None
        content: bytes = file.read(MAX_BYTES + 1)
        try:
            as_logo(content)
        except Refused as refusal:
            raise forms.ValidationError(refusal.reasons) from refusal
        return content
