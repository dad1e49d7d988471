"""Comments: written and withdrawn where they stand, and all of them on one page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Side
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from

from .access import open_engagement
from .models import Comment, Engagement
from .services import comments as services
from .threads import Spot, Threads, part_context, said_in, unsealed

A_PAGE = 50
OLD_FORM = "This form belongs to another page. Open the page again and write it there."


@login_required
@require_safe
def comments(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Everything said in the engagement that one's side may read."""
    engagement, seat = open_engagement(request, engagement_id)
    return _comments_page(request, engagement, seat)


def _comments_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    spot: Spot | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    said = said_in(engagement, reader=request.user).order_by("-at", "-pk")
    context: dict[str, Any] = {
        "engagement": engagement,
        "page": Paginator(said, A_PAGE).get_page(request.GET.get("page")),
        "own": engagement.organisation_of(seat.side or Side.CLIENT),
        "reasons": reasons,
        "typed": request.POST.get("text", ""),
        "spot": spot,
        "seal": spot.sealed(engagement) if spot else "",
        "names": Threads(engagement, request.user).names if spot else "",
    }
    return render(request, "engagements/comments.html", context, status=422 if reasons else 200)


@posted_from("engagements:comments", "engagement_id")
def comment_say(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Write a comment or a private note, and come back to where it stands."""
    engagement, seat = open_engagement(request, engagement_id)
    spot = unsealed(engagement, request.POST.get("place", ""))
    if spot is None:
        return _comments_page(request, engagement, seat, reasons=[OLD_FORM])
    private = bool(request.POST.get("private"))
    try:
        comment = services.say(
            engagement=engagement,
            by=seat,
            about=spot.about,
            text=request.POST.get("text", "").replace("\0", ""),
            private=private,
            place=services.Place(spot.page, spot.title, request.build_absolute_uri(spot.page)),
        )
    except Refused as refusal:
        if request.htmx:
            return _part(request, engagement, seat, spot, reasons=refusal.reasons)
        return _comments_page(request, engagement, seat, spot=spot, reasons=refusal.reasons)
    if request.htmx:
        return _part(request, engagement, seat, spot, fresh=comment.public_id)
    messages.success(
        request, "Your private note is kept." if private else "Your comment is written; both sides read it."
    )
    return HttpResponseRedirect(comment.address)


def _part(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    spot: Spot,
    *,
    reasons: list[str] | None = None,
    fresh: UUID | None = None,
) -> HttpResponse:
    """One place's comments alone, as its page shows them."""
    threads = Threads(engagement, request.user)
    level = request.POST.get("level", "")
    context = part_context(
        engagement, seat, spot, threads,
        level=level if level in ("2", "3", "4") else "2", folded=bool(request.POST.get("folded")), open=True,
        reasons=reasons, typed=request.POST.get("text", "") if reasons else "", fresh=fresh,
    )  # fmt: skip
    return render(request, "engagements/_comments.html", context, status=422 if reasons else 200)


@posted_from("engagements:comments", "engagement_id")
def comment_withdraw(request: TenantRequest, engagement_id: UUID, comment_id: UUID) -> HttpResponse:
    """Take one's own comment back."""
    engagement, seat = open_engagement(request, engagement_id)
    comment = get_object_or_404(Comment, engagement=engagement, public_id=comment_id)
    try:
        services.withdraw(comment=comment, by=seat)
    except Refused as refusal:
        return _comments_page(request, engagement, seat, reasons=refusal.reasons)
    messages.success(request, "Your comment is withdrawn: its words are shown to nobody any more.")
    return HttpResponseRedirect(comment.address)


@posted_from("engagements:comments", "engagement_id")
def comment_read(request: TenantRequest, engagement_id: UUID, comment_id: UUID) -> HttpResponse:
    """Take a mention of oneself off one's work."""
    engagement, seat = open_engagement(request, engagement_id)
    comment = get_object_or_404(Comment, engagement=engagement, public_id=comment_id)
    services.mark_read(comment=comment, by=seat)
    return HttpResponseRedirect(comment.address)
