"""The agenda and the minutes of a review, as people write them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse

from accounts.requests import TenantRequest
from accounts.roles import Permission
from common import clock
from common.errors import Refused
from common.posting import posted_from
from engagements.access import open_engagement
from milestones.models import ActionItem, Decision, Review
from milestones.review_forms import (
    ActionForm,
    AddendumForm,
    CloseForm,
    DecisionForm,
    MinutesForm,
    PointForm,
)
from milestones.selectors.reviews import (
    attendance_of,
    minutes_of,
    people_of,
)
from milestones.services import reviews as services
from milestones.views.reviews.page import back_to, found_review, review_page, written


@posted_from("milestones:review", "engagement_id", "review_id")
def review_point(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Put a point on the agenda."""
    engagement, seat = open_engagement(request, engagement_id, Permission.TAKE_PART)
    found = found_review(engagement, review_id)
    form = PointForm(request.POST, auto_id="id_point_%s")
    return written(
        request, seat, found, "point", form, lambda: services.add_point(review=found, by=seat, **form.cleaned_data),
        said="The point is on the agenda.", blame="text",
    )  # fmt: skip


@posted_from("milestones:review", "engagement_id", "review_id")
def review_minutes(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Keep the draft of the minutes with who attended."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = found_review(engagement, review_id)
    minutes, people = minutes_of(found), people_of(engagement)
    form = MinutesForm(
        request.POST, chairs=attendance_of(found, minutes, people), people=people, minutes=minutes
    )
    return written(
        request, seat, found, "minutes", form,
        lambda: services.save_minutes(
            review=found, by=seat, text=form.cleaned_data["text"], attended=form.attended,
            also_there=form.cleaned_data["also_there"], seen=form.cleaned_data["seen"],
        ),
        said="The minutes are saved as a draft.", anchor="minutes",
    )  # fmt: skip


@posted_from("milestones:review", "engagement_id", "review_id")
def review_decision(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Write down a decision."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = found_review(engagement, review_id)
    form = DecisionForm(request.POST)
    return written(
        request, seat, found, "decision", form,
        lambda: services.add_decision(review=found, by=seat, **form.cleaned_data),
        said="The decision is in the minutes.", blame="text", anchor="decisions",
    )  # fmt: skip


@posted_from("milestones:review", "engagement_id", "review_id")
def review_action(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Write down an action with its owner and deadline."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = found_review(engagement, review_id)
    form = ActionForm(request.POST, people=people_of(engagement), today=clock.today(engagement.zone))
    return written(
        request, seat, found, "action", form,
        lambda: services.add_action(review=found, by=seat, **form.cleaned_data),
        said="The action is in the minutes.", anchor="actions",
    )  # fmt: skip


@posted_from("milestones:review", "engagement_id", "review_id")
def review_strike(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Take a decision or an action out of a draft."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = found_review(engagement, review_id)
    item = _item(found, request.POST.get("item", ""))
    if item is None:
        return review_page(
            request, engagement, seat, found, reasons=["That is not in these minutes any more."]
        )
    try:
        services.strike(item=item, by=seat)
    except Refused as refusal:
        return review_page(request, engagement, seat, found, reasons=refusal.reasons)
    messages.success(request, "It is out of the minutes.")
    return back_to(engagement, found, "decisions" if isinstance(item, Decision) else "actions")


def _item(found: Review, asked: str) -> Decision | ActionItem | None:
    try:
        public_id = UUID(asked)
    except ValueError:
        return None
    by = {"engagement": found.engagement, "review": found, "public_id": public_id}
    return Decision.objects.filter(**by).first() or ActionItem.objects.filter(**by).first()


@posted_from("milestones:review", "engagement_id", "review_id")
def review_close(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Close the minutes: the review was held."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = found_review(engagement, review_id)
    form = CloseForm(request.POST, on=clock.today(engagement.zone), seen="")
    if not form.is_valid():
        return review_page(request, engagement, seat, found, forms={"close": form})
    try:
        services.close(review=found, by=seat, **form.cleaned_data)
    except Refused as refusal:
        return review_page(request, engagement, seat, found, reasons=refusal.reasons)
    messages.success(
        request, f"The {found.title} took place: its minutes are closed, and what is unfinished carries over."
    )
    return back_to(engagement, found)


@posted_from("milestones:review", "engagement_id", "review_id")
def review_addendum(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Correct closed minutes by adding to them."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = found_review(engagement, review_id)
    form = AddendumForm(request.POST, auto_id="id_addendum_%s")
    return written(
        request, seat, found, "addendum", form,
        lambda: services.add_addendum(review=found, by=seat, **form.cleaned_data),
        said="The addendum stands below the minutes.", blame="text", anchor="addenda",
    )  # fmt: skip
