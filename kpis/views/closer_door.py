"""The page behind a closer's link: no account, no tenant, only the transfers of the link."""

import re
from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from accounts.address import client_address
from common import clock
from common.errors import Refused
from common.hashing import token_hash
from common.posting import posted_from
from common.without_cache import LenientThrottle
from common.wording import plural
from kpis.forms.outcomes import ToldForm
from kpis.selectors.closer_links import (
    LinkedList,
    LinkedTransfer,
    OpenedLink,
    count_linked,
    find_link,
    linked_transfers,
)
from kpis.services.closer_links import tell_by_link

PAGE = 50  # a form of as many transfers stays far below the number of fields that a request may have
SENT = re.compile(r"t(-?[0-9]{1,19})-said", re.ASCII)
INCOMPLETE = ("Something is missing beside a transfer. Nothing was kept yet.",)


class DoorThrottle(LenientThrottle):
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
    forms = _sent_forms(request, closer_token, clock.today(found.zone))
    if not all(form.is_valid() for form in forms):
        return _page(request, closer_token, found, forms, INCOMPLETE)
    said = [told for form in forms if (told := form.told())]
    try:
        written = tell_by_link(token=closer_token, said=said, address=client_address(request))
    except Refused as refusal:
        # As it stands now: what somebody else has told since the page was made is to be seen beside what was typed.
        forms = _sent_forms(request, closer_token, clock.today(found.zone))
        return _page(request, closer_token, _found(closer_token), forms, refusal.reasons)
    messages.success(
        request,
        f"Kept: {plural(written, 'transfer')}. Thank you."
        if written
        else "Nothing new was said, so nothing was kept.",
    )
    back = reverse("kpis:closer_door", args=[closer_token])
    return redirect(f"{back}?told=yes" if _wants_told(request) else back)


def _found(token: str) -> OpenedLink:
    found = find_link(token)
    if found is None:
        raise Http404("There is no such link.")
    return found


def _sent_forms(request: HttpRequest, token: str, today: date) -> list[ToldForm]:
    """The forms of the transfers that were sent, each of one that the link is about."""
    keys = [int(found[1]) for name in request.POST if (found := SENT.fullmatch(name))]
    return [ToldForm(request.POST, transfer=one, today=today) for one in linked_transfers(token, keys)]


def _page(
    request: HttpRequest,
    token: str,
    found: OpenedLink,
    sent: Sequence[ToldForm] = (),
    reasons: Sequence[str] = (),
) -> HttpResponse:
    context: dict[str, Any] = {"link": found, "token": token, "reasons": reasons}
    if found.state != "open":
        return render(request, "kpis/closer_ended.html", context, status=HTTPStatus.GONE)
    today = clock.today(found.zone)
    count = count_linked(token)
    told = _wants_told(request)
    listed = LinkedList(token, told, count.told if told else count.not_told)
    paginator: Paginator[LinkedTransfer] = Paginator(listed, PAGE)  # type: ignore[arg-type]  # it only slices
    pages = paginator.get_page(request.GET.get("page"))
    if sent:
        rows = [form.once_more() for form in sent]
    else:
        rows = [ToldForm(transfer=one, today=today) for one in pages]
    context |= {
        "count": count,
        "told": told,
        "pages": pages,
        "rows": rows,
        "query": "told=yes&" if told else "",
    }
    return render(request, "kpis/closer.html", context, status=422 if reasons else 200)


def _wants_told(request: HttpRequest) -> bool:
    return request.GET.get("told") == "yes"


def _too_often(request: HttpRequest, token: str, *, writes: bool) -> bool:
    return not DoorThrottle().allow_request(request, token) or (  # type: ignore[arg-type]
        writes and not WriteThrottle().allow_request(request, token)  # type: ignore[arg-type]
    )


def _wait(request: HttpRequest) -> HttpResponse:
    return render(request, "kpis/closer_wait.html", status=HTTPStatus.TOO_MANY_REQUESTS)
