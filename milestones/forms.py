"""What people type on the pages of plans, checks and gates."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from accounts.roles import in_a_sentence
from common import clock
from common.forms import date_input
from common.names import validate_words
from common.wording import count_text
from engagements.models import Engagement, Participant
from engagements.proof_form import ProofForm
from kpis.models import CauseSide, Import
from milestones.models import Milestone
from milestones.rules.setup import LIVE_DAYS, live_day_blockers
from milestones.services.evidence import DatedProof


class ImportField(forms.ModelChoiceField):
    """A finished import, by its file and rows."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.file_name}: {count_text(obj.accepted)} rows"


class DatedProofForm(ProofForm):
    """Evidence that may also be imported rows, and that may hold from a day on and until a day."""

    rows = ImportField(
        label="Imported rows", queryset=Import.objects.none(), to_field_name="public_id", required=False,
        empty_label="none",
    )  # fmt: skip
    effective_on = forms.DateField(
        label="Holds from",
        required=False,
        widget=date_input(),
        error_messages={"invalid": "Write a date such as 2026-03-15."},
    )
    expires_on = forms.DateField(
        label="Expires on",
        required=False,
        help_text="From this day on it has to be proved again. Leave it empty where nothing expires.",
        widget=date_input(),
        error_messages={"invalid": "Write a date such as 2026-03-15."},
    )

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement = engagement
        rows = self.fields["rows"]
        finished = Import.objects.filter(engagement=engagement, finished_at__isnull=False)
        if isinstance(rows, ImportField):
            rows.queryset = finished
        if not finished.exists():
            del self.fields["rows"]

    def proof(self) -> DatedProof:
        """What was brought, once the form is valid."""
        data = self.cleaned_data
        return DatedProof(
            text=data["text"], url=data["url"], file=data["file"], rows=data.get("rows"),
            effective_on=data["effective_on"], expires_on=data["expires_on"],
        )  # fmt: skip


class CompletionForm(DatedProofForm):
    """The evidence that completes a milestone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "expires_on"
        ].help_text = (
            "Shown beside the evidence. The milestone stays done; a readiness check would be open again."
        )


class LineForm(forms.Form):
    """A transfer line."""

    name = forms.CharField(label="Name", max_length=80, help_text="Such as: closers east")
    number = forms.CharField(label="Number or queue", max_length=80)
    team = forms.CharField(label="Who answers", max_length=120, help_text="The closers or their team")
    hours = forms.CharField(label="Hours", max_length=200, required=False)


def yes_no(label: str) -> forms.TypedChoiceField:
    """A question that has to be answered either way."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )


class LineTestForm(DatedProofForm):
    """One test call on a line; the sentence is what was heard."""

    connected = yes_no("Did it connect?")
    briefed = yes_no("Did the closer know who was handed over, and why?")
    answered_by = forms.CharField(label="Who answered", max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["connected", "briefed", "answered_by", "text", "url", "file"])
        self.fields["text"].label = "What was heard"
        self.fields["text"].help_text = "For a failed test: what failed. It stays here beside the re-test."


class LeadForm(DatedProofForm):
    """One real lead with its path and its outcome."""

    day = forms.TypedChoiceField(label="Day", choices=[(day, f"Day {day}") for day in LIVE_DAYS], coerce=int)
    lead = forms.CharField(
        label="Lead",
        max_length=80,
        help_text="Its number in the CRM. Of a telephone number the last four digits are kept.",
    )
    source = forms.CharField(label="Lead source", max_length=120)
    steps = forms.CharField(
        label="Path through the systems",
        help_text="One step a line: where it came in, what each system did, where it ended.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=3000,
    )
    crm_record = yes_no("Did the CRM have the right record?")
    transfer_reached = forms.TypedChoiceField(
        label="Did the transfer reach a closer?",
        choices=[("yes", "Yes"), ("no", "No"), ("none", "No transfer belongs to this path")],
        coerce=lambda value: {"yes": True, "no": False}.get(value),
        empty_value=None,
        widget=forms.RadioSelect,
    )
    written_back = yes_no("Was the disposition written back to the lead?")
    outcome = forms.CharField(label="What came out", max_length=200)
    reached = yes_no("Is that what was meant to come out?")

    def __init__(self, *args: Any, sources: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sources:
            self.fields["source"] = forms.ChoiceField(
                label="Lead source",
                choices=[(name, name) for name in sources],
                help_text="As the brief names them",
            )
        self.order_fields(
            [
                "day",
                "lead",
                "source",
                "steps",
                "crm_record",
                "transfer_reached",
                "written_back",
                "outcome",
                "reached",
            ]
        )
        self.fields["text"].label = "Note"
        self.fields["text"].help_text = "For a lead that did not go through: what failed."

    def clean_day(self) -> int:
        """The day, once it has come."""
        day = int(self.cleaned_data["day"])
        if reasons := live_day_blockers(day, self.engagement.calendar, clock.today(self.engagement.zone)):
            raise forms.ValidationError(reasons)
        return day


class ResultForm(DatedProofForm):
    """The result of one test; the sentence is what was seen."""

    result = forms.ChoiceField(
        label="Result", choices=[("passed", "Passed"), ("failed", "Failed")], widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["result", "text", "url", "file"])
        self.fields["text"].label = "What was seen"
        self.fields[
            "text"
        ].help_text = "For a failed test: what failed. It stays on this page after the re-test."


class LaunchForm(forms.Form):
    """A new launch date, why, and whose side the delay was on."""

    launch = forms.DateField(
        label="New launch date",
        widget=date_input(),
        error_messages={"invalid": "Write a date such as 2026-03-15."},
    )
    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    side = forms.ChoiceField(label="Whose side was it on", choices=CauseSide.choices)


class DateForm(forms.Form):
    """Another date for a locked item, why, and whose side the delay is on."""

    to_on = forms.DateField(
        label="New date",
        widget=date_input(),
        error_messages={"invalid": "Write a date such as 2026-03-15."},
    )
    reason = forms.CharField(
        label="Reason", max_length=500, validators=[validate_words], widget=forms.Textarea(attrs={"rows": 2})
    )
    side = forms.ChoiceField(label="Whose side is it on", choices=CauseSide.choices)


class DeclineForm(forms.Form):
    """Why a proposed date is declined, or the reason of a moved launch contested."""

    answer_reason = forms.CharField(
        label="Why", max_length=500, validators=[validate_words], widget=forms.Textarea(attrs={"rows": 2})
    )


class ReopenForm(forms.Form):
    """Why a completed milestone is open again."""

    reopen_reason = forms.CharField(
        label="Why it is open again",
        max_length=500,
        validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PersonField(forms.ModelChoiceField):
    """A participant by name and role."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({in_a_sentence(obj.get_role_display())})"


class MilestoneForm(forms.Form):
    """Another owner or day for a milestone; once the timeline is locked, only another owner of the same role."""

    owner = PersonField(
        label="Owner", queryset=Participant.objects.none(), to_field_name="public_id", required=False,
        empty_label="nobody yet",
    )  # fmt: skip
    start = forms.IntegerField(label="Starts on day", min_value=1, max_value=90)
    day = forms.IntegerField(label="Due on day", min_value=1, max_value=90)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        engagement: Engagement,
        milestone: Milestone,
        locked: bool = False,
    ) -> None:
        initial = {
            "owner": milestone.owner.public_id if milestone.owner else None,
            "start": milestone.start_day,
            "day": milestone.day,
        }
        super().__init__(data, initial=initial)
        people = Participant.objects.filter(engagement=engagement, side=milestone.side, ended_at=None)
        if locked:
            people = people.filter(role=milestone.owner_role)
            for name in ("start", "day"):
                self.fields[name].disabled = True
        owner = self.fields["owner"]
        if isinstance(owner, PersonField):
            owner.queryset = people
            owner.required = locked or milestone.owner is not None
        # Nobody else of the role: nothing can be handed over.
        self.useful = not locked or people.exclude(pk=milestone.owner_id or 0).exists()


class ReasonForm(forms.Form):
    """Why a signer declines or sends back, with the hash of the document that was read."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Reason", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class HoldForm(forms.Form):
    """Until when a gate is paused, and why."""

    until = forms.DateField(
        label="Until",
        help_text="On this day the pause ends by itself.",
        widget=date_input(),
        error_messages={"invalid": "Write a date such as 2026-03-15."},
    )
    reason = forms.CharField(
        label="Reason", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class WordsForm(forms.Form):
    """What was found, or what was done about it."""

    text = forms.CharField(
        label="In a sentence", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class SignForm(forms.Form):
    """A signature: the hash of the document that was read, and a note."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label="Note", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
