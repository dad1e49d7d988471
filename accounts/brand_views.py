"""The organisation's colour and logo: their page, and the addresses that browsers keep."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.brand import accent_of, sheet_called
from common.errors import Refused
from common.posting import posted_from

from . import branding
from .brand_form import BrandForm
from .models import Brand, Logo
from .requests import TenantRequest, with_seat
from .roles import Permission
from .seat import Seat

FOR_EVER = "max-age=31536000, immutable"  # the address holds a hash of what it answers


@with_seat
@require_safe
def brand(request: TenantRequest, seat: Seat) -> HttpResponse:
    """What the organisation shows of itself, and the form to change it. For administrators."""
    _demand(seat)
    return _page(request, seat)


def _demand(seat: Seat) -> None:
    if not seat.may(Permission.EDIT_BRAND):
        raise PermissionDenied(f"Your role does not allow you to {Permission.EDIT_BRAND}.")


def _page(request: TenantRequest, seat: Seat, form: BrandForm | None = None) -> HttpResponse:
    kept = Brand.objects.filter(organisation=seat.organisation).first()
    colour = kept.colour if kept else ""
    logo = (
        Logo.objects.filter(organisation=seat.organisation, sha256=kept.logo_sha256).first() if kept else None
    )
    context = {
        "form": form or BrandForm(initial={"colour": colour}),
        "colour": colour,
        "accent": accent_of(colour) if colour else None,
        "logo": logo,
    }
    return render(request, "accounts/brand.html", context, status=422 if form else 200)


@posted_from("accounts:brand")
@with_seat
def brand_save(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Keep the colour and the logo."""
    _demand(seat)
    form = BrandForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, seat, form)
    data = form.cleaned_data
    try:
        branding.change_brand(
            by=seat, colour=data["colour"], logo=data["logo"], without_logo=data["without_logo"]
        )
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return _page(request, seat, form)
    messages.success(request, "Saved. Pages have it from now on, papers from the next version on.")
    return redirect("accounts:brand")


@with_seat
@require_safe
def logo(request: TenantRequest, seat: Seat, logo: str) -> HttpResponse:
    """A logo by its hash, to those who know its organisation."""
    found = Logo.objects.filter(sha256=logo).first()
    if found is None:
        raise Http404("There is no such logo.")
    response = HttpResponse(bytes(found.content), content_type="image/png")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = f"private, {FOR_EVER}"
    return response


@require_safe
def brand_sheet(request: HttpRequest, sheet: str) -> HttpResponse:
    """The style sheet of a colour. It follows from its name alone and tells nothing about anybody."""
    rules = sheet_called(sheet)
    if rules is None:
        raise Http404("There is no such style sheet.")
    response = HttpResponse(rules, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, {FOR_EVER}"
    return response
