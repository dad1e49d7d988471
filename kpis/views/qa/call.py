"""One drawn call: taken in hand, reviewed, corrected, handed back."""

from collections.abc import Callable
from typing import Any
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
from common.forms import taken, written
from common.posting import posted_from
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.forms.qa import ReviewForm
from kpis.models import QaCall, QaReview
from kpis.qa.coverage import State
from kpis.selectors import qa as selectors
from kpis.services import qa as services

from .telling import reasons_of, row_of, told_of


@login_required
@require_safe
@kept_for_reader
def call_page(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """What was heard in this call?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _call_page(request, engagement, seat, drawn_id)


def _call_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    drawn_id: UUID,
    *,
    sent: ReviewForm | None = None,
    correcting: bool = False,
    reasons: list[str] | None = None,
) -> HttpResponse:
    mask = mask_of(engagement, seat)
    call = get_object_or_404(selectors.calls_of(engagement), public_id=drawn_id)
    one = selectors.standing(call)
    may_review, card = seat.may(Permission.REVIEW_CALLS), selectors.scorecard_in_use(engagement)
    mine = one.claim is not None and one.claim.by_id == seat.user.pk
    form = correction = None
    if mine and may_review:
        form = sent if sent and not correcting else ReviewForm(card=card, codes=selectors.codes_of(call))
    alone = one.review if one.review and one.review.round_id is None else None
    if alone and one.state is State.REVIEWED and may_review and not mine:
        correction = sent if sent and correcting else _correction(alone, call)
    context = {
        "engagement": engagement,
        "row": row_of(one, mask),
        "call": call,
        "mine": mine,
        "claim": one.claim,
        "together": one.together,
        "card": card,
        "form": form,
        "correction": correction,
        "correcting": correcting,
        "told": told_of(one.review, mask) if one.review else None,
        "earlier": [told_of(each, mask) for each in selectors.replaced_reviews(call)],
        "may_review": may_review,
        "may_calibrate": seat.may(Permission.LEAD_QA) and one.state is State.OPEN and card is not None,
        "may_return": one.claim is not None and may_review and (mine or seat.may(Permission.LEAD_QA)),
        "free": one.state in (State.OPEN, State.UNHEARD) and one.claim is None,
        "reasons": mask.data(reasons),
    }
    return render(request, "kpis/qa_call.html", context, status=422 if reasons or sent else 200)


def _correction(review: QaReview, call: QaCall, data: Any = None) -> ReviewForm:
    return ReviewForm(
        data, card=review.scorecard, codes=selectors.codes_of(call), kept=review, place="correction"
    )


def _on_call(
    request: TenantRequest, engagement_id: UUID, drawn_id: UUID, permission: Permission
) -> tuple[Engagement, Seat, QaCall]:
    engagement, seat = open_engagement(request, engagement_id, permission)
    call = get_object_or_404(selectors.calls_of(engagement), public_id=drawn_id)
    call.engagement = engagement
    return engagement, seat, call


def _verb(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    call: QaCall,
    act: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Do something about a call and come back to its page."""
    try:
        act()
    except Refused as refusal:
        return _call_page(request, engagement, seat, call.public_id, reasons=refusal.reasons)
    messages.success(request, done)
    return redirect("kpis:qa_call", engagement.public_id, call.public_id)


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def claim(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Take this call in hand."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.REVIEW_CALLS)
    done = "The call is in your hand. Next: listen, and score it."
    return _verb(request, engagement, seat, call, lambda: services.claim(call=call, by=seat), done)


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def hand_back(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Give this call back to the queue."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.REVIEW_CALLS)
    done = "The call is open again for everybody."
    return _verb(request, engagement, seat, call, lambda: services.hand_back(call=call, by=seat), done)


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def calibrate(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Let several people score this call blind."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.LEAD_QA)
    try:
        made = services.open_round(call=call, by=seat)
    except Refused as refusal:
        return _call_page(request, engagement, seat, drawn_id, reasons=refusal.reasons)
    messages.success(request, "The calibration is open. Next: everybody who listens scores it.")
    return redirect("kpis:qa_round", engagement.public_id, made.public_id)


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def review(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Keep what was heard."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.REVIEW_CALLS)
    card = selectors.scorecard_in_use(engagement)
    form = ReviewForm(request.POST, card=card, codes=selectors.codes_of(call))
    made = written(form, lambda: services.review_call(call=call, by=seat, said=form.said()))
    if made:
        messages.success(
            request, "The review is kept." if made.heard else "Kept: this recording cannot be heard."
        )
        return redirect("kpis:qa_queue", engagement.public_id, call.sample.public_id)
    return _call_page(request, engagement, seat, drawn_id, sent=form, reasons=reasons_of(form))


@posted_from("kpis:qa_call", "engagement_id", "drawn_id")
def correct(request: TenantRequest, engagement_id: UUID, drawn_id: UUID) -> HttpResponse:
    """Put a corrected review in the place of this call's, with the reason."""
    engagement, seat, call = _on_call(request, engagement_id, drawn_id, Permission.REVIEW_CALLS)
    kept = next(
        (one for one in call.reviews.all() if str(one.public_id) == request.POST.get("seen", "")), None
    )
    if kept is None:
        reasons = ["The review has changed since this page was loaded. Look at it again."]
        return _call_page(request, engagement, seat, drawn_id, reasons=reasons)
    kept.call = call
    form = _correction(kept, call, request.POST)
    if taken(
        form,
        lambda: services.correct_review(
            review=kept, by=seat, said=form.said(), reason=form.cleaned_data["reason"]
        ),
    ):
        messages.success(request, "The correction counts from now on; the earlier review stays to be read.")
        return redirect("kpis:qa_call", engagement.public_id, call.public_id)
    return _call_page(request, engagement, seat, drawn_id, sent=form, correcting=True)
