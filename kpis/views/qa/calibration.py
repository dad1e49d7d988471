"""One call scored by several, blind until the round is closed."""

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
from common.forms import taken
from common.posting import posted_from
from engagements.access import open_engagement
from engagements.kept_page import kept_for_reader
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.forms.qa import ReviewForm
from kpis.models import QaRound
from kpis.qa.coverage import State
from kpis.selectors import qa as selectors
from kpis.selectors.qa import DrawnCall
from kpis.services import qa as services

from .telling import reasons_of, row_of, told_of


@login_required
@require_safe
@kept_for_reader
def rounds(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Do reviewers hear the same?"""
    engagement, seat = open_engagement(request, engagement_id)
    found = selectors.rounds(engagement)
    mask = mask_of(engagement, seat)
    context = {
        "engagement": engagement,
        "rounds": [
            {
                "round": each,
                "row": row_of(DrawnCall(each.call, State.CALIBRATION, None, None, each), mask),
                "scores": len(each.reviews.all()),
                "mine": any(one.by_id == seat.user.pk for one in each.reviews.all()),
            }
            for each in found
        ],
        "pairs": selectors.calibration(found),
        "closed": sum(each.closed_at is not None for each in found),
        "may_score": seat.may(Permission.CALIBRATE),
        "launch": selectors.launch_sample(engagement),
    }
    return render(request, "kpis/qa_rounds.html", context)


@login_required
@require_safe
@kept_for_reader
def round_page(request: TenantRequest, engagement_id: UUID, round_id: UUID) -> HttpResponse:
    """One call, scored by several."""
    engagement, seat = open_engagement(request, engagement_id)
    return _round_page(request, engagement, seat, round_id)


def _round_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    round_id: UUID,
    *,
    sent: ReviewForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    together = get_object_or_404(
        QaRound.objects.select_related("call__agent__belongs_to", "call__sample").prefetch_related(
            "reviews__scorecard", "reviews__call"
        ),
        engagement=engagement,
        public_id=round_id,
    )
    mask = mask_of(engagement, seat)
    scores = list(together.reviews.all())
    mine = [one for one in scores if one.by_id == seat.user.pk]
    card = selectors.scorecard_in_use(engagement)
    may_score = seat.may(Permission.CALIBRATE) and not together.closed_at and not mine
    form = None
    if may_score:
        form = sent or ReviewForm(
            card=card, codes=selectors.codes_of(together.call), blind=True, place="score"
        )
    context = {
        "engagement": engagement,
        "together": together,
        "row": row_of(DrawnCall(together.call, State.CALIBRATION, None, None, together), mask),
        "form": form,
        # Whoever has not scored sees nobody's scores, so that they score what they hear.
        "told": [told_of(one, mask) for one in (scores if together.closed_at else mine)],
        "scores": len(scores),
        "may_close": seat.may(Permission.LEAD_QA) and not together.closed_at,
        "reasons": mask.data(reasons),
    }
    return render(request, "kpis/qa_round.html", context, status=422 if sent or reasons else 200)


@posted_from("kpis:qa_round", "engagement_id", "round_id")
def score(request: TenantRequest, engagement_id: UUID, round_id: UUID) -> HttpResponse:
    """Keep one's own score."""
    engagement, seat = open_engagement(request, engagement_id, Permission.CALIBRATE)
    together = get_object_or_404(
        QaRound.objects.select_related("call"), engagement=engagement, public_id=round_id
    )
    card = selectors.scorecard_in_use(engagement)
    codes = selectors.codes_of(together.call)
    form = ReviewForm(request.POST, card=card, codes=codes, blind=True, place="score")
    if taken(form, lambda: services.score_round(together=together, by=seat, said=form.said())):
        messages.success(request, "Your score is kept. The others' show once the calibration is closed.")
        return redirect("kpis:qa_round", engagement.public_id, round_id)
    return _round_page(request, engagement, seat, round_id, sent=form, reasons=reasons_of(form))


@posted_from("kpis:qa_round", "engagement_id", "round_id")
def close(request: TenantRequest, engagement_id: UUID, round_id: UUID) -> HttpResponse:
    """Open the scores to everybody."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    together = get_object_or_404(QaRound, engagement=engagement, public_id=round_id)
    try:
        services.close_round(together=together, by=seat)
    except Refused as refusal:
        return _round_page(request, engagement, seat, round_id, reasons=refusal.reasons)
    messages.success(request, "The calibration is closed: everybody sees the scores.")
    return redirect("kpis:qa_round", engagement.public_id, round_id)
