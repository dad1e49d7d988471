"""What people type into a team."""

from typing import Any

from django import forms

from accounts.roles import SIDE_OF_ROLE, ParticipantRole, Side
from common.names import validate_name

from .models import Participant


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
