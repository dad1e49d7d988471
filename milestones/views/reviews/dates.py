"""A review is put on a date, or cancelled."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.requests import TenantRequest
from accounts.roles import Permission
from common.errors import Refused
from common.forms import taken
from common.posting import posted_from
from engagements.access import open_engagement
from milestones.review_forms import (
    CancelForm,
    ScheduleForm,
)
from milestones.selectors.reviews import (
    date_of,
)
from milestones.services import reviews as services
from milestones.views.reviews.page import back_to, found_review, review_page


@posted_from("milestones:review", "engagement_id", "review_id")
def review_schedule(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Put a review on a date and time, and invite by mail."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = found_review(engagement, review_id)
    on = date_of(found)
    form = ScheduleForm(request.POST, review=found, on=on, zone=engagement.zone)
    if form.is_valid():
        try:
            services.schedule(
                review=found, by=seat, to=form.appointment,
                link=request.build_absolute_uri(back_to(engagement, found)["Location"]),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("reason" if "Say why" in refusal.reasons[0] else "on", refusal.reasons)
        else:
            messages.success(
                request, f"The {found.title} has its date. Whoever must attend is invited by mail."
            )
            return back_to(engagement, found)
    return review_page(request, engagement, seat, found, forms={"schedule": form})


@posted_from("milestones:review", "engagement_id", "review_id")
def review_cancel(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Cancel a weekly or monthly review, with the reason."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = found_review(engagement, review_id)
    form = CancelForm(request.POST, auto_id="id_cancel_%s")
    if taken(
        form, lambda: services.cancel(review=found, by=seat, reason=form.cleaned_data["reason"]), "reason"
    ):
        messages.success(request, f"The {found.title} is cancelled.")
        return redirect("milestones:reviews", engagement.public_id)
    return review_page(request, engagement, seat, found, forms={"cancel": form})
