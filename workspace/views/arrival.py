"""The first page after an invitation: straight to what waits, with a word on where one is."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.models import Invitation
from accounts.requests import TenantRequest
from accounts.roles import ParticipantRole, Side, in_a_sentence
from accounts.seat import Seat
from common.wording import joined
from engagements.models import Engagement
from workspace.selectors.tasks import Task, tasks_of

ASKED = ("Lock", "Sign", "Answer", "Decide", "Read")


@login_required
@require_safe
def arrival(request: TenantRequest) -> HttpResponse:
    """Lead on somebody who has just taken an invitation; whoever else comes by gets to My work."""
    seat = request.seat
    invitation = _taken(seat) if seat else None
    if seat is None or invitation is None:
        return redirect("workspace:my_work")
    visible = Engagement.objects.select_related("client", "operator")
    found = visible.filter(pk=invitation.engagement_id or 0).first()
    if found is None:
        messages.success(
            request,
            f"You now belong to {seat.organisation.name}: {invitation.invited_by.name} invited you. "
            "What waits for you stands here as soon as there is something.",
        )
        return redirect("workspace:my_work")
    mine = [task for task in tasks_of(seat).mine if task.engagement.pk == found.pk]
    ready = [task for task in mine if not task.whys]
    # What the other side waits for, before what one owes by and by.
    first = next((task for task in ready if task.verb in ASKED), next(iter(ready), None))
    messages.success(request, _greeting(seat, invitation, found, first, len(mine)))
    return redirect(first.url) if first else redirect("workspace:overview", found.public_id)


def _taken(seat: Seat) -> Invitation | None:
    """The invitation that this person took last in the organisation for which they act."""
    taken = Invitation.objects.filter(organisation=seat.organisation, email__iexact=seat.user.email)
    return taken.exclude(accepted_at=None).select_related("invited_by").order_by("-accepted_at").first()


def _greeting(
    seat: Seat, invitation: Invitation, engagement: Engagement, first: Task | None, count: int
) -> str:
    """What this engagement is, who invited them, and what happens next."""
    own = Side.CLIENT if engagement.client_id == seat.organisation.pk else Side.OPERATOR
    other = engagement.organisation_of(own.other).name
    calls = f"{other} calls for you" if own is Side.CLIENT else f"you call for {other}"
    roles = joined([in_a_sentence(ParticipantRole(role).label) for role in invitation.participant_roles])
    begins = (
        f"“{engagement.campaign}” is a calling campaign in which {calls}; its first 90 days are run here. "
        f"{invitation.invited_by.name} invited you{f' as {roles}' if roles else ''}."
    )
    if first is None:
        return f"{begins} Nothing waits for you yet; what does will stand under My work."
    rest = " What comes after it stands under My work." if count > 1 else ""
    return f"{begins} This is where you begin: {first.verb.lower()} {_named(first.title)}.{rest}"


def _named(title: str) -> str:
    return f"the {title[0].lower()}{title[1:]}" if title[:9] in ("Timeline", "Campaign ") else f"“{title}”"
