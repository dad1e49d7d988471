"""What people type on the pages of plans, checks and gates."""

from typing import Any

from django import forms
from django.http import QueryDict

from accounts.roles import in_a_sentence
from common.names import validate_words
from engagements.models import Engagement, Participant
from engagements.proof_form import ProofForm
from kpis.models import CauseSide
from milestones.models import Milestone


class ResultForm(ProofForm):
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
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write a date such as 2026-03-15."},
    )
    reason = forms.CharField(label="Reason", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    side = forms.ChoiceField(label="Whose side was it on", choices=CauseSide.choices)


class DateForm(forms.Form):
    """Another date for a locked item, why, and whose side the delay is on."""

    to_on = forms.DateField(
        label="New date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
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
    """Until when a gate is held, and why."""

    until = forms.DateField(
        label="Until",
        help_text="On this day the hold ends by itself.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
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
