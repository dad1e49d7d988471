"""What people type on the pages of the reports."""

import hashlib
import re
from datetime import time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from common.days import WEEKDAYS
from common.wording import WEEKDAY_NAMES
from engagements.models import PaperSize
from reports.evenings import EVENINGS
from reports.models import Cadence

MAX_BYTES = 30 * 1024 * 1024
LAST_CALLING_DAY = "The last calling day of the week"
_HASH = re.compile(r"[0-9a-f]{12,64}")


class HashForm(forms.Form):
    """A hash as text, or the file itself."""

    digest = forms.CharField(
        label="Check code, or its first digits",
        required=False,
        max_length=80,
        help_text="At least 12 digits",
    )
    file = forms.FileField(label="Or the PDF itself", required=False)

    def clean_digest(self) -> str:
        """The digits in lower case, without white space."""
        digest = "".join(self.cleaned_data["digest"].lower().split())
        if digest and not _HASH.fullmatch(digest):
            raise forms.ValidationError("A check code has 12 to 64 digits, each 0 to 9 or a to f.")
        return digest

    def clean_file(self) -> UploadedFile | None:
        """The file, unless it is too large to be one of ours."""
        file: UploadedFile | None = self.cleaned_data["file"]
        if file and (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError("The file is larger than 30 MB; no report is.")
        return file

    def clean(self) -> dict[str, object]:
        """Ask for exactly one of the two."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("digest")) == bool(cleaned.get("file")):
            raise forms.ValidationError("Give the check code or the file, one of the two.")
        return cleaned

    def asked(self) -> str:
        """The hash to look for: as typed, or that of the file."""
        file = self.cleaned_data.get("file")
        if not file:
            return str(self.cleaned_data["digest"])
        counted = hashlib.sha256()
        for chunk in file.chunks():
            counted.update(chunk)
        return counted.hexdigest()


class PaperForm(forms.Form):
    """What the reports are printed on; the first choice names what is usual where the campaign runs."""

    size = forms.ChoiceField(label="Paper of new versions", required=False)

    def __init__(self, *args: Any, usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size = self.fields["size"]
        if isinstance(size, forms.ChoiceField):
            size.choices = [("", f"As is usual there: {PaperSize(usual).label}"), *PaperSize.choices]


class SubscriptionForm(forms.Form):
    """How often somebody wants the reports of one engagement by mail."""

    cadence = forms.ChoiceField(
        label="How often",
        choices=[("", "Not at all"), *Cadence.choices],
        required=False,
        widget=forms.RadioSelect,
    )


class TimesForm(forms.Form):
    """The hour of the engagement's evening, in its own zone, and the weekday of the week's summary."""

    at = forms.ChoiceField(label="Time", choices=[(f"{at:%H:%M}", f"{at:%H:%M}") for at in EVENINGS])
    weekly_on = forms.TypedChoiceField(
        label="The week's summary on",
        choices=[("", LAST_CALLING_DAY), *((str(day), WEEKDAY_NAMES[day - 1]) for day in WEEKDAYS)],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="It tells of the seven days up to this one. After a change it tells of the days since the last.",
    )

    def at_time(self) -> time:
        """The time that was chosen."""
        return time.fromisoformat(self.cleaned_data["at"])
