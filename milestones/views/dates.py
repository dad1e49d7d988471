"""The date of one item: its history, what is proposed for it, and the other side's answer."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.ui import Reason
from common.wording import shift_text
from engagements.access import open_engagement
from engagements.kept import drawn, page_of_one, place_of
from engagements.masking import OPEN
from engagements.models import Engagement
from milestones import services
from milestones.forms import DateForm, DeclineForm
from milestones.models import DateProposal
from milestones.selectors.dates import item_dates
from milestones.selectors.standing import Standing, standing_of
from milestones.views.plan import refusal_reasons

# The pieces of a date's page that are kept, beside what proposals say.
PIECES = ("lead", "terms", "history")


@login_required
@require_safe
def dates(request: TenantRequest, engagement_id: UUID, item: str) -> HttpResponse:
    """One item's three dates with their history, and the form that proposes another."""
    engagement, seat = open_engagement(request, engagement_id, page=page_of_one("date", item))
    return _dates_page(request, engagement, seat, item)


def _dates_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    item: str,
    *,
    reasons: list[Reason] | None = None,
    form: DateForm | None = None,
    decline: DeclineForm | None = None,
) -> HttpResponse:
    standing = request.standing = standing_of(engagement)
    page = standing.kept.page(page_of_one("date", item), OPEN, make=lambda: _told(standing, item))
    may_propose = (
        page["locked"] and seat.may(Permission.EDIT_PLAN) and not page["open"] and not page["closed"]
    )
    context = {
        "engagement": engagement,
        "page": page,
        "open": _piece(page["open"]) if page["open"] else None,
        "unanswered": [_piece(each) for each in page["unanswered"]],
        "reasons": reasons,
        "form": (form or DateForm(initial={"to_on": date.fromisoformat(page["forecast"])}))
        if may_propose
        else None,
        "decline": decline or DeclineForm(),
        "side": seat.side,
        "may_answer": seat.may(Permission.LOCK_PLAN),
        "may_withdraw": seat.may(Permission.EDIT_PLAN),
        **{name: mark_safe(page[name]) for name in PIECES},  # noqa: S308  our own templates set them
    }
    failed = bool(reasons) or any(each and each.errors for each in (form, decline))
    return render(request, "milestones/dates.html", context, status=422 if failed else 200)


def _piece(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "says": mark_safe(told["says"])}  # noqa: S308  our own templates set it


def _told(standing: Standing, item: str) -> dict[str, Any]:
    """The date as everybody sees it, and what its forms hang on. Nothing is kept of a date that the plan has not."""
    page = item_dates(standing, item)
    if page is None:
        raise Http404("There is no such date in the plan.")
    around = {"engagement": standing.engagement, "head": place_of(standing.engagement, standing.today)}

    def said(template: str, proposal: DateProposal) -> dict[str, Any]:
        return {
            "public_id": str(proposal.public_id),
            "by_side": proposal.by_side,
            "says": drawn(f"milestones/_date_{template}.html", OPEN, page=page, proposal=proposal, **around),
        }

    return {
        "key": page.key,
        "title": page.title,
        "forecast": page.forecast.isoformat(),
        "closed": page.closed,
        "locked": standing.locked,
        "open": {
            **said("proposed", page.open.proposal),
            "stale": bool(page.open.blockers),
            "digest": page.open.digest,
        }
        if page.open
        else None,
        "unanswered": [said("moved", each) for each in page.unanswered],
        **{name: drawn(f"milestones/_date_{name}.html", OPEN, page=page, **around) for name in PIECES},
    }


@posted_from("milestones:dates", "engagement_id", "item")
def date_propose(request: TenantRequest, engagement_id: UUID, item: str) -> HttpResponse:
    """Propose another date for an item of a locked plan."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_PLAN)
    form = DateForm(request.POST)
    if not form.is_valid():
        return _dates_page(request, engagement, seat, item, form=form)
    try:
        proposal = services.propose_date(engagement=engagement, by=seat, item=item, **form.cleaned_data)
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return _dates_page(request, engagement, seat, item, reasons=reasons, form=form)
    other = seat.side.other if seat.side else "other side"
    messages.success(
        request, f"Proposed: {shift_text(proposal.days)}. Next: the {other} accepts or declines it."
    )
    return redirect("milestones:dates", engagement.public_id, item)


def _answered(
    request: TenantRequest,
    engagement_id: UUID,
    proposal_id: UUID,
    permission: Permission,
    answer: Callable[[DateProposal, Seat], DateProposal],
    said: str,
    decline: DeclineForm | None = None,
) -> HttpResponse:
    engagement, seat = open_engagement(request, engagement_id, permission)
    proposal = get_object_or_404(DateProposal, engagement=engagement, public_id=proposal_id)
    if decline and not decline.is_valid():
        return _dates_page(request, engagement, seat, proposal.item, decline=decline)
    try:
        answer(proposal, seat)
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return _dates_page(request, engagement, seat, proposal.item, reasons=reasons, decline=decline)
    messages.success(request, said.format(title=proposal.title))
    return redirect("milestones:dates", engagement.public_id, proposal.item)


@posted_from("milestones:plan", "engagement_id")
def date_accept(request: TenantRequest, engagement_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Accept what the other side has proposed."""
    return _answered(
        request, engagement_id, proposal_id, Permission.LOCK_PLAN,
        lambda proposal, seat: services.accept_date(
            proposal=proposal, by=seat, seen=request.POST.get("seen", "")
        ),
        "Accepted: “{title}”. What follows from it has moved too.",
    )  # fmt: skip


@posted_from("milestones:plan", "engagement_id")
def date_decline(request: TenantRequest, engagement_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Say no to what the other side has proposed, with the reason."""
    form = DeclineForm(request.POST)
    return _answered(
        request, engagement_id, proposal_id, Permission.LOCK_PLAN,
        lambda proposal, seat: services.decline_date(
            proposal=proposal, by=seat, reason=form.cleaned_data["answer_reason"]
        ),
        "Your answer is on record for “{title}”.",
        form,
    )  # fmt: skip


@posted_from("milestones:plan", "engagement_id")
def date_withdraw(request: TenantRequest, engagement_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Take back what one's own side has proposed."""
    return _answered(
        request, engagement_id, proposal_id, Permission.EDIT_PLAN,
        lambda proposal, seat: services.withdraw_date(proposal=proposal, by=seat),
        "Withdrawn: the date of “{title}” stands.",
    )  # fmt: skip
