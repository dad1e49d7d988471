"""Authentication of the API: the seat middleware has already looked the token up."""

from typing import cast

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from .models import User
from .requests import TenantRequest, Token


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` with a token from Settings. A token that is unknown, revoked or expired is nobody."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        inner = cast(TenantRequest, request._request)
        return (inner.user, inner.api_token) if inner.api_token else None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
