"""What people type about agents: the roster, their codes, their certifications."""

from typing import Any

from django import forms

from common.forms import date_input
from common.names import validate_name

from .clearance import CertificationKind, Renaming
from .services.agents import MOST_AT_ONCE, NewAgent, Result

BAD_DATE = {"invalid": "Write a date such as 2026-03-15."}


def codes_in(text: str) -> tuple[str, ...]:
    """The dialer codes in a line: set apart by commas or semicolons."""
    return tuple(code.strip() for code in text.replace(";", ",").split(",") if code.strip())


class AgentForm(forms.Form):
    """One agent for the roster."""

    name = forms.CharField(max_length=120, validators=[validate_name])
    codes = forms.CharField(
        label="Dialer codes", max_length=400, required=False,
        help_text="As the dialer's export names the agent; several with commas. Without one, the name.",
    )  # fmt: skip
    joined_on = forms.DateField(label="First day", widget=date_input(), error_messages=BAD_DATE)

    def agents(self) -> list[NewAgent]:
        """Who was named. Call it on a valid form."""
        return [NewAgent(self.cleaned_data["name"], codes_in(self.cleaned_data["codes"]))]


class AgentListForm(forms.Form):
    """A whole list, as it is copied from a table."""

    lines = forms.CharField(
        label="Agents, one a line", max_length=40_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"Name, then the dialer codes: “Ana Ruiz, ana.ruiz”. Up to {MOST_AT_ONCE} lines.",
    )  # fmt: skip
    joined_on = forms.DateField(label="First day", widget=date_input(), error_messages=BAD_DATE)

    def clean_lines(self) -> list[NewAgent]:
        """The agents of the lines; tabs, commas and semicolons set the cells apart."""
        agents, wrong = [], []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            name, *codes = [cell.strip() for cell in line.replace("\t", ",").replace(";", ",").split(",")]
            if not line.strip():
                continue
            try:
                validate_name(name)
            except forms.ValidationError:
                wrong.append(f"Line {number} does not begin with a name.")
                continue
            agents.append(NewAgent(name, tuple(filter(None, codes))))
        if wrong:
            raise forms.ValidationError(wrong)
        return agents

    def agents(self) -> list[NewAgent]:
        """Who was named. Call it on a valid form."""
        named: list[NewAgent] = self.cleaned_data["lines"]
        return named


class RenameForm(forms.Form):
    """Another name for an agent, and whether it is still the same person."""

    name = forms.CharField(max_length=120, validators=[validate_name])
    why = forms.TypedChoiceField(
        label="Who bears the new name", choices=Renaming.choices, coerce=Renaming, widget=forms.RadioSelect,
        help_text="Your answer stays on record: what was passed belongs to the person who passed it.",
        error_messages={"required": "Say whether it is the same person."},
    )  # fmt: skip


class CodeForm(forms.Form):
    """One more dialer code of an agent; those that imports have named and nobody owns are offered."""

    code = forms.CharField(
        label="Dialer code", max_length=120, validators=[validate_name],
        help_text="Its calls count for this agent from now on. Breaches found before stay.",
    )  # fmt: skip


class EndForm(forms.Form):
    """The last day of an agent."""

    left_on = forms.DateField(label="Last day", widget=date_input(), error_messages=BAD_DATE)


class CertificationForm(forms.Form):
    """One attempt at one certification."""

    passed = forms.TypedChoiceField(
        label="Result", choices=[("passed", "Passed"), ("failed", "Failed")], widget=forms.RadioSelect,
        coerce=lambda value: value == "passed", empty_value=None,
    )  # fmt: skip
    score = forms.IntegerField(label="Score", min_value=0, max_value=100)
    parts = forms.MultipleChoiceField(label="Assessed", required=False, widget=forms.CheckboxSelectMultiple)
    version = forms.TypedChoiceField(label="Version of the script", coerce=int)
    assessed_on = forms.DateField(label="Assessed on", widget=date_input(), error_messages=BAD_DATE)
    note = forms.CharField(
        label="Note", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For a failed attempt: what was not good enough.",
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        kind: CertificationKind,
        pass_mark: int,
        versions: list[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": f"id_{kind.value}_%s", **kwargs})
        self.kind = kind
        parts, score = self.fields["parts"], self.fields["score"]
        if isinstance(parts, forms.MultipleChoiceField):
            parts.choices = list(kind.parts.items())
        score.help_text = f"0 to 100; the pass mark is {pass_mark}."
        if kind is not CertificationKind.SCRIPT:
            del self.fields["version"]
        else:
            version = self.fields["version"]
            if isinstance(version, forms.TypedChoiceField):
                version.choices = [(each, f"Version {each}") for each in versions]

    def result(self) -> Result:
        """What was said. Call it on a valid form."""
        data = self.cleaned_data
        return Result(
            kind=self.kind,
            passed=data["passed"],
            score=data["score"],
            assessed_on=data["assessed_on"],
            parts=frozenset(data["parts"]),
            note=data["note"],
            version=data.get("version"),
        )
