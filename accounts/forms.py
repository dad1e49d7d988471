"""What people type about themselves and their colleagues."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from common.names import validate_name

from .models import User
from .roles import OrganisationRole


class ProfileForm(forms.Form):
    """One's own name, as it stands under signatures from now on."""

    name = forms.CharField(
        max_length=120, validators=[validate_name], widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class InvitationForm(forms.Form):
    """A colleague to invite into the organisation."""

    name = forms.CharField(max_length=120, validators=[validate_name])
    email = forms.EmailField(label="E-mail")
    role = forms.TypedChoiceField(
        choices=OrganisationRole, coerce=OrganisationRole, initial=OrganisationRole.MEMBER
    )


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.TypedChoiceField(choices=OrganisationRole, coerce=OrganisationRole)


class AccountForm(forms.Form):
    """Name and password of a new account; its address is the invitation's."""

    name = forms.CharField(
        label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text="As it should stand under what you sign.", validators=[validate_name],
    )  # fmt: skip
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters; a few words that only you put together are best.",
    )  # fmt: skip

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


class TokenForm(forms.Form):
    """An API token to make."""

    name = forms.CharField(
        max_length=80,
        help_text="What it is for, such as “gate states on our dashboard”.",
        validators=[validate_name],
    )
    may_write = forms.BooleanField(
        label="May write, not only read", required=False, help_text="Leave it off for reports and dashboards."
    )
    days = forms.TypedChoiceField(
        label="Works for",
        coerce=int,
        choices=[(30, "30 days"), (90, "90 days"), (365, "one year")],
        initial=90,
    )

    def life(self) -> timedelta:
        """How long the token will work. Call it on a valid form."""
        return timedelta(days=self.cleaned_data["days"])
