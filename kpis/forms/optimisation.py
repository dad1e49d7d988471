"""What people enter about the plan against the bottleneck, scaling, the closers and the next ninety days."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from kpis.forward import CHANGES, SUBJECTS, Content
from kpis.funnel import Metric
from kpis.models import Finding

PERCENT = "percent"


def _area(label: str, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"max_length": "Say it in at most 2,000 characters."},
    )


class PercentField(forms.DecimalField):
    """A share that people type as a percentage."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=5,
            decimal_places=2,
            min_value=0,
            max_value=100,
            required=False,
            widget=forms.NumberInput(attrs={"step": "0.01", "inputmode": "decimal"}),
            error_messages={
                "invalid": "Write a percentage such as 12.5.",
                "min_value": "A rate is at least 0%%.",
                "max_value": "A rate is at most 100%%.",
            },
            **kwargs,
        )

    def clean(self, value: Any) -> Decimal | None:
        """The share: 0.125 for 12.5."""
        percent = super().clean(value)
        return None if percent is None else (percent / 100).quantize(Decimal("0.0001"))


class PlanForm(forms.Form):
    """One plan against one finding, with what it promises."""

    finding = forms.ChoiceField(
        label="Worked on", error_messages={"invalid_choice": "Choose one of the findings."}
    )
    expected = PercentField(
        label="Expected rate by day 60, in percent",
        help_text="What the plan promises; day 45 is checked against it.",
    )
    reason = _area("Reason, where it is not the computed bottleneck")

    def __init__(self, data: Any = None, *, found: Sequence[Finding], **kwargs: Any) -> None:
        super().__init__(data, auto_id="id_plan_%s", **kwargs)
        field = self.fields["finding"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(one.public_id), str(one)) for one in found]

    def clean_expected(self) -> Decimal:
        """The promised rate; there has to be one."""
        value: Decimal | None = self.cleaned_data["expected"]
        if value is None:
            raise forms.ValidationError("Say which rate the plan is expected to reach.")
        return value


class SeenForm(forms.Form):
    """The hash of what was on the page."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class ScalingForm(forms.Form):
    """What is to be scaled, and why the campaign can carry it."""

    agents = forms.IntegerField(label="More agents", min_value=1, max_value=500, required=False)
    leads_a_day = forms.IntegerField(label="More leads a day", min_value=1, max_value=100_000, required=False)
    campaign_type = forms.CharField(label="Second campaign type", max_length=200, required=False)
    why = _area("Why the campaign can carry it", rows=2)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="id_scaling_%s", **kwargs)


class ScalingAnswerForm(forms.Form):
    """The other side's answer; declining asks for a reason."""

    answer = forms.ChoiceField(
        label="Answer",
        choices=[("accepted", "Accept"), ("declined", "Decline")],
        widget=forms.RadioSelect,
        error_messages={"required": "Accept or decline."},
    )
    why = _area("Reason", "Asked for when it is declined.", rows=2)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="id_scaling_answer_%s", **kwargs)


class CloserForm(forms.Form):
    """What the closers say."""

    text = _area(
        "What the closers say", "Quality of the leads, briefing at the handoff, why deals close or do not."
    )


class ForwardForm(forms.Form):
    """The four questions' written part and the next targets; the own side's fields for what was learned."""

    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    next_steps = _area("Next steps", "Who does what by when.")

    def __init__(
        self, data: Any = None, *, metrics: Sequence[Metric], content: Content, side: str, seen: str
    ) -> None:
        initial: dict[str, Any] = {"seen": seen, "next_steps": content.next_steps}
        for subject in SUBJECTS:
            initial[f"learned_{subject}"] = content.learned.get(subject, {}).get(side, "")
        for kind in CHANGES:
            initial[f"change_{kind}"] = content.changes.get(kind, "")
        for metric in metrics:
            share = content.targets.get(metric.key) or metric.target
            if share is not None:
                scale = 100 if metric.unit == PERCENT else 1
                initial[f"target_{metric.key}"] = f"{(Decimal(share) * scale).normalize():f}"
        super().__init__(data, auto_id="id_forward_%s", initial=initial)
        for subject, name in SUBJECTS.items():
            self.fields[f"learned_{subject}"] = _area(
                f"What was learned about {name}", "Known after 90 days, not at the launch."
            )
        for kind, label in CHANGES.items():
            self.fields[f"change_{kind}"] = _area(
                label, "What changes from day 91, or that nothing does.", rows=2
            )
        for metric in metrics:
            bound = "at most" if metric.direction == "down" else "at least"
            self.fields[f"target_{metric.key}"] = (
                PercentField(label=f"{metric.label}, {bound}, in percent")
                if metric.unit == PERCENT
                else forms.DecimalField(
                    label=f"{metric.label}, {bound}, in {metric.unit}",
                    max_digits=9,
                    decimal_places=4,
                    min_value=0,
                    required=False,
                )
            )
        self.metrics = metrics

    def part(self, prefix: str) -> list[Any]:
        """The fields whose names begin so, for one section of the page."""
        return [bound for bound in self if bound.name.startswith(prefix)]

    @property
    def learned_fields(self) -> list[Any]:
        return self.part("learned_")

    @property
    def change_fields(self) -> list[Any]:
        return self.part("change_")

    @property
    def target_fields(self) -> list[Any]:
        return self.part("target_")

    def entered(self) -> dict[str, Any]:
        """What the service takes, once the form is valid."""
        data = self.cleaned_data
        return {
            "learned": {subject: data[f"learned_{subject}"] for subject in SUBJECTS},
            "changes": {kind: data[f"change_{kind}"] for kind in CHANGES},
            "targets": {metric.key: data[f"target_{metric.key}"] for metric in self.metrics},
            "next_steps": data["next_steps"],
            "seen": data["seen"],
        }
