"""How allauth behaves here: nobody signs up alone, people come in by invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An account comes into being when an invitation is accepted, and in no other way."""
        return False
