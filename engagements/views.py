"""The brief, the team and the trail of one engagement."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.reauthentication import ask_again
from accounts.requests import TenantRequest
from accounts.roles import Permission, Side, in_a_sentence
from accounts.seat import Seat
from accounts.selectors import in_words, trail_entries
from common.errors import Refused
from common.posting import posted_from

from . import selectors, services
from .access import open_engagement
from .forms import BriefForm, ParticipantForm, SubstituteForm
from .models import Engagement, Participant
from .rules import EMPTY_BRIEF, BriefContent, brief_gaps, differences
from .terms import CONSENT, TERMS

LINES_A_PAGE = 100


@login_required
@require_safe
def brief(request: TenantRequest, engagement_id: UUID, version: int | None = None) -> HttpResponse:
    """What was agreed: one version, who signed it, and what it changes."""
    engagement, seat = open_engagement(request, engagement_id)
    return _brief_page(request, engagement, seat, version)


def _brief_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    version: int | None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    page = selectors.brief_page(engagement, version)
    if page is None:
        raise Http404("There is no such version of the brief.")
    side = seat.side or Side.CLIENT
    signable = bool(page.brief and page.newest and side in page.unsigned and seat.may(Permission.SIGN_BRIEF))
    context: dict[str, Any] = {
        "engagement": engagement,
        "page": page,
        "terms": [(term, page.content.terms.get(term.key, "")) for term in TERMS],
        "sides": [(each, engagement.organisation_of(each), page.signatures.get(each)) for each in Side],
        "may_edit": seat.may(Permission.EDIT_BRIEF) and page.newest,
        "gaps": brief_gaps(page.content) if page.brief and page.newest and page.unsigned else [],
        "signable": signable,
        "consent": CONSENT.format(version=page.brief.version, organisation=seat.organisation.name)
        if page.brief
        else "",
        "reasons": reasons,
    }
    return render(request, "engagements/brief.html", context, status=422 if reasons else 200)


@login_required
@require_safe
def brief_edit(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """The form of the newest version."""
    engagement, _ = open_engagement(request, engagement_id, Permission.EDIT_BRIEF)
    newest = engagement.briefs.order_by("-version").first()
    form = BriefForm(content=selectors.brief_content(newest))
    return _edit_page(request, engagement, form, seen=newest.content_hash if newest else "")


def _edit_page(
    request: TenantRequest,
    engagement: Engagement,
    form: BriefForm,
    *,
    seen: str,
    reasons: list[str] | None = None,
    compared: BriefContent | None = None,
) -> HttpResponse:
    context = {
        "engagement": engagement,
        "form": form,
        "seen": seen,
        "reasons": reasons,
        "changes": differences(compared, form.written()) if compared and form.is_valid() else [],
    }
    return render(
        request, "engagements/brief_edit.html", context, status=422 if reasons or form.errors else 200
    )


@posted_from("engagements:brief_edit", "engagement_id")
def brief_save(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep what was typed as the draft, or as a new version after a signature."""
    engagement, seat = open_engagement(request, engagement_id, Permission.EDIT_BRIEF)
    newest = engagement.briefs.order_by("-version").first()
    content = selectors.brief_content(newest) if newest else EMPTY_BRIEF
    seen = request.POST.get("seen", "")
    form = BriefForm(request.POST, content=content)
    if not form.is_valid():
        return _edit_page(request, engagement, form, seen=seen)
    try:
        saved = services.save_brief(engagement=engagement, by=seat, content=form.written(), seen=seen)
    except Refused as refusal:
        # Shown beside the newest version, so that saving once more is a decision and not an accident.
        current = newest.content_hash if newest else ""
        return _edit_page(request, engagement, form, seen=current, reasons=refusal.reasons, compared=content)
    messages.success(request, f"Version {saved.version} is saved. Next: both sides read and sign it.")
    return redirect("engagements:brief", engagement.public_id)


@posted_from("engagements:brief", "engagement_id")
def brief_sign(request: TenantRequest, engagement_id: UUID, version: int) -> HttpResponse:
    """Sign the version that was read, for one's own side."""
    engagement, seat = open_engagement(request, engagement_id, Permission.SIGN_BRIEF)
    if not engagement.briefs.filter(version=version).exists():
        raise Http404("There is no such version of the brief.")
    page = reverse("engagements:brief", args=[engagement.public_id])
    if answer := ask_again(request, back_to=page):
        return answer
    try:
        signed = services.sign_brief(
            engagement=engagement, by=seat, version=version, seen=request.POST.get("seen", "")
        )
    except Refused as refusal:
        return _brief_page(request, engagement, seat, version, refusal.reasons)
    if signed.signed_at:
        messages.success(request, f"Version {version} is signed by both sides and in force.")
    else:
        waited = (seat.side or Side.CLIENT).other
        messages.success(request, f"You have signed version {version}. Next: the {waited} signs it.")
    return HttpResponseRedirect(page)


@login_required
@require_safe
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
        "may_manage": may_manage,
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
            link_to=_link_to(request),
        )
    except Refused as refusal:
        return _team_page(request, engagement, seat, form, refusal.reasons)
    said = "is on the team" if added.user_id else f"is invited by mail to {added.email}"
    messages.success(request, f"{added.name} {said}.")
    return redirect("engagements:team", engagement.public_id)


def _link_to(request: TenantRequest) -> Callable[[str], str]:
    return lambda token: request.build_absolute_uri(reverse("accounts:invitation", args=[token]))


@posted_from("engagements:team", "engagement_id")
def team_invite(request: TenantRequest, engagement_id: UUID, participant_id: UUID) -> HttpResponse:
    """Invite somebody of one's own side who is named but not here yet."""
    engagement, seat = open_engagement(request, engagement_id, Permission.MANAGE_TEAM)
    participant = get_object_or_404(Participant, public_id=participant_id, engagement=engagement)
    try:
        invited = services.invite_again(
            engagement=engagement, by=seat, participant=participant, link_to=_link_to(request)
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


@login_required
@require_safe
def trail(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Who did what, when, from where; the newest first."""
    engagement, _ = open_engagement(request, engagement_id)
    page = Paginator(trail_entries(engagement.pk), LINES_A_PAGE).get_page(request.GET.get("page"))
    context = {"engagement": engagement, "page": page, "lines": in_words(page.object_list)}
    return render(request, "engagements/trail.html", context)
