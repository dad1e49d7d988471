"""The team and the trail of one engagement."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest, invitation_link
from accounts.roles import Permission, Side, in_a_sentence
from accounts.seat import Seat
from accounts.selectors import LINES_A_PAGE, in_words, trail_entries
from common.errors import Refused
from common.posting import posted_from

from . import selectors, services
from .access import open_engagement
from .forms import ParticipantForm, SubstituteForm
from .kept_page import kept_for_reader
from .masks import mask_of
from .models import Engagement, Participant


@login_required
@require_safe
@kept_for_reader
def team(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Who takes part, on which side and in which roles."""
    engagement, seat = open_engagement(request, engagement_id)
    return _team_page(request, engagement, seat)


def _team_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    form: ParticipantForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    people = selectors.team(engagement)
    side = seat.side or Side.CLIENT
    may_manage = seat.may(Permission.MANAGE_TEAM)
    context = {
        "engagement": engagement,
        "sides": [
            (
                each,
                engagement.organisation_of(each),
                [_team_row(seat, person, people[each]) for person in people[each]],
            )
            for each in Side
        ],
        "own": side,
        "unsigned": selectors.signs_missing(people),
        "may_manage": may_manage,
        "may_mask": side is Side.OPERATOR and seat.may(Permission.MASK_AGENTS),
        "form": (form or ParticipantForm(side=side)) if may_manage else None,
        "reasons": reasons,
    }
    failed = bool(reasons or (form and form.errors))
    return render(request, "engagements/team.html", context, status=422 if failed else 200)


def _team_row(
    seat: Seat, person: Participant, people: list[Participant]
) -> tuple[Participant, list[Participant] | None]:
    """A person of the team with whom they may be given as a substitute; None where this seat names none."""
    names = seat.side == person.side and (
        person.user_id == seat.user.pk or seat.may_of_own(Permission.MANAGE_TEAM)
    )
    return person, selectors.possible_substitutes(people, person) if names else None


@posted_from("engagements:team", "engagement_id")
def team_substitute(request: TenantRequest, engagement_id: UUID, participant_id: UUID) -> HttpResponse:
    """Name who stands in for somebody of one's own side, or that nobody does."""
    engagement, seat = open_engagement(request, engagement_id)
    participant = get_object_or_404(Participant, public_id=participant_id, engagement=engagement)
    form = SubstituteForm(request.POST, participant=participant)
    if not form.is_valid():
        return _team_page(request, engagement, seat, reasons=["Choose somebody of the same side, or nobody."])
    try:
        changed = services.name_substitute(
            engagement=engagement,
            by=seat,
            participant=participant,
            substitute=form.cleaned_data["substitute"],
        )
    except Refused as refusal:
        return _team_page(request, engagement, seat, reasons=refusal.reasons)
    role = in_a_sentence(changed.get_role_display())
    said = f"{changed.substitute} stands in for" if changed.substitute else "Nobody stands in for"
    messages.success(request, f"{said} {changed.name} as {role}.")
    return redirect("engagements:team", engagement.public_id)


@posted_from("engagements:team", "engagement_id")
def team_add(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Give somebody a role on one's own side, and invite them where they are new."""
    engagement, seat = open_engagement(request, engagement_id, Permission.MANAGE_TEAM)
    form = ParticipantForm(request.POST, side=seat.side or Side.CLIENT)
    if not form.is_valid():
        return _team_page(request, engagement, seat, form)
    try:
        added = services.add_participant(
            engagement=engagement,
            by=seat,
            role=form.cleaned_data["role"],
            name=form.cleaned_data["name"],
            email=form.cleaned_data["email"],
            link_to=invitation_link(request),
        )
    except Refused as refusal:
        return _team_page(request, engagement, seat, form, refusal.reasons)
    said = "is on the team" if added.user_id else f"is invited by mail to {added.email}"
    messages.success(request, f"{added.name} {said}.")
    return redirect("engagements:team", engagement.public_id)


@posted_from("engagements:team", "engagement_id")
def team_invite(request: TenantRequest, engagement_id: UUID, participant_id: UUID) -> HttpResponse:
    """Invite somebody of one's own side who is named but not here yet."""
    engagement, seat = open_engagement(request, engagement_id, Permission.MANAGE_TEAM)
    participant = get_object_or_404(Participant, public_id=participant_id, engagement=engagement)
    try:
        invited = services.invite_again(
            engagement=engagement, by=seat, participant=participant, link_to=invitation_link(request)
        )
    except Refused as refusal:
        return _team_page(request, engagement, seat, reasons=refusal.reasons)
    said = "takes part now" if invited.user_id else f"is invited by mail to {invited.email}"
    messages.success(request, f"{invited.name} {said}.")
    return redirect("engagements:team", engagement.public_id)


@posted_from("engagements:team", "engagement_id")
def team_end(request: TenantRequest, engagement_id: UUID, participant_id: UUID) -> HttpResponse:
    """Take a role away from somebody on one's own side."""
    engagement, seat = open_engagement(request, engagement_id, Permission.MANAGE_TEAM)
    participant = get_object_or_404(Participant, public_id=participant_id, engagement=engagement)
    try:
        services.end_participation(engagement=engagement, by=seat, participant=participant)
    except Refused as refusal:
        return _team_page(request, engagement, seat, reasons=refusal.reasons)
    messages.success(
        request, f"{participant.name} is no longer {in_a_sentence(participant.get_role_display())} here."
    )
    return redirect("engagements:team", engagement.public_id)


@posted_from("engagements:team", "engagement_id")
def agents_mask(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Show the client numbers instead of the names of agents, or the names again."""
    engagement, seat = open_engagement(request, engagement_id, Permission.MASK_AGENTS)
    wanted = request.POST.get("agents", "")
    if wanted not in ("numbers", "names"):
        return _team_page(request, engagement, seat, reasons=["Say whether to show names or numbers."])
    try:
        services.mask_agents(engagement=engagement, by=seat, masked=wanted == "numbers")
    except Refused as refusal:
        return _team_page(request, engagement, seat, reasons=refusal.reasons)
    messages.success(request, f"The client sees the {wanted} of agents from now on.")
    return redirect("engagements:team", engagement.public_id)


@login_required
@require_safe
@kept_for_reader
def trail(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Who did what, when, from where; the newest first."""
    engagement, seat = open_engagement(request, engagement_id)
    page = Paginator(trail_entries(engagement.pk), LINES_A_PAGE).get_page(request.GET.get("page"))
    lines = in_words(page.object_list, shown=mask_of(engagement, seat).data)
    context = {"engagement": engagement, "page": page, "lines": lines}
    return render(request, "engagements/trail.html", context)
