"""Files of outcomes, closers' links, and what a closer writes by one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import salted_hmac

from common.forms import blame, date_input
from engagements.masking import OPEN, Mask
from engagements.stages import Stage
from kpis.imports.dates import DateOrder
from kpis.imports.reading import size
from kpis.selectors.closer_links import LinkedTransfer
from kpis.services.closer_links import LONGEST_LIFE
from kpis.services.outcomes import Told
from kpis.services.sheets import LARGEST

BAD_DATE = {"invalid": "Write the date as 2026-04-10."}
EVERYBODY = "*"
SAID = {"no_show": Stage.TRANSFER, "shown": Stage.SHOW, "closed": Stage.CLOSE}


class SheetForm(forms.Form):
    """One small file."""

    file = forms.FileField(
        label="File",
        error_messages={"required": "Choose a file first.", "empty": "The file is empty."},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > LARGEST:
            raise forms.ValidationError(
                f"The file has {size(file.size)}. The limit is {size(LARGEST)}: split it by month."
            )
        return file


class OutcomesFileForm(SheetForm):
    """A file of outcomes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = "File of outcomes"
        self.fields["file"].help_text = (
            "CSV with call_id, lead_id or phone; stage (show, close, no-show), or showed and closed with yes and no; "
            f"date; and amount where there is one. Up to {size(LARGEST)}."
        )


class TakeInForm(forms.Form):
    """How a file's dates are read, where it does not tell."""

    date_order = forms.ChoiceField(
        label="Dates such as 5/6/2026",
        required=False,
        choices=[("", "As the file's other dates tell"), *DateOrder.choices],
    )


def _code(name: str) -> str:
    return salted_hmac("kpis.closer", name, algorithm="sha256").hexdigest()[:16]


class LinkForm(forms.Form):
    """A link for a closer."""

    name = forms.CharField(
        label="Who the link is for",
        max_length=120,
        help_text="What is written by the link stands in this name.",
        error_messages={"required": "Say who the link is for."},
    )
    closer = forms.ChoiceField(
        label="Transfers", error_messages={"required": "Choose whose transfers the link shows."}
    )
    first = forms.DateField(label="First day", widget=date_input(), error_messages=BAD_DATE)
    last = forms.DateField(label="Last day", widget=date_input(), error_messages=BAD_DATE)
    days = forms.IntegerField(label="Works for so many days", min_value=1, max_value=LONGEST_LIFE, initial=14)

    def __init__(self, *args: Any, closers: Sequence[str] = (), mask: Mask = OPEN, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = "All of these days, whoever took them" if closers else "All of these days"
        # Not the name itself: a closer who is an agent, too, may be masked for the reader.
        self._closers = {_code(name): name for name in closers}
        self.fields["closer"].choices = [  # type: ignore[attr-defined]
            *((code, f"Those that {mask.text(name)} took") for code, name in self._closers.items()),
            (EVERYBODY, everybody),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            blame(self, "last", ["The last day lies before the first."])
        return cleaned

    @property
    def closer_name(self) -> str:
        """The closer as the calls name them; empty for everybody's transfers."""
        chosen: str = self.cleaned_data["closer"]
        return self._closers.get(chosen, "")


class ToldForm(forms.Form):
    """What became of one transfer; left alone, it says nothing."""

    said = forms.ChoiceField(
        label="What became of it",
        required=False,
        choices=[
            ("", "Not said yet"),
            ("no_show", "No-show"),
            ("shown", "Shown, not closed"),
            ("closed", "Closed"),
        ],
    )
    on = forms.DateField(label="When", required=False, widget=date_input(), error_messages=BAD_DATE)
    value = forms.DecimalField(
        label="Amount, if closed", required=False, min_value=0, max_digits=12, decimal_places=2
    )
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, transfer: LinkedTransfer, today: date) -> None:
        self.transfer, self.today = transfer, today
        self.chosen = ""  # what was said before somebody else's word came between
        names = {stage: name for name, stage in SAID.items()}
        shown = {
            "said": names.get(transfer.stage, "") if transfer.stage else "",
            "on": transfer.on,
            "value": transfer.value,
            "seen": transfer.told_id,
        }
        super().__init__(data, initial=shown, prefix=f"t{transfer.key}")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said, on, value = cleaned.get("said"), cleaned.get("on"), cleaned.get("value")
        if not said:
            if on or value is not None:
                blame(self, "said", ["Say what became of it, beside the date."])
            elif self.transfer.stage and not self.is_late:
                blame(self, "said", ["What was told before stays: choose what is true instead."])
            return cleaned
        if "on" not in self.errors:
            if on is None:
                blame(self, "on", ["Say on which day."])
            elif not self.transfer.day <= on <= self.today:
                blame(self, "on", ["The day lies between the call and today."])
        if value is not None and said != "closed":
            blame(self, "value", ["Only what was closed has an amount."])
        return cleaned

    def once_more(self) -> "ToldForm":
        """The form for the next try: as it was typed, or as it stands where somebody has told of it meanwhile.

        Then `chosen` is what was said here.
        """
        self.is_valid()
        if not self.is_late:
            return self
        again = ToldForm(transfer=self.transfer, today=self.today)
        again.chosen = str(dict(self.fields["said"].choices).get(self.cleaned_data.get("said") or "", ""))  # type: ignore[attr-defined]
        return again

    @property
    def is_late(self) -> bool:
        """Whether somebody has told of the transfer since the page of this form was made."""
        return (self.cleaned_data.get("seen") or 0) != self.transfer.told_id

    def told(self) -> Told | None:
        """The statement, where the form says something else than what stands."""
        data = self.cleaned_data
        if not data.get("said"):
            return None
        told = Told(
            self.transfer.key, SAID[data["said"]], data["on"], data.get("value"), data.get("seen") or 0
        )
        stands = (self.transfer.stage, self.transfer.on, self.transfer.value)
        return None if (told.stage, told.on, told.value) == stands else told
