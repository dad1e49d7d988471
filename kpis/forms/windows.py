"""What people enter about calling windows: another rule instead of one, what is left out, and what was done."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from common.forms import date_input
from common.names import validate_words
from engagements.public_holidays import holiday_blockers
from engagements.terms.hours import Span
from kpis.windows.places import place_name
from kpis.windows.rules import BOUNDS, Cap, Flags, Rule, Status, read_days, read_hours

_LINE = re.compile(r"^([A-Za-z][A-Za-z,\s–-]*?)[:\s]\s*(\d.*|not called)$")
BOUNDS_LABELS = {
    "[)": "The first second is inside, the last is not (8:00:00 to 20:59:59)",
    "[]": "Both are inside (21:00:00 is allowed)",
    "()": "Neither is inside",
    "(]": "The first is not inside, the last is",
}
REASON = {"required": "Say why this is so here, so that the other side can follow it."}


class RuleForm(forms.Form):
    """A rule as it is to stand here, in place of the one that comes with the program."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    counts = forms.ChoiceField(
        label="This rule", widget=forms.RadioSelect, initial="yes",
        choices=[("yes", "counts here as written below"), ("no", "does not count here")],
    )  # fmt: skip
    hours = forms.CharField(
        label="Hours", required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=1000,
        help_text="A line per weekdays: “Mon–Fri 9:00–12:00, 13:00–18:00”. A weekday without a line is not called.",
    )  # fmt: skip
    holidays = forms.CharField(
        label="Not on public holidays of", required=False, max_length=9,
        help_text="A country or a part of one, such as US-RI or FR. Empty: holidays are like other days.",
    )  # fmt: skip
    closed_on = forms.CharField(
        label="Nor on these dates", required=False, max_length=1000,
        help_text="Dates as 2026-12-24, with commas between.",
    )  # fmt: skip
    since = forms.DateField(label="In force from", required=False, widget=date_input())
    until = forms.DateField(label="Up to and including", required=False, widget=date_input())
    bounds = forms.ChoiceField(
        label="Where hours begin and end", choices=[(each, BOUNDS_LABELS[each]) for each in BOUNDS]
    )
    most = forms.IntegerField(
        label="At most so many calls to one number", required=False, min_value=1, max_value=1000
    )
    within = forms.IntegerField(
        label="in so many hours",
        required=False,
        min_value=1,
        max_value=24 * 90,
        help_text="30 days are 720 hours.",
    )
    reason = forms.CharField(
        label="Why this is so here", max_length=2000, validators=[validate_words], error_messages=REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    @staticmethod
    def of(rule: Rule, seen: int) -> dict[str, Any]:
        """What the form starts with."""
        return {
            "seen": seen, "hours": hours_lines(rule), "holidays": rule.holidays, "bounds": rule.bounds,
            "closed_on": ", ".join(sorted(day.isoformat() for day in rule.closed_on)), "since": rule.since,
            "until": rule.until, "most": rule.cap.calls if rule.cap else None,
            "within": rule.cap.hours if rule.cap else None,
        }  # fmt: skip

    def clean_hours(self) -> dict[int, Sequence[Span]]:
        """The hours by weekday."""
        said: dict[str, str] = {}
        for line in self.cleaned_data["hours"].splitlines():
            if not line.strip():
                continue
            found = _LINE.match(line.strip())
            if not found:
                raise forms.ValidationError(f"“{line.strip()}” is no line such as “Mon–Fri 9:00–18:00”.")
            days = ",".join(str(day) for day in _days(found[1]))
            if days in said:
                raise forms.ValidationError(f"{found[1]} stands there twice.")
            said[found[1]] = "" if found[2] == "not called" else found[2]
        try:
            return dict(read_hours(said))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean_holidays(self) -> str:
        """The place whose holidays count."""
        place = str(self.cleaned_data["holidays"]).strip().upper()
        country, _, part = place.partition("-")
        if place and (faults := holiday_blockers(country, part)):
            raise forms.ValidationError(faults[0])
        return place

    def clean_closed_on(self) -> frozenset[date]:
        """The further days without calls."""
        try:
            return frozenset(
                date.fromisoformat(part.strip())
                for part in self.cleaned_data["closed_on"].split(",")
                if part.strip()
            )
        except ValueError:
            raise forms.ValidationError("Write dates as 2026-12-24, with commas between.") from None

    def clean(self) -> dict[str, Any]:
        """What concerns more than one field."""
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "It ends before it begins.")
        if bool(data.get("most")) != bool(data.get("within")):
            self.add_error("within" if data.get("most") else "most", "A cap needs both figures.")
        if data.get("counts") == "yes" and "hours" in data and not data["hours"] and not data.get("most"):
            self.add_error("hours", "Write the hours, or say that the rule does not count here.")
        return data

    def rule(self, old: Rule) -> Rule | None:
        """The rule that was entered, in place of `old`; None where it does not count here."""
        data = self.cleaned_data
        if data["counts"] == "no":
            return None
        return replace(
            old,
            days=data["hours"] or None, holidays=data["holidays"], closed_on=data["closed_on"], since=data["since"],
            until=data["until"], bounds=data["bounds"], status=Status.AGREED,
            cap=Cap(data["most"], data["within"]) if data["most"] else None,
        )  # fmt: skip


def _days(text: str) -> list[int]:
    try:
        return read_days(text)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None


def hours_lines(rule: Rule) -> str:
    """The hours as the form takes them: a line per weekdays that are called."""
    return "\n".join(f"{days} {hours}" for days, hours in rule.hours_text if hours != "not called")


def own_rule(place: str) -> Rule:
    """What a rule of the engagement's own starts with, for a place."""
    return Rule(
        code=f"own-{place.lower()}", version=0, place=place, title=f"{place_name(place)}, agreed here",
        says="A rule of this engagement's own.", status=Status.AGREED, source="This engagement", days={},
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why a rule counts again as it comes with the program."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(
        label="Why", max_length=2000, validators=[validate_words], error_messages=REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class LeaveOutForm(forms.Form):
    """Which calls the hours do not bind here. Nothing is ticked unless somebody gave a reason."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    inbound = forms.BooleanField(label="Inbound calls", required=False)
    callbacks = forms.BooleanField(
        label="Callbacks that the lead asked for", required=False,
        help_text="A call within 30 days after “call back later”. Lifts only the rules that allow for it.",
    )  # fmt: skip
    business = forms.BooleanField(
        label="Everybody called is a business",
        required=False,
        help_text="Lifts the rules that protect consumers only.",
    )
    automated = forms.BooleanField(
        label="Calls are automated or play a recording", required=False,
        help_text="Adds the stricter rules for such calls.",
    )  # fmt: skip
    consent_sources = forms.MultipleChoiceField(
        label="Lead sources whose leads have consented in writing", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reason = forms.CharField(
        label="Why this is so here", max_length=2000, validators=[validate_words], error_messages=REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *args: Any, sources: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent_sources"].choices = [(name, name) for name in sources]  # type: ignore[attr-defined]  # a MultipleChoiceField, see above
        if not sources:
            del self.fields["consent_sources"]

    @property
    def flags(self) -> Flags:
        data = self.cleaned_data
        return Flags(
            inbound=data["inbound"], callbacks=data["callbacks"], business=data["business"],
            automated=data["automated"], consent_sources=frozenset(data.get("consent_sources", ())),
        )  # fmt: skip


class AnswerDayForm(forms.Form):
    """How the violations of a day came about, what was done, and when."""

    day = forms.DateField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    cause = forms.CharField(
        label="How it came about", max_length=2000, validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    action = forms.CharField(
        label="What was done about it", max_length=2000, validators=[validate_words],
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    done_on = forms.DateField(
        label="Done on", widget=date_input(), error_messages={"invalid": "Write the date as 2026-04-10."}
    )
