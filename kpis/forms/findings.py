"""What people enter to answer a finding. The fields ask the same rules as the services do."""

from collections.abc import Sequence
from typing import Any

from django import forms

from common.forms import blame, date_input
from engagements.masking import OPEN, Mask
from engagements.models import Engagement, Participant
from engagements.proof_form import ProofForm
from kpis.funnel import Metric
from kpis.models import Cause, CauseSide, Finding, Fix
from kpis.rules import (
    SPLIT,
    action_gaps,
    cause_gaps,
    clearing_gaps,
    date_gaps,
    observation_gaps,
    owner_gaps,
    why_gaps,
)
from kpis.services.findings import FixDraft, fix_facts

BAD_DATE = {"invalid": "Write the date as 2026-04-10."}


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
    due_on = forms.DateField(label="Done by", required=False, widget=date_input(), error_messages=BAD_DATE)
    done_on = forms.DateField(
        label="or done on",
        required=False,
        widget=date_input(),
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
        place: str = "answer",
        **kwargs: Any,
    ) -> None:
        super().__init__(data, auto_id=f"id_{place}_%s", **kwargs)
        self.finding, self.engagement = finding, engagement
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = Participant.objects.filter(engagement=engagement, ended_at=None)
            owner.choices = [("", owner.empty_label), *((person.pk, person.with_role) for person in people)]

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
            blame(self, "action", action_gaps(facts.action))
            blame(self, "owner", owner_gaps(facts.has_owner))
            if not {"due_on", "done_on"} & set(self.errors):
                blame(self, "done_on" if facts.done_on else "due_on", date_gaps(facts))
        return cleaned


class AnswerForm(FixForm):
    """A root cause with its side and its fix; where the causes are split, also that a side has none."""

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
    found = forms.ChoiceField(
        label="What was found on this side",
        choices=[("yes", "A cause"), ("no", "No cause: it was looked at, as said above")],
        initial="yes",
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ("root_cause", "cause_side", "found", "action", "owner", "due_on", "done_on")

    def __init__(self, data: Any = None, *, finding: Finding, **kwargs: Any) -> None:
        super().__init__(data, finding=finding, **kwargs)
        split = SPLIT.get(finding.metric_key)
        if split is None:
            del self.fields["found"]
            return
        looked = "; ".join(f"{side}’s side: {what}" for side, what in split.items())
        self.fields["root_cause"].help_text = f"Each side is answered for itself. On the {looked}."

    @property
    def says_cause(self) -> bool:
        """Whether a cause is stated; else that the side has none."""
        return "found" not in self.fields or self.cleaned_data.get("found") != "no"

    @property
    def wants_fix(self) -> bool:
        return self.says_cause

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text, side = cleaned.get("root_cause", ""), cleaned.get("cause_side")
        blame(self, "root_cause", cause_gaps(text, has_side=True) if self.says_cause else clearing_gaps(text))
        blame(self, "cause_side", cause_gaps("a stated root cause", has_side=bool(side)))
        return cleaned


class CauseForm(forms.Form):
    """A cause in other words, or on another side."""

    root_cause = forms.CharField(
        label="Root cause", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    cause_side = forms.ChoiceField(
        label="The cause is on the side of", choices=CauseSide, required=False, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, cause: Cause, mask: Mask = OPEN, **kwargs: Any) -> None:
        initial = {"root_cause": mask.text(cause.text), "cause_side": cause.side}
        super().__init__(data, auto_id=f"id_cause_{cause.pk}_%s", initial=initial, **kwargs)
        if not cause.found:
            self.fields["root_cause"].label = "What was looked at"
            self.fields["cause_side"].label = "No cause on the side of"


class WhyForm(forms.Form):
    """Why something is done, in a sentence."""

    why = forms.CharField(
        label="Why", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, label: str, place: str, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"id_{place}_%s", **kwargs)
        self.fields["why"].label = label


class OpenForm(ProofForm):
    """A finding that somebody opens by hand, with what shows it."""

    observation = forms.CharField(
        label="What was noticed",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where, since when, how often.",
    )
    metric = forms.ChoiceField(label="About", required=False)
    field_order = ("observation", "metric", "text", "url", "file")

    def __init__(
        self, data: Any = None, files: Any = None, *, metrics: Sequence[Metric], **kwargs: Any
    ) -> None:
        super().__init__(data, files, auto_id="id_open_%s", **kwargs)
        field = self.fields["metric"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "No metric of the brief"), *((m.key, m.label) for m in metrics)]
        self.fields["text"].label = "What shows it"

    def clean_observation(self) -> str:
        """What was noticed, when it says enough."""
        text = str(self.cleaned_data["observation"])
        if gaps := observation_gaps(text):
            raise forms.ValidationError(gaps)
        return text


class DoneForm(forms.Form):
    """The day on which a fix was done."""

    done_on = forms.DateField(
        label="Done on",
        widget=date_input(),
        error_messages={"required": "Give the day on which it was done.", **BAD_DATE},
    )

    def __init__(self, data: Any = None, *, fix_id: int, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"id_fix_{fix_id}_%s", **kwargs)


class PostponeForm(forms.Form):
    """Another date for a fix that is not done, with what kept it from being done."""

    due_on = forms.DateField(
        label="Done by",
        widget=date_input(),
        error_messages={"required": "Give the date by which it is done.", **BAD_DATE},
    )
    why = forms.CharField(
        label="Why the date is moved",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any = None, *, fix: Fix, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"id_date_{fix.pk}_%s", **kwargs)
        self.fix, self.engagement = fix, engagement

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        blame(self, "why", why_gaps(cleaned.get("why", "")))
        if due_on := cleaned.get("due_on"):
            draft = FixDraft(self.fix.action, self.fix.owner, due_on=due_on)
            facts = fix_facts(self.engagement, self.fix.finding, draft)
            blame(self, "due_on", date_gaps(facts))
        return cleaned
