"""The transfer log: every transfer, and what was seen of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.wording import plural
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.forms.qa import DaysForm, TransferForm, transfer_fields
from kpis.selectors import transfers as selectors
from kpis.selectors.qa import NO_AGENT, person_of
from kpis.services.transfers import verify_transfers


@login_required
@require_safe
@kept_for_reader
def transfers(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Did every transfer connect, and was every closer briefed?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _page(request, engagement, seat, request.GET)


def _page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    asked: Any,
    *,
    sent: bool = False,
    reasons: list[str] | None = None,
) -> HttpResponse:
    usual = selectors.supervised_days(engagement)
    shown = dict(zip(("first", "last"), usual, strict=True))
    days_form = DaysForm(asked if "first" in asked or "last" in asked else None, initial=shown)
    first, last = usual
    if days_form.is_bound and days_form.is_valid():
        first, last = days_form.cleaned_data["first"], days_form.cleaned_data["last"]
    mask = mask_of(engagement, seat)
    found = selectors.transfers(engagement, first, last)
    may_verify = seat.may(Permission.VERIFY_TRANSFER)
    rows: list[dict[str, Any]] = []
    for number, one in enumerate(found):
        person = person_of(one.call.agent)
        form = fields = None
        if may_verify and number < selectors.PAGE_SIZE:
            if sent and f"t{one.call.pk}-seen_as" in request.POST:
                form = TransferForm(request.POST, transfer=one)
                form.is_valid()
            else:
                fields = transfer_fields(one)
        rows.append(
            {
                "transfer": one,
                "agent": mask.of(person) if person else NO_AGENT,
                "closer": mask.text(one.call.closer),
                "note": mask.text(one.check.note) if one.check else "",
                "earlier": [(check, mask.text(check.note)) for check in one.earlier],
                "form": form,
                "fields": fields,
            }
        )
    context = {
        "engagement": engagement,
        "days_form": days_form,
        "first": first,
        "last": last,
        "usual": (first, last) == usual,
        "meter": selectors.meter_of(found),
        "open_rows": [row for row in rows if row["transfer"].check is None],
        "done_rows": [row for row in rows if row["transfer"].check is not None],
        "hidden": max(len(found) - selectors.PAGE_SIZE, 0) if may_verify else 0,
        "may_verify": may_verify,
        "reasons": mask.data(reasons),
    }
    status = 422 if reasons or sent or (days_form.is_bound and days_form.errors) else 200
    return render(request, "kpis/transfers.html", context, status=status)


@posted_from("kpis:transfers", "engagement_id")
def verify(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep what was seen of the transfers that something is said of."""
    engagement, seat = open_engagement(request, engagement_id, Permission.VERIFY_TRANSFER)
    usual = selectors.supervised_days(engagement)
    days = DaysForm(request.POST)
    first, last = (days.cleaned_data["first"], days.cleaned_data["last"]) if days.is_valid() else usual
    forms = [
        form
        for one in selectors.transfers(engagement, first, last)
        if f"t{one.call.pk}-seen_as" in request.POST
        for form in [TransferForm(request.POST, transfer=one)]
    ]
    asked = {"first": first.isoformat(), "last": last.isoformat()}
    wrong = [form for form in forms if not form.is_valid()]
    if wrong:
        reasons = ["Something is missing beside a transfer. Nothing has been kept yet."]
        return _page(request, engagement, seat, asked, sent=True, reasons=reasons)
    checks = [check for form in forms if (check := form.check())]
    try:
        made = verify_transfers(engagement=engagement, by=seat, checks=checks)
    except Refused as refusal:
        return _page(request, engagement, seat, asked, sent=True, reasons=refusal.reasons)
    messages.success(request, f"{plural(len(made), 'transfer')} verified.")
    path = reverse("kpis:transfers", args=[engagement.public_id])
    return HttpResponseRedirect(path if (first, last) == usual else f"{path}?{urlencode(asked)}")
