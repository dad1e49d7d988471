"""What people type into a brief and into a team."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField

from accounts.roles import SIDE_OF_ROLE, ParticipantRole, Side
from common.names import validate_name

from .models import Direction, Participant
from .rules import BriefContent, parse_percent
from .terms import TERMS, MetricContract

TERM_LENGTH = 5000


class PercentField(forms.CharField):
    """Takes "12.5" or "12.5%", gives the fraction 0.125; empty gives None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=10, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def prepare_value(self, value: Any) -> Any:
        return f"{(value * 100).normalize():f}" if isinstance(value, Decimal) else value

    def clean(self, value: Any) -> Decimal | None:
        try:
            return parse_percent(super().clean(value))
        except ValueError as mistake:
            raise forms.ValidationError(str(mistake)) from mistake


class BriefForm(forms.Form):
    """Every term and every metric contract of a brief; a draft may leave anything empty."""

    def __init__(self, *args: Any, content: BriefContent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.content = content
        for term in TERMS:
            self.fields[f"term-{term.key}"] = forms.CharField(
                label=term.label,
                help_text=term.asks,
                required=False,
                max_length=TERM_LENGTH,
                initial=content.terms.get(term.key, ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        for metric in content.metrics:
            self._add_metric(metric)

    def _add_metric(self, metric: MetricContract) -> None:
        self.fields[f"{metric.key}-direction"] = forms.ChoiceField(
            label="The rate should be", choices=Direction.choices, initial=metric.direction
        )
        self.fields[f"{metric.key}-target"] = PercentField(label="Target in %", initial=metric.target)
        self.fields[f"{metric.key}-minimum_sample"] = forms.IntegerField(
            label="Judged from", min_value=1, max_value=1_000_000, initial=metric.minimum_sample,
            help_text=f"{metric.denominator}; below that nothing is judged.",
        )  # fmt: skip
        self.fields[f"{metric.key}-source_system"] = forms.CharField(
            label="Counted in", required=False, max_length=80, initial=metric.source_system,
            help_text="The system whose figures count.",
        )  # fmt: skip
        self.fields[f"{metric.key}-dispute_rule"] = forms.CharField(
            label="When the figures are disputed", required=False, max_length=300, initial=metric.dispute_rule
        )

    def terms(self) -> list[BoundField]:
        """The fields of the terms, in their order."""
        return [self[f"term-{term.key}"] for term in TERMS]

    def metrics(self) -> list[tuple[MetricContract, list[BoundField]]]:
        """Each metric with its fields."""
        names = ("direction", "target", "minimum_sample", "source_system", "dispute_rule")
        return [(metric, [self[f"{metric.key}-{name}"] for name in names]) for metric in self.content.metrics]

    def written(self) -> BriefContent:
        """What was typed, as content. Call it on a valid form."""
        data = self.cleaned_data
        return BriefContent(
            terms={term.key: data[f"term-{term.key}"].replace("\r\n", "\n").strip() for term in TERMS},
            metrics=[
                replace(
                    metric,
                    direction=data[f"{metric.key}-direction"],
                    target=data[f"{metric.key}-target"],
                    minimum_sample=data[f"{metric.key}-minimum_sample"],
                    source_system=data[f"{metric.key}-source_system"].strip(),
                    dispute_rule=data[f"{metric.key}-dispute_rule"].strip(),
                )
                for metric in self.content.metrics
            ],
        )


class SubstituteForm(forms.Form):
    """Who stands in for the holder of a role: somebody else of the same side, or nobody."""

    substitute = forms.ModelChoiceField(
        queryset=Participant.objects.none(), to_field_name="public_id", required=False, empty_label="nobody"
    )

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["substitute"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Participant.objects.filter(
                engagement=participant.engagement_id, side=participant.side
            )


class ParticipantForm(forms.Form):
    """Somebody for one side of the team."""

    role = forms.TypedChoiceField(coerce=ParticipantRole)
    name = forms.CharField(max_length=120, validators=[validate_name])
    email = forms.EmailField(
        label="E-mail", help_text="Whoever is new to your organisation gets an invitation."
    )

    def __init__(self, *args: Any, side: Side, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [role for role, sides in SIDE_OF_ROLE.items() if side in sides]
        self.fields["role"] = forms.TypedChoiceField(
            coerce=ParticipantRole, choices=[(role.value, role.label) for role in held]
        )
