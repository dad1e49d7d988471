"""One review: its agenda before, its minutes after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.calendar_file import CONTENT_TYPE, calendar_file
from common.forms import taken
from engagements.access import open_engagement
from engagements.kept import drawn, place_of
from engagements.kept_page import keep_until, kept_for_reader
from engagements.masking import Mask
from engagements.masks import mask_of
from engagements.models import Engagement, Participant
from milestones.models import ActionItem, Decision, Minutes, Review, ReviewKind
from milestones.review_forms import (
    ActionForm,
    AddendumForm,
    CancelForm,
    CloseForm,
    DecisionForm,
    MinutesForm,
    PointForm,
    ScheduleForm,
)
from milestones.rules.reviews import closing_blockers
from milestones.selectors.agenda import PARTS, Point, agenda_of
from milestones.selectors.dates import key_of_review
from milestones.selectors.reviews import (
    actions_of,
    attendance_of,
    closing_facts,
    date_of,
    draft_digest,
    meters_of,
    minutes_of,
    moment_of,
    patterns_of,
    people_of,
    state_of,
)
from milestones.selectors.standing import Standing, standing_of
from milestones.services import invitations

A_MOMENT = timedelta(minutes=1)  # in which an invitation goes out
# The pieces of the page that are kept.
PIECES = {
    "agenda": "milestones/_agenda.html",
    "meters": "milestones/_meters.html",
    "period": "milestones/_period.html",
    "patterns": "milestones/_patterns.html",
}


@login_required
@require_safe
@kept_for_reader
def review(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """One review: its agenda before, its minutes after."""
    engagement, seat = open_engagement(request, engagement_id, page=piece_of(review_id))
    return review_page(request, engagement, seat, found_review(engagement, review_id))


def piece_of(review_id: UUID) -> str:
    """The name under which the pieces of one review's page are kept."""
    return f"review {review_id}"


def found_review(engagement: Engagement, review_id: UUID) -> Review:
    found = get_object_or_404(Review, engagement=engagement, public_id=review_id)
    found.engagement = engagement
    return found


def back_to(engagement: Engagement, found: Review, anchor: str = "") -> HttpResponse:
    answer = redirect("milestones:review", engagement.public_id, found.public_id)
    if anchor:
        answer["Location"] += f"#{anchor}"
    return answer


def review_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    found: Review,
    *,
    forms: dict[str, Form] | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    """The page; forms that were refused are given in by their names."""
    given = forms or {}
    standing = request.standing = standing_of(engagement)
    ahead = not found.held_on and not found.cancelled_at
    on, minutes = date_of(found), minutes_of(found)
    shown = _Shown(standing, seat, found, on, minutes, people_of(engagement))
    context: dict[str, Any] = {
        "engagement": engagement,
        "review": found,
        "on": on,
        "at": moment_of(found),
        "state": state_of(found, on, standing.today),
        "ahead": ahead,
        "may_hold": seat.may(Permission.HOLD_REVIEW),
        "reasons": reasons,
        "minutes": minutes,
        "attendance": attendance_of(found, minutes, shown.people),
        "decisions": Decision.objects.filter(engagement=engagement, review=found),
        "about": f"review:{found.code}",
        **_told(standing, found, mask_of(engagement, seat), ahead=ahead),
    }
    if found.sequence and found.invited_sequence != found.sequence:  # an invitation is on its way
        keep_until(request, clock.now() + A_MOMENT)
    if ahead:
        context |= _before(shown, given) | {
            "not_yet": [] if reasons else _not_yet(shown),
            "refused": set(given),
        }
    elif found.held_on and minutes:
        context |= _after(shown, minutes, given)
    return render(request, "milestones/review.html", context, status=422 if given or reasons else 200)


def written(
    request: TenantRequest,
    seat: Seat,
    found: Review,
    name: str,
    form: Form,
    write: Callable[[], object],
    *,
    said: str,
    blame: str | None = None,
    anchor: str = "",
) -> HttpResponse:
    """Do what one of the page's forms asks for; a refused one is shown again, the reasons beside the field `blame`."""
    if taken(form, write, blame):
        messages.success(request, said)
        return back_to(found.engagement, found, anchor)
    return review_page(request, found.engagement, seat, found, forms={name: form})


def _told(standing: Standing, found: Review, mask: Mask, *, ahead: bool) -> dict[str, SafeString]:
    """What the data show of the days of a review as it was drawn: its agenda while it lies ahead, and, of the review of
    day 14, what is watched and the patterns; empty where there is nothing to show.
    """
    pieces = {"agenda"} if ahead else set()
    pieces |= {"meters", "period", "patterns"} if found.code == "day-14" else set()

    def make() -> dict[str, str]:
        patterns = patterns_of(standing, found, mask) if "patterns" in pieces else None
        around = {
            "engagement": standing.engagement,
            "head": place_of(standing.engagement, standing.today),
            "patterns": patterns,
            "meters": meters_of(standing.engagement, found.held_on) if patterns else None,
            "parts": agenda_parts(agenda_of(standing, found)) if ahead else [],
            "level": 3,
        }
        wanted = pieces if patterns else pieces & {"agenda"}
        return {name: drawn(PIECES[name], mask, **around) for name in wanted}

    told = standing.kept.page(piece_of(found.public_id), mask, make=make) if pieces else {}
    return {name: mark_safe(told.get(name, "")) for name in PIECES}  # noqa: S308  our own templates set them


@dataclass(frozen=True)
class _Shown:
    """One review as this person looks at it."""

    standing: Standing
    seat: Seat
    review: Review
    on: date
    minutes: Minutes | None
    people: Sequence[Participant]


def _before(shown: _Shown, given: dict[str, Form]) -> dict[str, Any]:
    """What the page shows of a review that lies ahead: the agenda as it stands now, and every form."""
    found, minutes, people, standing = shown.review, shown.minutes, shown.people, shown.standing
    engagement, today = standing.engagement, standing.today
    by_agreement = standing.locked and found.kind == ReviewKind.DAY
    chairs = attendance_of(found, minutes, people)
    actions = ActionItem.objects.filter(engagement=engagement, review=found).select_related("owner")
    return {
        "draft_actions": actions,
        "point_form": given.get("point") or PointForm(auto_id="id_point_%s"),
        "may_add": shown.seat.may(Permission.TAKE_PART),
        "schedule_form": given.get("schedule")
        or ScheduleForm(review=found, on=shown.on, zone=engagement.zone),
        "date_key": key_of_review(standing, found) if by_agreement else "",
        "minutes_form": given.get("minutes")
        or MinutesForm(chairs=chairs, people=people, minutes=minutes, mask=mask_of(engagement, shown.seat)),
        "decision_form": given.get("decision") or DecisionForm(),
        "action_form": given.get("action") or ActionForm(people=people, today=today),
        "close_form": given.get("close")
        or CloseForm(on=min(shown.on, today), seen=draft_digest(found, minutes)),
        "cancel_form": (given.get("cancel") or CancelForm(auto_id="id_cancel_%s"))
        if found.kind != ReviewKind.DAY
        else None,
        "near": shown.on <= today,
    }


def _not_yet(shown: _Shown) -> list[str]:
    """Why the minutes cannot be closed now, for whoever closes them."""
    if not shown.seat.may(Permission.HOLD_REVIEW):
        return []
    held_on = min(shown.on, shown.standing.today)
    return closing_blockers(closing_facts(shown.standing, shown.review, shown.minutes, held_on, shown.people))


def _after(shown: _Shown, minutes: Minutes, given: dict[str, Form]) -> dict[str, Any]:
    """What the page shows of a review that was held: the agenda as it was frozen, actions and addenda."""
    actions = actions_of(shown.standing.engagement).filter(review=shown.review)
    holds = shown.seat.may(Permission.HOLD_REVIEW)
    return {
        "parts": agenda_parts([Point(**point) for point in minutes.agenda]),
        "action_rows": [(action, _state_of(action, shown.standing.today)) for action in actions],
        "addenda": shown.review.addenda.all(),
        "addendum_form": (given.get("addendum") or AddendumForm(auto_id="id_addendum_%s")) if holds else None,
    }


def agenda_parts(points: list[Point]) -> list[tuple[str, list[Point]]]:
    """An agenda under its headings."""
    return [(PARTS[kind], list(own)) for kind, own in groupby(points, key=lambda point: point.kind)]


def _state_of(action: ActionItem, today: date) -> str:
    if action.done_on:
        return "done"
    if action.dropped_at:
        return "dropped"
    return "late" if action.due_on < today else "open"


@login_required
@require_safe
def review_calendar(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """The review as a calendar file; 404 while it has no time."""
    engagement, _ = open_engagement(request, engagement_id)
    found = found_review(engagement, review_id)
    link = request.build_absolute_uri(back_to(engagement, found)["Location"])
    event = invitations.event_of(found, link)
    if event is None:
        raise Http404("This review has no time yet.")
    content = calendar_file(event, invitations.method_of(found))
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{found.code}.ics"'
    return response
