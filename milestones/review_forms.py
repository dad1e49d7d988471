"""What people type on the pages of reviews. The fields ask the same rules as the services do."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from accounts.roles import ParticipantRole
from common.forms import blame, date_input
from engagements.masking import OPEN, Mask
from engagements.models import Participant
from milestones.models import Minutes, Review
from milestones.rules.reviews import LENGTHS, Attendee, due_gaps, text_gaps
from milestones.services.reviews import Appointment

BAD_DATE = {"invalid": "Write the date as 2026-04-10.", "required": "Give the date."}


class ScheduleForm(forms.Form):
    """When and where a review is."""

    on = forms.DateField(label="Date", widget=date_input(), error_messages=BAD_DATE)
    starts = forms.TimeField(
        label="Starts at",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write the time as 14:30.", "required": "Give the time."},
    )
    length = forms.TypedChoiceField(
        label="Length", choices=[(n, f"{n} minutes") for n in LENGTHS], coerce=int, initial=60
    )
    place = forms.CharField(label="Place or link", max_length=300, required=False)
    reason = forms.CharField(
        label="Why it moves",
        max_length=300,
        required=False,
        help_text="Asked for when the date changes; it stays on record.",
    )

    def __init__(self, data: Any = None, *, review: Review, on: date, zone: str) -> None:
        initial = {"on": on, "starts": review.starts, "length": review.length, "place": review.place}
        super().__init__(data, initial=initial, auto_id="id_when_%s")
        self.fields["starts"].help_text = f"In {zone}."

    @property
    def appointment(self) -> Appointment:
        """What was entered, once the form is valid."""
        return Appointment(**self.cleaned_data)


class PointForm(forms.Form):
    """A point for the agenda."""

    text = forms.CharField(
        label="Point", max_length=250, error_messages={"required": "Say what is to be talked about."}
    )


class CancelForm(forms.Form):
    """Why a weekly or monthly review is cancelled."""

    reason = forms.CharField(
        label="Reason", max_length=300, error_messages={"required": "Say why it is cancelled."}
    )


class MinutesForm(forms.Form):
    """The minutes as far as they are written, and who sat in each required chair."""

    text = forms.CharField(
        label="Minutes", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="What was looked at, what was said, what surprised.",
    )  # fmt: skip
    also_there = forms.CharField(label="Also there", max_length=300, required=False)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        chairs: Sequence[Attendee],
        people: Sequence[Participant],
        minutes: Minutes | None,
        mask: Mask = OPEN,
    ) -> None:
        initial: dict[str, Any] = {"seen": minutes.version if minutes else 0}
        if minutes:
            initial |= {"text": mask.text(minutes.text), "also_there": minutes.also_there}
        super().__init__(data, initial=initial, auto_id="id_minutes_%s")
        self.roles = [chair.role for chair in chairs]
        for chair in chairs:
            role = ParticipantRole(chair.role)
            field = forms.ChoiceField(label=role.label, required=False, choices=_seats(chair, people))
            field.initial = chair.name
            self.fields[f"chair_{chair.role}"] = field
        self.order_fields([*(f"chair_{role}" for role in self.roles), "also_there", "text", "seen"])

    @property
    def attended(self) -> dict[str, str]:
        """Required role → who sat there."""
        return {role: self.cleaned_data[f"chair_{role}"] for role in self.roles}


def _seats(chair: Attendee, people: Sequence[Participant]) -> list[tuple[str, str]]:
    """Nobody, those who have the role, then those of the same side who may stand in."""
    others = dict.fromkeys(p.name for p in people if p.side == chair.side and p.name not in chair.holders)
    return [
        ("", "nobody"),
        *((name, name) for name in dict.fromkeys(chair.holders)),
        *((name, f"{name}, standing in") for name in others),
    ]


class DecisionForm(forms.Form):
    """One decision."""

    text = forms.CharField(
        label="Decision", max_length=500, error_messages={"required": "Say what was decided."}
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_decision_%s")


class ActionForm(forms.Form):
    """What somebody undertakes, and by when."""

    text = forms.CharField(
        label="Action", max_length=300, required=False,
        help_text="What is done, and where. To look into something is no action.",
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label="Owner", queryset=Participant.objects.none(), required=False, to_field_name="public_id",
        empty_label="Choose a person",
        error_messages={"invalid_choice": "Choose somebody who takes part in this engagement."},
    )  # fmt: skip
    due_on = forms.DateField(label="Done by", required=False, widget=date_input(), error_messages=BAD_DATE)

    def __init__(self, data: Any = None, *, people: Sequence[Participant], today: date) -> None:
        super().__init__(data, auto_id="id_action_%s")
        self.today = today
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = Participant.objects.filter(pk__in=[person.pk for person in people])
            owner.choices = [
                ("", owner.empty_label),
                *((person.public_id, person.with_role) for person in people),
            ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        blame(self, "text", text_gaps(cleaned.get("text", "")))
        blame(self, "owner", [] if cleaned.get("owner") else ["Name who does it."])
        blame(self, "due_on", due_gaps(cleaned.get("due_on"), self.today))
        return cleaned


class CloseForm(forms.Form):
    """The day on which the review was held, and the digest of the draft that was read."""

    held_on = forms.DateField(label="Took place on", widget=date_input(), error_messages=BAD_DATE)
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, on: date, seen: str) -> None:
        super().__init__(data, initial={"held_on": on, "seen": seen}, auto_id="id_close_%s")


class AddendumForm(forms.Form):
    """A correction of closed minutes."""

    text = forms.CharField(
        label="Addendum", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what is corrected."},
    )  # fmt: skip


class EndForm(forms.Form):
    """A word of proof that an action is done, or the reason why it is dropped."""

    said = forms.CharField(label="What proves it", max_length=300, required=False)

    def __init__(self, data: Any = None, *, action_id: int, verb: str, label: str) -> None:
        super().__init__(data, auto_id=f"id_{verb}_{action_id}_%s")
        self.fields["said"].label = label
