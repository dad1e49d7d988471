"""Portfolio: every engagement, filtered and sorted, and the views of it that somebody keeps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import services
from accounts.models import SavedView
from accounts.requests import TenantRequest, with_seat
from accounts.roles import Permission
from accounts.seat import Seat
from accounts.selectors import saved_views
from common.errors import Refused
from common.posting import posted_from
from workspace.filters import PortfolioForm, ViewForm
from workspace.selectors.portfolio import portfolio as read_portfolio
from workspace.selectors.portfolio import rows_of

PAGE = "portfolio"


@login_required
@require_safe
def portfolio(request: TenantRequest) -> HttpResponse:
    """Every engagement with what it waits for; without a question in the address, the view to land on."""
    views = list(saved_views(request.seat, PAGE)) if request.seat else []
    landing = next((view for view in views if view.lands), None)
    if landing and not request.GET:
        return redirect(_address(landing.query))
    return _page(request, views, request.GET or None)


def _address(query: str) -> str:
    """The address of a filter; that of everything says so, for the bare one opens the view to land on."""
    return f"{reverse('workspace:portfolio')}?{query or 'all'}"


def _page(
    request: TenantRequest,
    views: list[SavedView],
    chosen: Any,
    *,
    naming: ViewForm | None = None,
    renaming: ViewForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    page = read_portfolio(request.seat) if request.seat else None
    form = PortfolioForm(chosen, page=page)
    query = form.query
    rows, pages = rows_of(request.seat, form.chosen, _number(request)) if request.seat else ([], None)
    here = next((view for view in views if view.query == query), None)
    context = {
        "page": page,
        "form": form,
        "rows": rows,
        "pages": pages,
        "before": f"{query}&" if query else "all&",
        "may_create": bool(request.seat and request.seat.may(Permission.CREATE_ENGAGEMENT)),
        "views": [(view, _address(view.query), view == here) for view in views],
        "here": here,
        "query": query,
        "naming": naming or ViewForm(auto_id="save_%s"),
        "renaming": renaming or ViewForm(auto_id="rename_%s", initial={"name": here.name if here else ""}),
        "open": bool(naming or renaming or reasons),
        "reasons": reasons,
    }
    failed = bool(reasons or (naming and naming.errors) or (renaming and renaming.errors))
    return render(request, "workspace/portfolio.html", context, status=422 if failed else 200)


def _number(request: TenantRequest) -> int:
    """Which page the address asks for; the first where it asks for none that could be."""
    said = request.GET.get("page", "")
    return int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 6 and int(said) else 1


def _filter(query: str) -> dict[str, str]:
    return QueryDict(query).dict()


@posted_from("workspace:portfolio")
@with_seat
def view_save(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Keep the present filter and order under a name."""
    form = ViewForm(request.POST, auto_id="save_%s")
    page = read_portfolio(seat)
    chosen = PortfolioForm(_filter(request.POST.get("query", "")[:500]), page=page)
    reasons = None
    if form.is_valid() and chosen.query:
        try:
            view = services.save_view(by=seat, page=PAGE, name=form.cleaned_data["name"], query=chosen.query)
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, f"“{view.name}” opens what you chose here. Nobody else sees it.")
            return redirect(_address(view.query))
    elif form.is_valid():
        reasons = ["Choose a filter or an order first: everything is a view already."]
    return _page(request, list(saved_views(seat, PAGE)), chosen.data, naming=form, reasons=reasons)


def _view(seat: Seat, view_id: UUID) -> SavedView:
    return get_object_or_404(saved_views(seat, PAGE), public_id=view_id)


@posted_from("workspace:portfolio")
@with_seat
def view_rename(request: TenantRequest, seat: Seat, view_id: UUID) -> HttpResponse:
    """Give a view another name."""
    view = _view(seat, view_id)
    form = ViewForm(request.POST, auto_id="rename_%s")
    reasons = None
    if form.is_valid():
        try:
            services.rename_view(by=seat, view=view, name=form.cleaned_data["name"])
        except Refused as refusal:
            reasons = refusal.reasons
        else:
            messages.success(request, f"The view is called “{view.name}” now.")
            return redirect(_address(view.query))
    return _page(request, list(saved_views(seat, PAGE)), _filter(view.query), renaming=form, reasons=reasons)


@posted_from("workspace:portfolio")
@with_seat
def view_land(request: TenantRequest, seat: Seat, view_id: UUID) -> HttpResponse:
    """Let the portfolio open with a view, or with everything again."""
    view = _view(seat, view_id)
    on = request.POST.get("lands") == "on"
    services.land_on(by=seat, view=view, on=on)
    messages.success(
        request, f"The portfolio opens with {f'“{view.name}”' if on else 'all engagements'} from now on."
    )
    return redirect(_address(view.query))


@posted_from("workspace:portfolio")
@with_seat
def view_remove(request: TenantRequest, seat: Seat, view_id: UUID) -> HttpResponse:
    """Forget a view."""
    view = _view(seat, view_id)
    services.remove_view(by=seat, view=view)
    messages.success(request, f"The view “{view.name}” is removed.")
    return redirect(_address(view.query))
