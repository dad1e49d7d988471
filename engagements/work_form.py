"""Which days are worked, as people choose it: when an engagement is opened, and until somebody locks its plan."""

from typing import Any

from django import forms

from common.days import WhenOff
from common.wording import WEEKDAY_NAMES
from engagements.models import Engagement, WhenDayOff
from engagements.public_holidays import countries, holiday_blockers
from engagements.work import WorkRules


class WorkForm(forms.Form):
    """Weekdays, whose public holidays count, and what becomes of what is due on a day off."""

    weekdays = forms.TypedMultipleChoiceField(
        label="Worked on", coerce=int, choices=list(enumerate(WEEKDAY_NAMES, start=1)),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Name at least one weekday on which work is done."},
    )  # fmt: skip
    country = forms.ChoiceField(
        label="Public holidays of", required=False, help_text="They are days off. Empty: no holidays count."
    )
    subdivision = forms.CharField(
        label="State or region", required=False, max_length=30,
        help_text="Its code, such as CA or BY, where it has holidays of its own.",
    )  # fmt: skip
    when_off = forms.TypedChoiceField(
        label="What is due on a day off", coerce=WhenOff, choices=WhenDayOff.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self.fields["country"]
        if isinstance(country, forms.ChoiceField):
            country.choices = [("", "No country"), *countries()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for reason in holiday_blockers(data.get("country", ""), data.get("subdivision", "").strip()):
            self.add_error("subdivision", reason)
        return data

    def work(self) -> WorkRules:
        """Which days are worked. Call it on a valid form."""
        data = self.cleaned_data
        return WorkRules(
            tuple(data["weekdays"]), data["country"], data["subdivision"].strip(), data["when_off"]
        )


def as_chosen(engagement: Engagement) -> dict[str, Any]:
    """The rules of an engagement, as the form wants them."""
    return {
        "weekdays": engagement.work_weekdays,
        "country": engagement.holiday_country,
        "subdivision": engagement.holiday_subdivision,
        "when_off": engagement.when_off,
    }
