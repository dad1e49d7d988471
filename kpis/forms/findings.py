"""What people enter to answer a finding. The fields ask the same rules as the services do."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.roles import in_a_sentence
from engagements.models import Engagement, Participant
from kpis.models import CauseSide, Finding
from kpis.rules import action_gaps, cause_gaps, date_gaps, owner_gaps
from kpis.services.findings import FixDraft, fix_facts

BAD_DATE = {"invalid": "Write the date as 2026-04-10."}


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FixForm(forms.Form):
    """One fix: an action with its owner, and the date by which or on which it is done."""

    action = forms.CharField(
        label="Fix",
        max_length=300,
        required=False,
        help_text="An action taken or scheduled: what is changed, and where. To investigate or to monitor is none.",
        error_messages={"max_length": "Say it in at most 300 characters."},
    )
    owner = forms.ModelChoiceField(
        label="Owner",
        queryset=Participant.objects.none(),
        required=False,
        empty_label="Choose a person",
        error_messages={"invalid_choice": "Choose somebody who takes part in this engagement."},
    )
    due_on = forms.DateField(label="Done by", required=False, widget=_date_input(), error_messages=BAD_DATE)
    done_on = forms.DateField(
        label="or done on",
        required=False,
        widget=_date_input(),
        help_text="When the action is already taken.",
        error_messages=BAD_DATE,
    )

    def __init__(
        self,
        data: Any = None,
        *,
        finding: Finding,
        engagement: Engagement,
        people: Sequence[Participant],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, auto_id=f"id_{finding.pk}_%s", **kwargs)
        self.finding, self.engagement = finding, engagement
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = Participant.objects.filter(engagement=engagement, ended_at=None)
            owner.choices = [("", owner.empty_label), *((person.pk, _named(person)) for person in people)]

    @property
    def wants_fix(self) -> bool:
        return True

    @property
    def fix(self) -> FixDraft:
        """The fix that was entered, complete or not."""
        entered = self.cleaned_data
        return FixDraft(
            (entered.get("action") or "").strip(),
            entered.get("owner"),
            entered.get("due_on"),
            entered.get("done_on"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.wants_fix:
            facts = fix_facts(self.engagement, self.finding, self.fix)
            self._blame("action", action_gaps(facts.action))
            self._blame("owner", owner_gaps(facts.has_owner))
            if not {"due_on", "done_on"} & set(self.errors):
                self._blame("done_on" if facts.done_on else "due_on", date_gaps(facts))
        return cleaned

    def _blame(self, field: str, reasons: list[str]) -> None:
        """Put a rule's reasons beside the field, unless that has an error of its own already."""
        if field not in self.errors:
            for reason in reasons:
                self.add_error(field, reason)


class AnswerForm(FixForm):
    """Root cause and side; the fix is asked for until the finding has one."""

    root_cause = forms.CharField(
        label="Root cause",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What made the metric miss its target, as a statement.",
        error_messages={"max_length": "Say it in at most 2,000 characters."},
    )
    cause_side = forms.ChoiceField(
        label="The cause is on the side of",
        choices=CauseSide,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose operator, client or shared."},
    )
    field_order = ("root_cause", "cause_side", "action", "owner", "due_on", "done_on")

    def __init__(self, data: Any = None, *, has_fix: bool, **kwargs: Any) -> None:
        self.has_fix = has_fix
        super().__init__(data, **kwargs)
        if has_fix:
            for name in ("action", "owner", "due_on", "done_on"):
                del self.fields[name]

    @property
    def wants_fix(self) -> bool:
        return not self.has_fix

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._blame("root_cause", cause_gaps(cleaned.get("root_cause", ""), has_side=True))
        self._blame("cause_side", cause_gaps("a stated root cause", has_side=bool(cleaned.get("cause_side"))))
        return cleaned


class DoneForm(forms.Form):
    """The day on which a fix was done."""

    done_on = forms.DateField(
        label="Done on",
        widget=_date_input(),
        error_messages={"required": "Give the day on which it was done.", **BAD_DATE},
    )

    def __init__(self, data: Any = None, *, fix_id: int, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"id_fix_{fix_id}_%s", **kwargs)


def _named(person: Participant) -> str:
    return f"{person.name} ({in_a_sentence(person.get_role_display())}, {person.get_side_display().lower()})"
