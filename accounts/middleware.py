"""Who is asking, and for which organisation: decided once per request, before the tenant is entered."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

from common import clock

from .chairs import Chair, chairs_of
from .models import Organisation, User
from .seat import Seat

SESSION_KEY = "organisation"


def seat(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Set `request.chairs`, `request.organisation_id` and `request.seat` (None for anybody without one).

    A removed membership therefore bites on the very next request.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.chairs, request.organisation_id, request.seat, request.engagement = [], None, None, None
        request.api_token = _token_of(request)
        if request.user.is_authenticated:
            _sit(request)
        return get_response(request)

    return middleware


def hash_token(token: str) -> str:
    """What is kept of a token: SHA-256, 64 hex digits. Tokens are random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _sit(request: HttpRequest) -> None:
    request.chairs = chairs_of(request.user.pk)
    chair = _chosen(request)
    if chair is None:
        return
    request.organisation_id = chair.organisation_id
    request.seat = Seat(
        user=request.user,
        organisation=Organisation(pk=chair.organisation_id, public_id=chair.public_id, name=chair.name),
        role=chair.role,
        address=request.META.get("REMOTE_ADDR", ""),
        read_only=bool(request.api_token and not request.api_token.may_write),
    )


def _chosen(request: HttpRequest) -> Chair | None:
    wanted = request.api_token.organisation_id if request.api_token else None
    if wanted is not None:
        return next((chair for chair in request.chairs if chair.organisation_id == wanted), None)
    remembered = request.session.get(SESSION_KEY)
    return next(
        (chair for chair in request.chairs if str(chair.public_id) == remembered),
        request.chairs[0] if request.chairs else None,
    )


@dataclass(frozen=True)
class Token:
    """A valid API token, as far as a request needs it."""

    token_id: int
    user_id: int
    organisation_id: int
    may_write: bool


def _token_of(request: HttpRequest) -> Token | None:
    """The API's bearer token; it replaces the session, so that a page's cookie never widens it."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not request.path.startswith("/api/"):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.find_token(%s, %s)", [hash_token(value.strip()), clock.now()])
        row = cursor.fetchone()
    if row is None:
        request.user = AnonymousUser()
        return None
    token = Token(*row)
    request.user = User.objects.get(pk=token.user_id)
    return token
