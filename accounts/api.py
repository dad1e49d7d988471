"""Authentication of the API: the seat middleware has already looked the token up."""

from django.contrib.auth.base_user import AbstractBaseUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` with a token from Settings. A token that is unknown, revoked or expired is nobody."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, object] | None:
        token = getattr(request._request, "api_token", None)
        return (request._request.user, token) if token else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
