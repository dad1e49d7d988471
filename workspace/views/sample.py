"""The sample of an organisation: a running engagement to look at, added and removed at one's own wish."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest, with_seat
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from workspace import services
from workspace.selectors.samples import sample_now


@with_seat
@require_safe
def sample(request: TenantRequest, seat: Seat) -> HttpResponse:
    """What a sample is, and the one that is there. For who may open engagements."""
    _demand(seat)
    return _page(request, seat)


@posted_from("workspace:sample")
@with_seat
def sample_add(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Have it made, with one's own organisation on the side that was chosen."""
    _demand(seat)
    if request.POST.get("side") not in Side.values:
        return _page(request, seat, ["Choose whether your organisation dials or buys in the sample."])
    try:
        services.ask_for_sample(by=seat, side=Side(request.POST["side"]))
    except Refused as refusal:
        return _page(request, seat, refusal.reasons)
    return redirect("workspace:sample")


@with_seat
@require_safe
def sample_removal(request: TenantRequest, seat: Seat) -> HttpResponse:
    """What removing it means, asked once more."""
    _demand(seat)
    now = sample_now(seat.organisation)
    if now.state != "there":
        return redirect("workspace:sample")
    return render(request, "workspace/sample_removal.html", {"sample": now})


@posted_from("workspace:sample")
@with_seat
def sample_remove(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Have it removed, for good."""
    _demand(seat)
    if services.ask_for_removal(by=seat) is None:
        messages.info(request, "There is no sample to remove.")
    return redirect("workspace:sample")


def _demand(seat: Seat) -> None:
    if not seat.may(Permission.CREATE_ENGAGEMENT):
        raise PermissionDenied(f"Your role does not allow you to {Permission.CREATE_ENGAGEMENT}.")


def _page(request: TenantRequest, seat: Seat, reasons: list[str] | None = None) -> HttpResponse:
    context = {"sample": sample_now(seat.organisation), "reasons": reasons}
    name = "workspace/sample.html#state" if request.htmx else "workspace/sample.html"
    return render(request, name, context, status=422 if reasons else 200)
