"""The reviews of an engagement: what is next, what carries over, what was decided."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.wording import day_text, plural
from engagements.access import open_engagement
from engagements.kept import drawn
from engagements.kept_page import kept_for_reader
from engagements.masking import Mask
from engagements.masks import mask_of
from engagements.models import Engagement
from milestones.models import ActionItem
from milestones.review_forms import (
    EndForm,
)
from milestones.selectors.agenda import agenda_of
from milestones.selectors.reviews import (
    ReviewRow,
    actions_of,
    next_of,
    rows_of,
)
from milestones.selectors.standing import Standing, standing_of
from milestones.services import actions as ending
from milestones.views.reviews.page import PIECES, agenda_parts

# What the list keeps of its page: the agenda of the next review.
LIST = "reviews"


@login_required
@require_safe
@kept_for_reader
def reviews(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """What did we decide? The next review on top, then what carries over, then past minutes."""
    engagement, seat = open_engagement(request, engagement_id, page=LIST)
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
        "agenda": _agenda(standing, following, mask_of(engagement, seat)),
        "open_actions": _action_rows([a for a in actions if a.is_open], seat, standing.today, refused or {}),
        "ended_actions": [a for a in actions if not a.is_open],
        "missed": [row for row in upcoming[1:] if row.on < standing.today],
        "upcoming": [row for row in upcoming[1:] if row.on >= standing.today],
        "past": [row for row in reversed(rows) if row.review.held_on or row.review.cancelled_at],
        "may_hold": seat.may(Permission.HOLD_REVIEW),
        "summary": _summary(following, actions, standing.today),
    }
    return render(request, "milestones/reviews.html", context, status=422 if refused else 200)


def _agenda(standing: Standing, following: ReviewRow | None, mask: Mask) -> SafeString:
    """The agenda of the next review as it was drawn; empty where none lies ahead."""
    if following is None:
        return mark_safe("")

    def make() -> str:
        parts = agenda_parts(agenda_of(standing, following.review))
        return drawn(PIECES["agenda"], mask, parts=parts, level=3)

    told: str = standing.kept.page(LIST, mask, make=make)
    return mark_safe(told)  # noqa: S308  our own template set it


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
    behind = (
        f", {'all of them ' if late > 1 else ''}late" if late == len(waiting) else f", {late} of them late"
    )
    return f"{first} {plural(len(waiting), 'action')} open{behind if late else ''}."


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
