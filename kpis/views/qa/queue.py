"""The queue: which calls are to be heard, and who has them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.posting import posted_from
from common.wording import plural
from engagements.access import open_engagement
from engagements.kept import Parts
from engagements.kept_page import kept_for_reader
from engagements.masking import OPEN, Mask
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.models import QaSample
from kpis.qa.coverage import Coverage, State, meter_text
from kpis.selectors import qa as selectors
from kpis.services import qa as services

from .telling import row_of

# How many of each list stand on the page, and how many of one list on a page of it alone.
FIRST = 20
A_PAGE = 50


@login_required
@require_safe
@kept_for_reader
def queue(request: TenantRequest, engagement_id: UUID, sample_id: UUID) -> HttpResponse:
    """Which calls are to be heard, and who has them?"""
    engagement, seat = open_engagement(request, engagement_id)
    sample = get_object_or_404(selectors.samples(engagement), public_id=sample_id)
    return _queue_page(request, engagement, seat, sample)


def _queue_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    sample: QaSample,
    *,
    reasons: list[str] | None = None,
) -> HttpResponse:
    """The first of every list, or all of the one that the address names, a page at a time."""
    mask = mask_of(engagement, seat)
    sample.engagement = engagement
    parts = Parts(engagement, clock.today(engagement.zone))
    kept = parts.page(f"QA sample {sample.pk}", OPEN, make=lambda: _queued(sample))
    lists: dict[str, list[int]] = kept["lists"]
    only = request.GET.get("list", "")
    pages = Paginator(lists[only], A_PAGE).get_page(request.GET.get("page")) if only in lists else None
    shown = {only: list(pages.object_list)} if pages else {name: keys[:FIRST] for name, keys in lists.items()}
    rows = _rows(engagement, [key for keys in shown.values() for key in keys], mask)
    total = Coverage(**kept["total"])
    context = {
        "engagement": engagement,
        "sample": sample,
        "total": total,
        "text": meter_text(total),
        "lists": {
            name: {
                "rows": [rows[key] for key in shown[name]],
                "count": len(keys),
                "more": pages is None and len(keys) > FIRST,
            }
            if name in shown
            else None
            for name, keys in lists.items()
        },
        "pages": pages,
        "query": f"list={only}&" if pages else "",
        "ticked": set(request.POST.getlist("chosen")) if reasons else None,
        "card": selectors.scorecard_in_use(engagement),
        "may_review": seat.may(Permission.REVIEW_CALLS),
        "reasons": mask.data(reasons),
    }
    return render(request, "kpis/qa_queue.html", context, status=422 if reasons else 200)


def _queued(sample: QaSample) -> dict[str, Any]:
    """How much of a sample is done, and which of its calls, by their keys, stand in which list."""
    meter = selectors.meter(sample)
    lists: dict[str, list[int]] = {"waiting": [], "silent": [], "done": []}
    for one in meter.calls:
        silent = one.state is State.OPEN and selectors.unreached(one)
        name = "done" if one.state is State.REVIEWED else "silent" if silent else "waiting"
        lists[name].append(one.call.pk)
    return {"total": asdict(meter.total), "lists": lists}


def _rows(engagement: Engagement, keys: list[int], mask: Mask) -> dict[int, dict[str, Any]]:
    """The lines of these calls, by their keys. Four queries."""
    calls = selectors.calls_of(engagement).filter(pk__in=keys)
    return {call.pk: row_of(selectors.standing(call), mask) for call in calls}


@posted_from("kpis:qa_queue", "engagement_id", "sample_id")
def take_next(request: TenantRequest, engagement_id: UUID, sample_id: UUID) -> HttpResponse:
    """Take the next call in hand."""
    engagement, seat = open_engagement(request, engagement_id, Permission.REVIEW_CALLS)
    sample = get_object_or_404(selectors.samples(engagement), public_id=sample_id)
    try:
        call = services.claim_next(engagement=engagement, by=seat, sample=sample)
    except Refused as refusal:
        return _queue_page(request, engagement, seat, sample, reasons=refusal.reasons)
    return redirect("kpis:qa_call", engagement.public_id, call.public_id)


@posted_from("kpis:qa_queue", "engagement_id", "sample_id")
def confirm(request: TenantRequest, engagement_id: UUID, sample_id: UUID) -> HttpResponse:
    """Say of the ticked calls that they were heard and that nobody was reached."""
    engagement, seat = open_engagement(request, engagement_id, Permission.REVIEW_CALLS)
    sample = get_object_or_404(selectors.samples(engagement), public_id=sample_id)
    try:
        chosen = [UUID(text) for text in request.POST.getlist("chosen")]
        made = services.confirm_unreached(engagement=engagement, by=seat, chosen=chosen)
    except ValueError:
        return _queue_page(request, engagement, seat, sample, reasons=["Tick at least one call."])
    except Refused as refusal:
        return _queue_page(request, engagement, seat, sample, reasons=refusal.reasons)
    messages.success(request, f"{plural(len(made), 'call')} heard, with nobody reached as recorded.")
    queue_url = reverse("kpis:qa_queue", args=[engagement.public_id, sample.public_id])
    return HttpResponseRedirect(
        f"{queue_url}?list=silent" if request.GET.get("list") == "silent" else queue_url
    )
