"""Which column of an unknown file is what."""

from typing import Any

from django import forms

from common import zones
from kpis.imports.dates import DateOrder
from kpis.imports.layout import Layout
from kpis.imports.mapping import FIELDS, REQUIRED
from kpis.imports.presets import column_name
from kpis.models import DurationUnit

# Names under which dialers write a field; only what the selects show at first.
USUAL = {
    "called_at": "called_at call_date calldate date datetime date_time start start_time timestamp logdate started_at",
    "called_time": "time call_time_of_day logtime start_time_of_day",
    "code": "disposition status result outcome call_result call_status code",
    "call_id": "call_id callid id uniqueid uuid session_id interaction_id",
    "lead_ref": "lead_id leadid lead contact_id systemcontactid record_id",
    "phone": "phone phone_number number dialled dialledtonumber to number_dialed destination",
    "agent": "agent agent_id user user_id agentname rep",
    "agent_name": "agent_name user_name full_name",
    "closer": "closer transferred_to",
    "duration": "duration call_length call_duration length duration_s seconds length_in_sec",
    "talk": "talk_time talk",
    "wrap": "wrap_time acw after_call_work wrapup_time",
    "direction": "direction call_direction call_type",
    "lead_source": "lead_source source list list_name list_id source_id",
    "lead_created": "lead_created lead_created_at entry_date created_at",
    "region": "state region province",
    "postal_code": "postal_code zip zip_code postcode",
    "attempt": "attempt attempts called_count",
    "recording": "recording recording_url recording_location",
}


class MappingForm(forms.Form):
    """One select per field, over the columns of the file with what the first row holds."""

    name = forms.CharField(
        label="Name of this form of file",
        max_length=80,
        help_text="The next file with the same header is recognised by it.",
        error_messages={"required": "Give this form of file a name."},
    )
    source_zone = forms.ChoiceField(
        label="Its times are written in",
        error_messages={"required": "Say in which time zone the file's times are written."},
    )
    date_order = forms.ChoiceField(
        label="Dates such as 5/6/2026",
        required=False,
        choices=[("", "As the file's other dates tell"), *DateOrder.choices],
    )
    unit = forms.ChoiceField(label="Durations are in", choices=DurationUnit.choices)
    headless = forms.BooleanField(label="The first line is a call already, not a header", required=False)

    def __init__(self, *args: Any, layout: Layout, usual_zones: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = layout.sample[0] if layout.sample else []
        shown = [*first, *[""] * len(layout.header)]
        columns = [
            (str(place), ": ".join(filter(None, (name or f"Column {place + 1}", shown[place]))))
            for place, name in enumerate(layout.header)
        ]
        names = [column_name(cell) for cell in layout.header]
        for field, label in FIELDS.items():
            needed = field in REQUIRED
            self.fields[field] = forms.ChoiceField(
                label=label,
                required=needed,
                choices=[("", "Choose…" if needed else "Not in this file"), *columns],
                error_messages={"required": f"Choose the column for “{label}”."},
            )
            usual = (str(names.index(name)) for name in USUAL.get(field, "").split() if name in names)
            self.initial.setdefault(field, next(usual, ""))
        usual_first = [(zone, zones.label(zone)) for zone in dict.fromkeys(usual_zones) if zone]
        self.fields["source_zone"].choices = [("Usual", usual_first), *zones.choices()]  # type: ignore[attr-defined]
        self.order_fields(["name", *FIELDS, "headless", "source_zone", "date_order", "unit"])

    @property
    def columns(self) -> dict[str, int]:
        """The place of each field that the file has."""
        return {field: int(self.cleaned_data[field]) for field in FIELDS if self.cleaned_data.get(field)}
