"""Unit prices: what the work costs, since when, and who said so."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.wording import figure_text
from engagements.access import open_engagement
from engagements.models import Engagement
from kpis.forms.prices import PricesForm
from kpis.prices import LABELS
from kpis.selectors.prices import all_prices, as_prices
from kpis.services.prices import set_prices


@login_required
@require_safe
def prices(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What does the work cost?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _page(request, engagement, seat)


@posted_from("kpis:prices", "engagement_id")
def set_(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Set the prices from a date on."""
    engagement, seat = open_engagement(request, engagement_id, Permission.SET_PRICES)
    form = PricesForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            set_prices(
                engagement=engagement,
                by=seat,
                prices=form.prices(),
                from_on=data["from_on"],
                note=data["note"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(
                request, "The prices are kept. The bottleneck counts them where they hold at day 30."
            )
            return redirect("kpis:prices", engagement.public_id)
    return _page(request, engagement, seat, form)


def _page(
    request: TenantRequest, engagement: Engagement, seat: Seat, form: PricesForm | None = None
) -> HttpResponse:
    versions, today = all_prices(engagement), clock.today(engagement.zone)
    now = next((row for row in versions if row.from_on <= today), None)
    context = {
        "engagement": engagement,
        "versions": [
            (
                row,
                [
                    (label, figure_text(getattr(row, name), "money"))
                    for name, label in LABELS.items()
                    if getattr(row, name)
                ],
            )
            for row in versions
        ],
        "now": now,
        "may_set": seat.may(Permission.SET_PRICES),
        "form": form or PricesForm(now=as_prices(now) if now else None, from_on=today),
    }
    return render(request, "kpis/prices.html", context, status=422 if form else 200)
