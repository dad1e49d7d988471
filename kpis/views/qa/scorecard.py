"""By what calls are scored."""

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
from engagements.models import Engagement
from kpis.forms.qa import ScorecardForm
from kpis.models import QaScorecard
from kpis.selectors import qa as selectors
from kpis.services import qa as services


@login_required
@require_safe
@kept_for_reader
def scorecard(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """By what are calls scored?"""
    engagement, seat = open_engagement(request, engagement_id)
    return _scorecard_page(request, engagement, seat)


def _scorecard_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    sent: ScorecardForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    cards = list(selectors.scorecards(engagement))
    newest = cards[0] if cards else None
    may_lead = seat.may(Permission.LEAD_QA)
    context = {
        "engagement": engagement,
        "in_use": next((card for card in cards if card.used_at), None),
        "draft": newest if newest and not newest.used_at else None,
        "earlier": [card for card in cards if card.used_at][1:],
        "form": (sent or ScorecardForm(card=newest)) if may_lead else None,
        "sent": sent is not None,
        "may_lead": may_lead,
        "reasons": reasons,
    }
    return render(request, "kpis/qa_scorecard.html", context, status=422 if sent or reasons else 200)


@posted_from("kpis:qa_scorecard", "engagement_id")
def save_scorecard(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep the scorecard that is being written."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    form = ScorecardForm(request.POST, card=selectors.scorecards(engagement).first())
    if taken(
        form,
        lambda: services.save_scorecard(
            engagement=engagement, by=seat, name=form.cleaned_data["name"], items=form.items(),
            pass_mark=form.cleaned_data["pass_mark"], seen=form.cleaned_data["seen"],
        ),
    ):  # fmt: skip
        messages.success(request, "The scorecard is kept. Next: put it in use.")
        return redirect("kpis:qa_scorecard", engagement.public_id)
    return _scorecard_page(request, engagement, seat, sent=form)


@posted_from("kpis:qa_scorecard", "engagement_id")
def use_scorecard(request: TenantRequest, engagement_id: UUID, card_id: UUID) -> HttpResponse:
    """Score calls by it from now on."""
    engagement, seat = open_engagement(request, engagement_id, Permission.LEAD_QA)
    card = get_object_or_404(QaScorecard, engagement=engagement, public_id=card_id)
    try:
        services.use_scorecard(scorecard=card, by=seat, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        return _scorecard_page(request, engagement, seat, reasons=refusal.reasons)
    messages.success(request, "Calls are scored by this version from now on.")
    return redirect("kpis:qa_scorecard", engagement.public_id)
