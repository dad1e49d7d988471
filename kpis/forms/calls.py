"""What people enter on the calls pages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from common import zones
from engagements.outcomes import Outcome
from kpis.imports.dates import DateOrder
from kpis.imports.presets import PRESETS, Preset
from kpis.imports.reading import MAX_PACKED, size
from kpis.models import SheetKind


class UploadForm(forms.Form):
    file = forms.FileField(
        label="File",
        help_text=(
            "The dialer's export as it comes: text with commas, tabs, pipes or semicolons, also packed with gzip. "
            f"Twelve dialers are recognised; of any other file you say what its columns are. Up to {size(MAX_PACKED)}."
        ),
        error_messages={"required": "Choose a file first.", "empty": "The file is empty."},
    )

    kind = forms.ChoiceField(
        label="It holds",
        required=False,
        choices=[
            ("", "What its header tells"),
            ("calls", "Calls"),
            *SheetKind.choices,
        ],
        help_text="Outcomes of transfers, rosters, end-of-day totals, QA reviews and agent hours go in here too.",
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > MAX_PACKED:
            raise forms.ValidationError(
                f"The file has {size(file.size)}. The limit is {size(MAX_PACKED)}: split it by month."
            )
        return file


class StartForm(forms.Form):
    preset = forms.ChoiceField(
        label="This file is", error_messages={"required": "Say which export this file is."}
    )
    source_zone = forms.ChoiceField(
        label="Its times are written in",
        help_text="The time zone of the dialer's server or account. Times with an offset of their own keep it.",
        error_messages={"required": "Say in which time zone the file's times are written."},
    )

    date_order = forms.ChoiceField(
        label="Dates such as 5/6/2026",
        help_text="Needed only where no date of the file tells. Dates that begin with the year need nothing.",
        required=False,
        choices=[("", "As the file's other dates tell"), *DateOrder.choices],
    )

    def __init__(
        self,
        *args: Any,
        usual_zones: tuple[str, ...] = (),
        known: Mapping[str, Preset] = PRESETS,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        presets = [("", "Choose…"), *((name, preset.label) for name, preset in known.items())]
        self.fields["preset"].choices = presets  # type: ignore[attr-defined]  # a ChoiceField, see above
        usual = [zone for zone in dict.fromkeys(usual_zones) if zone]
        offered = [("Usual", [(zone, zones.label(zone)) for zone in usual]), *zones.choices()]
        self.fields["source_zone"].choices = offered  # type: ignore[attr-defined]


class MeaningForm(forms.Form):
    system = forms.CharField(max_length=20)
    code = forms.CharField(max_length=40)
    outcome = forms.ChoiceField(
        choices=Outcome.choices,
        error_messages={
            "required": "Choose what the code means.",
            "invalid_choice": "Choose what the code means.",
        },
    )
