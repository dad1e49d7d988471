"""What people type to open an engagement, and what they look for."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import format_html

from accounts.models import Organisation
from accounts.roles import SIDE_OF_ROLE, ParticipantRole, Side, in_a_sentence
from common import clock, zones
from common.names import validate_name
from engagements.services import Owner
from engagements.work import days_off
from engagements.work_form import WorkForm
from milestones.selectors.playbooks import Offer

NEW = "new"
# A campaign of long ago may be looked at with its own calls; one of another century is a slip of the finger.
EARLIEST_KICKOFF = date(2000, 1, 1)
FARTHEST_KICKOFF = timedelta(days=730)
# Both sign the brief and the gates, so nothing can go on without them.
LEADS = {Side.CLIENT: ParticipantRole.CLIENT_LEAD, Side.OPERATOR: ParticipantRole.CAMPAIGN_MANAGER}
ROLES = tuple(role for role in ParticipantRole if len(SIDE_OF_ROLE[role]) == 1)


def usual_kickoff(today: date) -> date:
    """A Monday that leaves a week to agree on the plan."""
    return today + timedelta(days=14 - today.weekday())


def name_of(email: str) -> str:
    """A name for somebody of whom only the address is known: "clara.lind@…" reads "Clara Lind"."""
    words = re.split(r"[._+\-\d]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word) or email


def _said(offer: Offer) -> str:
    return format_html(
        "{}, version {}{}", offer.title, offer.version,
        format_html('<span class="d-block text-secondary">{}</span>', offer.line) if offer.line else "",
    )  # fmt: skip


def _playbook_field(offers: list[Offer]) -> forms.ChoiceField:
    """One choice per playbook: its title, version, and below it what it is for."""
    return forms.ChoiceField(
        label="Playbook", choices=[(offer.key, _said(offer)) for offer in offers], widget=forms.RadioSelect,
        error_messages={"invalid_choice": "This playbook is not offered any more: choose another one."},
    )  # fmt: skip


class NewEngagementForm(WorkForm):
    """A campaign, the other organisation, the calendar, and who answers for what."""

    campaign = forms.CharField(
        max_length=120, help_text="As both sides call it, such as “Spring windows”.",
        validators=[validate_name],
    )  # fmt: skip
    other = forms.ChoiceField(label="With which organisation")
    other_name = forms.CharField(
        label="Name of the new organisation", max_length=120, required=False, validators=[validate_name],
        help_text="Only when it is new here. Its lead below gets an invitation.",
    )  # fmt: skip
    kickoff_on = forms.DateField(
        label="Kickoff date", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Day 1. Everything else in the plan is counted from it.",
    )  # fmt: skip
    zone = forms.ChoiceField(
        label="Time zone", choices=zones.choices, help_text="The engagement's days begin and end in it."
    )
    off_seen = forms.BooleanField(label="Open it with these dates all the same", required=False)

    def __init__(
        self, *args: Any, side: Side, known: Iterable[Organisation], offers: Iterable[Offer], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offers = list(offers)
        self.fields["playbook"] = _playbook_field(self.offers)
        self.side = side
        self.known = {str(organisation.public_id): organisation for organisation in known}
        choices = [(key, organisation.name) for key, organisation in self.known.items()]
        self.fields["other"] = forms.ChoiceField(
            label=f"Which {side.other}",
            choices=[*choices, (NEW, f"A new {side.other}")],
            initial=None if choices else NEW,
            widget=forms.Select if choices else forms.HiddenInput,
        )
        self.fields["other_name"].label = f"Name of the {'new ' if choices else ''}{side.other}"
        self.fields["other_name"].required = not choices
        self.fields["other_name"].help_text = "Only when it is new here." if choices else ""
        for role in ROLES:
            self.fields[f"{role}-name"] = forms.CharField(
                label="Name", max_length=120, required=False, validators=[validate_name]
            )
            self.fields[f"{role}-email"] = forms.EmailField(label="E-mail", required=role in LEADS.values())
        contact = LEADS[side.other]
        self.fields[f"{contact}-email"].label = f"E-mail of their {in_a_sentence(contact.label)}"
        self.fields[f"{contact}-email"].help_text = "Gets an invitation that names this engagement."
        self.fields[f"{contact}-name"].label = "Their name"
        self.fields[f"{contact}-name"].help_text = "If empty, taken from the e-mail address."

    def clean_kickoff_on(self) -> date:
        day: date = self.cleaned_data["kickoff_on"]
        if not EARLIEST_KICKOFF <= day <= clock.today("UTC") + FARTHEST_KICKOFF:
            raise forms.ValidationError(
                "The kickoff lies between the year 2000 and two years from today. Look at the year."
            )
        return day

    def contact(self) -> tuple[BoundField, BoundField]:
        """The address and the name of the other side's lead, without whom nothing can be signed."""
        role = LEADS[self.side.other]
        return self[f"{role}-email"], self[f"{role}-name"]

    @property
    def more_is_wrong(self) -> bool:
        """Whether something is wrong in the part that is folded away."""
        email, name = (bound.name for bound in self.contact())
        seen = {"campaign", "other", "other_name", "kickoff_on", "zone", "off_seen", email, name, "__all__"}
        return bool(set(self.errors) - seen)

    def people(self) -> list[tuple[Side, list[tuple[ParticipantRole, BoundField, BoundField]]]]:
        """The fields of the owners but for the other side's lead, by side, one's own side first."""
        return [
            (
                side,
                [
                    (role, self[f"{role}-name"], self[f"{role}-email"])
                    for role in ROLES
                    if side in SIDE_OF_ROLE[role] and role != LEADS[self.side.other]
                ],
            )
            for side in (self.side, self.side.other)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("other") == NEW and not data.get("other_name", "").strip():
            self.add_error("other_name", f"Give the new {self.side.other} its name.")
        for role in LEADS.values():
            if data.get(f"{role}-email") and not data.get(f"{role}-name"):
                data[f"{role}-name"] = name_of(data[f"{role}-email"])
        for role in ROLES:
            if bool(data.get(f"{role}-name")) != bool(data.get(f"{role}-email")) and not self.errors.get(
                f"{role}-email"
            ):
                missing = "email" if data.get(f"{role}-name") else "name"
                self.add_error(f"{role}-{missing}", "Give both the name and the e-mail, or neither.")
        if not self.errors and not data["off_seen"]:
            for warning in days_off(data["kickoff_on"], self.work()):
                self.add_error("off_seen", warning)
        return data

    def other_organisation(self) -> Organisation | str:
        """The organisation that was chosen, or the name of the new one. Call it on a valid form."""
        chosen = self.cleaned_data["other"]
        return self.cleaned_data["other_name"] if chosen == NEW else self.known[chosen]

    def owners(self) -> list[Owner]:
        """Everybody who was named, the lead of each side first. Call it on a valid form."""
        data = self.cleaned_data
        return [
            Owner(
                role=role, name=data[f"{role}-name"], email=data[f"{role}-email"], side=SIDE_OF_ROLE[role][0]
            )
            for role in sorted(ROLES, key=lambda role: role not in LEADS.values())
            if data[f"{role}-email"]
        ]


class SearchForm(forms.Form):
    """The words that a search is for."""

    q = forms.CharField(
        label="What are you looking for?",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
