"""The queue: which calls are to be heard, and who has them."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.wording import plural
from engagements.access import open_engagement
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.models import QaSample
from kpis.qa.coverage import State, meter_text
from kpis.selectors import qa as selectors
from kpis.services import qa as services

from .telling import row_of

SHOWN_CALLS = 60


@login_required
@require_safe
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
    mask = mask_of(engagement, seat)
    sample.engagement = engagement
    meter = selectors.meter(sample, mask)
    silent = [one for one in meter.of(State.OPEN) if selectors.unreached(one)]
    waiting = [one for one in meter.calls if one.state is not State.REVIEWED and one not in silent]
    done = meter.of(State.REVIEWED)
    may_review = seat.may(Permission.REVIEW_CALLS)
    ticked = set(request.POST.getlist("chosen"))
    context = {
        "engagement": engagement,
        "sample": sample,
        "meter": meter,
        "text": meter_text(meter.total),
        "waiting": [row_of(one, mask) for one in waiting[:SHOWN_CALLS]],
        "more": max(len(waiting) - SHOWN_CALLS, 0),
        "silent": [row_of(one, mask) for one in silent[:SHOWN_CALLS]],
        "more_silent": max(len(silent) - SHOWN_CALLS, 0),
        "done": [row_of(one, mask) for one in done],
        "ticked": ticked if reasons else None,
        "card": selectors.scorecard_in_use(engagement),
        "may_review": may_review,
        "reasons": mask.data(reasons),
    }
    return render(request, "kpis/qa_queue.html", context, status=422 if reasons else 200)


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
    return redirect("kpis:qa_queue", engagement.public_id, sample.public_id)
