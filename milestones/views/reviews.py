"""Reviews: what is next, what carries over, what was decided."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.calendar_file import CONTENT_TYPE, calendar_file
from common.errors import Refused
from common.posting import posted_from
from common.wording import day_text, plural
from engagements.access import open_engagement
from engagements.masks import mask_of
from engagements.models import Engagement
from milestones.models import ActionItem, Decision, Review, ReviewKind
from milestones.review_forms import (
    ActionForm,
    AddendumForm,
    CancelForm,
    CloseForm,
    DecisionForm,
    EndForm,
    MinutesForm,
    PointForm,
    ScheduleForm,
)
from milestones.rules.reviews import closing_blockers
from milestones.selectors.agenda import PARTS, Point, agenda_of
from milestones.selectors.dates import key_of_review
from milestones.selectors.reviews import (
    ReviewRow,
    actions_of,
    attendance_of,
    closing_facts,
    date_of,
    draft_digest,
    minutes_of,
    moment_of,
    next_of,
    patterns_of,
    people_of,
    rows_of,
    state_of,
)
from milestones.selectors.standing import standing_of
from milestones.services import actions as ending
from milestones.services import invitations
from milestones.services import reviews as services


@login_required
@require_safe
def reviews(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What did we decide? The next review on top, then what carries over, then past minutes."""
    engagement, seat = open_engagement(request, engagement_id)
    return _list_page(request, engagement, seat)


@dataclass(frozen=True)
class ActionRow:
    """One action with what this person may do about it."""

    action: ActionItem
    state: str
    done_form: EndForm | None
    drop_form: EndForm | None
    agree: bool


def _list_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    *,
    refused: dict[int, tuple[str, EndForm]] | None = None,
) -> HttpResponse:
    standing = request.standing = standing_of(engagement)
    rows = rows_of(standing)
    upcoming = [row for row in rows if not row.review.held_on and not row.review.cancelled_at]
    following = next_of(rows)
    actions = list(actions_of(engagement))
    context = {
        "engagement": engagement,
        "standing": standing,
        "next": following,
        "parts": _parts(agenda_of(standing, following.review)) if following else [],
        "open_actions": _action_rows([a for a in actions if a.is_open], seat, standing.today, refused or {}),
        "ended_actions": [a for a in actions if not a.is_open],
        "upcoming": upcoming[1:],
        "past": [row for row in reversed(rows) if row.review.held_on or row.review.cancelled_at],
        "may_hold": seat.may(Permission.HOLD_REVIEW),
        "summary": _summary(following, actions, standing.today),
    }
    return render(request, "milestones/reviews.html", context, status=422 if refused else 200)


def _summary(following: ReviewRow | None, actions: list[ActionItem], today: date) -> str:
    """The answer in one sentence."""
    waiting = [action for action in actions if action.is_open]
    late = sum(action.due_on < today for action in waiting)
    first = (
        f"Next: {following.review.title}, {day_text(following.on)}." if following else "No review lies ahead."
    )
    if not actions:
        return f"{first} No action has come out of a review yet."
    if not waiting:
        return f"{first} Every action is done or dropped."
    return f"{first} {plural(len(waiting), 'action')} open{f', {late} late' if late else ''}."


def _parts(points: list[Point]) -> list[tuple[str, list[Point]]]:
    """An agenda under its headings."""
    return [(PARTS[kind], list(own)) for kind, own in groupby(points, key=lambda point: point.kind)]


def _action_rows(
    actions: list[ActionItem], seat: Seat, today: date, refused: dict[int, tuple[str, EndForm]]
) -> list[ActionRow]:
    manages = seat.may(Permission.HOLD_REVIEW)
    rows = []
    for action in actions:
        verb, form = refused.get(action.pk, ("", None))
        own = action.owner.answers(seat.user) or (manages and seat.side == action.owner.side)
        may_drop = manages and action.drop_side != seat.side
        done = form if verb == "done" and form else _end_form(action, "done")
        drop = form if verb == "drop" and form else _end_form(action, "drop")
        rows.append(
            ActionRow(
                action=action,
                state="late" if action.due_on < today else "open",
                done_form=done if own and seat.may(Permission.TAKE_PART) else None,
                drop_form=drop if may_drop else None,
                agree=bool(action.drop_side) and may_drop,
            )
        )
    return rows


def _end_form(action: ActionItem, verb: str, data: Any = None) -> EndForm:
    label = "What proves it" if verb == "done" else "Why it is dropped"
    return EndForm(data, action_id=action.pk, verb=verb, label=label)


@login_required
@require_safe
def review(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """One review: its agenda before, its minutes after."""
    engagement, seat = open_engagement(request, engagement_id)
    return _review_page(request, engagement, seat, _found(engagement, review_id))


def _found(engagement: Engagement, review_id: UUID) -> Review:
    found = get_object_or_404(Review, engagement=engagement, public_id=review_id)
    found.engagement = engagement
    return found


def _review_page(
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
    on, minutes = date_of(found), minutes_of(found)
    ahead = not found.held_on and not found.cancelled_at
    holds = seat.may(Permission.HOLD_REVIEW)
    people = people_of(engagement)
    chairs = attendance_of(found, minutes, people)
    actions = list(actions_of(engagement).filter(review=found)) if found.held_on else []
    context: dict[str, Any] = {
        "engagement": engagement,
        "review": found,
        "on": on,
        "at": moment_of(found),
        "state": state_of(found, on, standing.today),
        "ahead": ahead,
        "may_hold": holds,
        "reasons": reasons,
        "minutes": minutes,
        "attendance": chairs,
        "decisions": Decision.objects.filter(engagement=engagement, review=found),
        "patterns": patterns_of(standing, found, seat) if found.code == "day-14" else None,
        "about": f"review:{found.code}",
    }
    if ahead:
        today = standing.today
        held_on = min(on, today)
        by_agreement = standing.locked and found.kind == ReviewKind.DAY
        facts = closing_facts(standing, found, minutes, held_on)
        context |= {
            "parts": _parts(agenda_of(standing, found)),
            "draft_actions": ActionItem.objects.filter(engagement=engagement, review=found).select_related(
                "owner"
            ),
            "point_form": given.get("point") or PointForm(auto_id="id_point_%s"),
            "may_add": seat.may(Permission.TAKE_PART),
            "schedule_form": given.get("schedule") or ScheduleForm(review=found, on=on, zone=engagement.zone),
            "date_key": key_of_review(standing, found) if by_agreement else "",
            "minutes_form": given.get("minutes")
            or MinutesForm(chairs=chairs, people=people, minutes=minutes, mask=mask_of(engagement, seat)),
            "decision_form": given.get("decision") or DecisionForm(),
            "action_form": given.get("action") or ActionForm(people=people, today=today),
            "close_form": given.get("close") or CloseForm(on=held_on, seen=draft_digest(found, minutes)),
            "cancel_form": (given.get("cancel") or CancelForm(auto_id="id_cancel_%s"))
            if found.kind != "day"
            else None,
            "not_yet": closing_blockers(facts) if holds and not reasons else [],
            "near": on <= today,
            "refused": set(given),
        }
    elif found.held_on and minutes:
        context |= {
            "parts": _parts([Point(**point) for point in minutes.agenda]),
            "action_rows": [(action, _state_of(action, standing.today)) for action in actions],
            "addenda": found.addenda.all(),
            "addendum_form": (given.get("addendum") or AddendumForm(auto_id="id_addendum_%s"))
            if holds
            else None,
        }
    return render(request, "milestones/review.html", context, status=422 if given or reasons else 200)


def _state_of(action: ActionItem, today: date) -> str:
    if action.done_on:
        return "done"
    if action.dropped_at:
        return "dropped"
    return "late" if action.due_on < today else "open"


def _back(engagement: Engagement, found: Review, anchor: str = "") -> HttpResponse:
    answer = redirect("milestones:review", engagement.public_id, found.public_id)
    if anchor:
        answer["Location"] += f"#{anchor}"
    return answer


@posted_from("milestones:review", "engagement_id", "review_id")
def review_schedule(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Put a review on a date and time, and invite by mail."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = _found(engagement, review_id)
    on = date_of(found)
    form = ScheduleForm(request.POST, review=found, on=on, zone=engagement.zone)
    if form.is_valid():
        try:
            services.schedule(
                review=found, by=seat, to=form.appointment,
                link=request.build_absolute_uri(_back(engagement, found)["Location"]),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("reason" if "Say why" in refusal.reasons[0] else "on", refusal.reasons)
        else:
            messages.success(
                request, f"The {found.title} has its date. Whoever must attend is invited by mail."
            )
            return _back(engagement, found)
    return _review_page(request, engagement, seat, found, forms={"schedule": form})


@posted_from("milestones:review", "engagement_id", "review_id")
def review_cancel(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Cancel a weekly or monthly review, with the reason."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = _found(engagement, review_id)
    form = CancelForm(request.POST, auto_id="id_cancel_%s")
    if form.is_valid():
        try:
            services.cancel(review=found, by=seat, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error("reason", refusal.reasons)
        else:
            messages.success(request, f"The {found.title} is cancelled.")
            return redirect("milestones:reviews", engagement.public_id)
    return _review_page(request, engagement, seat, found, forms={"cancel": form})


@posted_from("milestones:review", "engagement_id", "review_id")
def review_point(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Put a point on the agenda."""
    engagement, seat = open_engagement(request, engagement_id, Permission.TAKE_PART)
    found = _found(engagement, review_id)
    form = PointForm(request.POST, auto_id="id_point_%s")
    if form.is_valid():
        try:
            services.add_point(review=found, by=seat, text=form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error("text", refusal.reasons)
        else:
            messages.success(request, "The point is on the agenda.")
            return _back(engagement, found)
    return _review_page(request, engagement, seat, found, forms={"point": form})


@posted_from("milestones:review", "engagement_id", "review_id")
def review_minutes(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Keep the draft of the minutes with who attended."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = _found(engagement, review_id)
    minutes, people = minutes_of(found), people_of(engagement)
    form = MinutesForm(
        request.POST, chairs=attendance_of(found, minutes, people), people=people, minutes=minutes
    )
    if form.is_valid():
        try:
            services.save_minutes(
                review=found, by=seat, text=form.cleaned_data["text"], attended=form.attended,
                also_there=form.cleaned_data["also_there"], seen=form.cleaned_data["seen"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, "The minutes are saved as a draft.")
            return _back(engagement, found, "minutes")
    return _review_page(request, engagement, seat, found, forms={"minutes": form})


@posted_from("milestones:review", "engagement_id", "review_id")
def review_decision(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Write down a decision."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = _found(engagement, review_id)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            services.add_decision(review=found, by=seat, text=form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error("text", refusal.reasons)
        else:
            messages.success(request, "The decision is in the minutes.")
            return _back(engagement, found, "decisions")
    return _review_page(request, engagement, seat, found, forms={"decision": form})


@posted_from("milestones:review", "engagement_id", "review_id")
def review_action(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Write down an action with its owner and deadline."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = _found(engagement, review_id)
    form = ActionForm(request.POST, people=people_of(engagement), today=clock.today(engagement.zone))
    if form.is_valid():
        try:
            services.add_action(review=found, by=seat, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.reasons)
        else:
            messages.success(request, "The action is in the minutes.")
            return _back(engagement, found, "actions")
    return _review_page(request, engagement, seat, found, forms={"action": form})


@posted_from("milestones:review", "engagement_id", "review_id")
def review_strike(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Take a decision or an action out of a draft."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = _found(engagement, review_id)
    item = _item(found, request.POST.get("item", ""))
    if item is None:
        return _review_page(
            request, engagement, seat, found, reasons=["That is not in these minutes any more."]
        )
    try:
        services.strike(item=item, by=seat)
    except Refused as refusal:
        return _review_page(request, engagement, seat, found, reasons=refusal.reasons)
    messages.success(request, "It is out of the minutes.")
    return _back(engagement, found, "decisions" if isinstance(item, Decision) else "actions")


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
    found = _found(engagement, review_id)
    form = CloseForm(request.POST, on=clock.today(engagement.zone), seen="")
    if not form.is_valid():
        return _review_page(request, engagement, seat, found, forms={"close": form})
    try:
        services.close(review=found, by=seat, **form.cleaned_data)
    except Refused as refusal:
        return _review_page(request, engagement, seat, found, reasons=refusal.reasons)
    messages.success(
        request, f"The {found.title} is held. Its minutes are closed; what is unfinished carries over."
    )
    return _back(engagement, found)


@posted_from("milestones:review", "engagement_id", "review_id")
def review_addendum(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """Correct closed minutes by adding to them."""
    engagement, seat = open_engagement(request, engagement_id, Permission.HOLD_REVIEW)
    found = _found(engagement, review_id)
    form = AddendumForm(request.POST, auto_id="id_addendum_%s")
    if form.is_valid():
        try:
            services.add_addendum(review=found, by=seat, text=form.cleaned_data["text"])
        except Refused as refusal:
            form.add_error("text", refusal.reasons)
        else:
            messages.success(request, "The addendum stands below the minutes.")
            return _back(engagement, found, "addenda")
    return _review_page(request, engagement, seat, found, forms={"addendum": form})


@posted_from("milestones:reviews", "engagement_id")
def action_done(request: TenantRequest, engagement_id: UUID, action_id: UUID) -> HttpResponse:
    """Mark an action as done."""
    return _end(request, engagement_id, action_id, "done")


@posted_from("milestones:reviews", "engagement_id")
def action_drop(request: TenantRequest, engagement_id: UUID, action_id: UUID) -> HttpResponse:
    """Ask for an action to be dropped, or agree to it."""
    return _end(request, engagement_id, action_id, "drop")


def _end(request: TenantRequest, engagement_id: UUID, action_id: UUID, verb: str) -> HttpResponse:
    engagement, seat = open_engagement(request, engagement_id, Permission.TAKE_PART)
    action = get_object_or_404(
        ActionItem.objects.select_related("owner__substitute"), engagement=engagement, public_id=action_id
    )
    form = _end_form(action, verb, request.POST)
    if form.is_valid():
        said = form.cleaned_data["said"]
        try:
            if verb == "done":
                action = ending.finish(action=action, by=seat, proof=said)
            else:
                action = ending.drop(action=action, by=seat, reason=said)
        except Refused as refusal:
            form.add_error("said", refusal.reasons)
        else:
            ended = (
                "done"
                if action.done_on
                else "dropped"
                if action.dropped_at
                else "to be dropped once the other side agrees"
            )
            messages.success(request, f"“{action.text}” is {ended}.")
            return redirect("milestones:reviews", engagement.public_id)
    return _list_page(request, engagement, seat, refused={action.pk: (verb, form)})


@login_required
@require_safe
def review_calendar(request: TenantRequest, engagement_id: UUID, review_id: UUID) -> HttpResponse:
    """The review as a calendar file; 404 while it has no time."""
    engagement, _ = open_engagement(request, engagement_id)
    found = _found(engagement, review_id)
    link = request.build_absolute_uri(_back(engagement, found)["Location"])
    event = invitations.event_of(found, link)
    if event is None:
        raise Http404("This review has no time yet.")
    content = calendar_file(event, invitations.method_of(found))
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{found.code}.ics"'
    return response
