"""Who is asking, and for which organisation: decided once per request, before the tenant is entered."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponseBase

from common import clock
from common.hashing import token_hash

from .address import client_address
from .chairs import Chair, chairs_of
from .models import Organisation, User
from .requests import TenantRequest, Token
from .seat import Seat

SESSION_KEY = "organisation"


def seat(
    get_response: Callable[[TenantRequest], HttpResponseBase],
) -> Callable[[TenantRequest], HttpResponseBase]:
    """Set `request.chairs`, `request.organisation_id` and `request.seat` (None for anybody without one).

    A removed membership therefore bites on the very next request.
    """

    def middleware(request: TenantRequest) -> HttpResponseBase:
        request.chairs, request.organisation_id, request.seat = [], None, None
        request.engagement, request.keeping = None, None
        request.api_token = _token_of(request)
        if request.user.is_authenticated:
            _sit(request)
        return get_response(request)

    return middleware


def _sit(request: TenantRequest) -> None:
    request.chairs = chairs_of(request.user.pk)
    chair = _chosen(request)
    if chair is None:
        return
    request.organisation_id = chair.organisation_id
    request.seat = Seat(
        user=request.user,
        organisation=Organisation(pk=chair.organisation_id, public_id=chair.public_id, name=chair.name),
        role=chair.role,
        address=client_address(request),
        read_only=bool(request.api_token and not request.api_token.may_write),
    )


def _chosen(request: TenantRequest) -> Chair | None:
    wanted = request.api_token.organisation_id if request.api_token else None
    if wanted is not None:
        return next((chair for chair in request.chairs if chair.organisation_id == wanted), None)
    remembered = request.session.get(SESSION_KEY)
    return next(
        (chair for chair in request.chairs if str(chair.public_id) == remembered),
        request.chairs[0] if request.chairs else None,
    )


def _token_of(request: TenantRequest) -> Token | None:
    """The API's bearer token; it replaces the session, so that a page's cookie never widens it."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not request.path.startswith("/api/"):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.find_token(%s, %s)", [token_hash(value.strip()), clock.now()])
        row = cursor.fetchone()
    if row is None:
        request.user = AnonymousUser()  # type: ignore[assignment]  # nobody: the API answers 401
        return None
    token = Token(*row)
    request.user = User.objects.get(pk=token.user_id)
    return token
