"""How allauth behaves here: nobody signs up alone, people come in by invitation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .models import User


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An account comes into being when an invitation is accepted, and in no other way."""
        return False

    def pre_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse | None:
        """A demo account outside of the demo gets the page of an account that is closed."""
        if user.is_demo and not settings.DEMO:
            user.is_active = False
        refusal: HttpResponse | None = super().pre_login(request, user, **how)
        return refusal
