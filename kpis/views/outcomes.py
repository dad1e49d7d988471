"""Outcomes: what became of transfers days after the call, by files and by closers' links."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from engagements.access import open_engagement
from engagements.kept_page import keep_until, kept_for_reader
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.forms.outcomes import LinkForm, OutcomesFileForm
from kpis.models import CloserLink, SheetKind
from kpis.selectors import outcomes as reads
from kpis.services import closer_links, sheets

LAST_DAYS = 14


@login_required
@require_safe
@kept_for_reader
def outcomes(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What became of the transfers?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _page(request, engagement, seat)


def _page(request: TenantRequest, engagement: Engagement, seat: Seat, **shown: Any) -> HttpResponse:
    days = reads.told_days(engagement)
    mask = mask_of(engagement, seat)
    today = clock.today(engagement.zone)
    last = days[0].day if days else today
    links = reads.links(engagement)
    for one in links:
        if one.works:
            keep_until(request, one.link.expires_at)
    context = {
        "engagement": engagement,
        "may_tell": seat.may(Permission.TELL_OUTCOMES),
        "meter": reads.meter(engagement, days),
        "days": days[: reads.DAYS_SHOWN],
        "more_days": max(0, len(days) - reads.DAYS_SHOWN),
        "files": reads.sheets(engagement, SheetKind.OUTCOMES),
        "links": [(shown, mask.text(shown.link.closer)) for shown in links],
        "file_form": OutcomesFileForm(),
        "link_form": LinkForm(
            closers=reads.closers(engagement),
            mask=mask,
            initial={"first": max(last - timedelta(days=LAST_DAYS - 1), engagement.kickoff_on), "last": last},
        ),
    }
    refused = any(shown[name].errors for name in ("file_form", "link_form") if name in shown)
    return render(request, "kpis/outcomes.html", context | shown, status=422 if refused else 200)


@posted_from("kpis:outcomes", "engagement_id")
def upload(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep a file of outcomes; the next page shows what would come of it."""
    engagement, seat = open_engagement(request, engagement_id, Permission.TELL_OUTCOMES)
    form = OutcomesFileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet, _ = sheets.upload_sheet(
                engagement=engagement, by=seat, data=file.read(), file_name=file.name, kind=SheetKind.OUTCOMES
            )
        except Refused as refusal:
            form.add_error("file", refusal.reasons)
        else:
            return redirect("kpis:sheet", engagement.public_id, sheet.public_id)
    return _page(request, engagement, seat, file_form=form)


@posted_from("kpis:outcomes", "engagement_id")
def make_link(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Make a link for a closer and show it, this once."""
    engagement, seat = open_engagement(request, engagement_id, Permission.TELL_OUTCOMES)
    form = LinkForm(request.POST, closers=reads.closers(engagement), mask=mask_of(engagement, seat))
    if form.is_valid():
        data = form.cleaned_data
        try:
            link, token = closer_links.make_link(
                engagement=engagement, by=seat, name=data["name"], closer=form.closer_name, first=data["first"],
                last=data["last"], days=data["days"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            address = request.build_absolute_uri(reverse("kpis:closer_door", args=[token]))
            return _page(request, engagement, seat, new_link=link, new_address=address)
    return _page(request, engagement, seat, link_form=form)


@posted_from("kpis:outcomes", "engagement_id")
def withdraw_link(request: TenantRequest, engagement_id: UUID, link_id: UUID) -> HttpResponse:
    """Make a closer's link useless at once."""
    engagement, seat = open_engagement(request, engagement_id, Permission.TELL_OUTCOMES)
    link = get_object_or_404(CloserLink, engagement=engagement, public_id=link_id)
    closer_links.revoke_link(link=link, by=seat)
    messages.success(request, f"The link of {link.name} does not work any more. What was told by it stays.")
    return redirect("kpis:outcomes", engagement.public_id)
