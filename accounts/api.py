"""Authentication of the API: the seat middleware has already looked the token up."""

from typing import cast

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from .models import User
from .requests import TenantRequest, Token


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …` with a token from Settings; 401 for one that is unknown, revoked or expired."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        inner = cast(TenantRequest, request._request)
        if inner.api_token:
            return inner.user, inner.api_token
        if request.headers.get("Authorization", "").partition(" ")[0].lower() == "bearer":
            raise AuthenticationFailed("This token is not valid.")
        return None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
