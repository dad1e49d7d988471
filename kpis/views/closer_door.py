"""The page behind a closer's link: no account, no tenant, only the transfers of the link."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe
from rest_framework.throttling import SimpleRateThrottle

from accounts.address import client_address
from common import clock
from common.errors import Refused
from common.hashing import token_hash
from common.posting import posted_from
from common.wording import plural
from kpis.forms.outcomes import ToldForm
from kpis.selectors.closer_links import OpenedLink, find_link, linked_transfers
from kpis.services.closer_links import tell_by_link


class DoorThrottle(SimpleRateThrottle):
    """How often one address may knock."""

    scope = "closer_door"
    rate = "120/min"
    timer = staticmethod(lambda: clock.now().timestamp())

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle:{self.scope}:{token_hash(client_address(request))}"


class WriteThrottle(DoorThrottle):
    """How often one link may write."""

    scope = "closer_write"
    rate = "20/min"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle:{self.scope}:{token_hash(view)}"


@never_cache
@require_safe
@sensitive_variables("closer_token")
def door(request: HttpRequest, closer_token: str) -> HttpResponse:
    """What became of my transfers?"""
    if _too_often(request, closer_token, writes=False):
        return _wait(request)
    return _page(request, closer_token, _found(closer_token))


@never_cache
@posted_from("kpis:closer_door", "closer_token", open_to_all=True)
@sensitive_variables("closer_token")
def tell(request: HttpRequest, closer_token: str) -> HttpResponse:
    """Keep what a closer says of the transfers that something is said of."""
    if _too_often(request, closer_token, writes=True):
        return _wait(request)
    found = _found(closer_token)
    if found.state != "open":
        return _page(request, closer_token, found)
    today = clock.today(found.zone)
    forms = [
        ToldForm(request.POST, transfer=one, today=today)
        for one in linked_transfers(closer_token)
        if f"t{one.key}-said" in request.POST
    ]
    wrong = [form for form in forms if not form.is_valid()]
    if wrong:
        return _page(
            request,
            closer_token,
            found,
            reasons=["Something is missing beside a transfer. Nothing was kept yet."],
        )
    said = [told for form in forms if (told := form.told())]
    try:
        written = tell_by_link(token=closer_token, said=said, address=client_address(request))
    except Refused as refusal:
        return _page(request, closer_token, _found(closer_token), reasons=refusal.reasons)
    messages.success(
        request,
        f"Kept: {plural(written, 'transfer')}. Thank you."
        if written
        else "Nothing new was said, so nothing was kept.",
    )
    return redirect("kpis:closer_door", closer_token)


def _found(token: str) -> OpenedLink:
    found = find_link(token)
    if found is None:
        raise Http404("There is no such link.")
    return found


def _page(
    request: HttpRequest, token: str, found: OpenedLink, *, reasons: list[str] | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"link": found, "token": token, "reasons": reasons}
    if found.state != "open":
        return render(request, "kpis/closer_ended.html", context, status=HTTPStatus.GONE)
    today = clock.today(found.zone)
    rows = []
    for one in linked_transfers(token):
        sent = bool(reasons) and f"t{one.key}-said" in request.POST
        form = ToldForm(request.POST if sent else None, transfer=one, today=today)
        if sent:
            form.is_valid()
        rows.append((one, form))
    context["open_rows"] = [row for row in rows if not row[0].stage]
    context["told_rows"] = [row for row in rows if row[0].stage]
    return render(request, "kpis/closer.html", context, status=422 if reasons else 200)


def _too_often(request: HttpRequest, token: str, *, writes: bool) -> bool:
    return not DoorThrottle().allow_request(request, token) or (  # type: ignore[arg-type]
        writes and not WriteThrottle().allow_request(request, token)  # type: ignore[arg-type]
    )


def _wait(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/closer_wait.html", status=HTTPStatus.TOO_MANY_REQUESTS)
