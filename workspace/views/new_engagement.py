"""Opening an engagement: from a form to a complete, dated plan."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.requests import TenantRequest, invitation_link
from accounts.roles import SIDE_OF_ROLE, Permission, Side
from accounts.seat import Seat
from common import clock
from common.days import WEEKDAYS, WhenOff
from common.errors import Refused
from common.posting import posted_from
from engagements.models import Engagement, Participant
from engagements.services import create_engagement
from engagements.work_form import as_chosen
from milestones.models import Plan
from milestones.playbook import USUAL
from milestones.selectors.playbooks import Offer, offers
from milestones.services import create_plan
from reports.services import request_deliverable
from reports.snapshots import Kind
from workspace.forms import LEADS, ROLES, NewEngagementForm, usual_kickoff

# Where nothing tells of another; the page puts the browser's own in its place (tollgate.js).
USUAL_ZONE = "America/New_York"


@login_required
@require_safe
def new_engagement(request: TenantRequest) -> HttpResponse:
    """The form; `?side=client` when one's own organisation buys, `?side=operator` when it dials."""
    seat = _opener(request)
    latest = Engagement.objects.filter(is_sample=False).order_by("-created_at").first()
    usual = Side.CLIENT if latest and latest.client_id == seat.organisation.pk else Side.OPERATOR
    side = _side(request.GET.get("side"), usual)
    lead = LEADS[side]
    zone = latest.zone if latest else USUAL_ZONE
    offered = offers(seat.organisation)
    form = NewEngagementForm(
        side=side,
        known=_known(seat),
        offers=offered,
        initial={
            "playbook": _usual_playbook(latest, offered),
            **(as_chosen(latest) if latest else {"weekdays": WEEKDAYS, "when_off": WhenOff.STAYS}),
            "zone": zone,
            "kickoff_on": usual_kickoff(clock.today(zone)),
            f"{lead}-name": seat.user.name,
            f"{lead}-email": seat.user.email,
        },
    )
    return _page(request, form, first=latest is None)


@posted_from("workspace:new_engagement")
def open_new_engagement(request: TenantRequest) -> HttpResponse:
    """Open the engagement, make its plan, and invite whoever is new, all or nothing."""
    seat = _opener(request)
    form = NewEngagementForm(
        request.POST,
        side=_side(request.POST.get("side"), Side.OPERATOR),
        known=_known(seat),
        offers=offers(seat.organisation),
    )
    if not form.is_valid():
        return _page(request, form)
    try:
        with transaction.atomic():  # the plan may be refused when the engagement is there already
            engagement, own = create_engagement(
                by=seat,
                campaign=form.cleaned_data["campaign"],
                side=form.side,
                other=form.other_organisation(),
                kickoff_on=form.cleaned_data["kickoff_on"],
                zone=form.cleaned_data["zone"],
                owners=form.owners(),
                work=form.work(),
                link_to=invitation_link(request),
            )
            create_plan(
                engagement=engagement, by=own, playbook=form.cleaned_data["playbook"],
                owners=_stand_ins(engagement),
            )  # fmt: skip
            if own.may(Permission.BUILD_DELIVERABLE):
                request_deliverable(engagement=engagement, kind=Kind.LAUNCH_PLAN, by=own)
    except Refused as refusal:
        return _page(request, form, refusal.reasons)
    messages.success(
        request,
        f"{engagement.campaign} is open, with its whole plan. Next: look it through, then both sides lock it.",
    )
    return redirect("milestones:plan", engagement.public_id)


def _stand_ins(engagement: Engagement) -> dict[str, Participant]:
    """Who owns what belongs to a role that nobody has yet: the lead of its side, so that the plan can be locked."""
    named = {participant.role: participant for participant in engagement.participants.all()}
    return {role.value: named[LEADS[SIDE_OF_ROLE[role][0]]] for role in ROLES if role.value not in named}


def _opener(request: TenantRequest) -> Seat:
    if request.seat is None:
        raise Http404("You belong to no organisation.")
    if not request.seat.may(Permission.CREATE_ENGAGEMENT):
        raise PermissionDenied(f"Your role does not allow you to {Permission.CREATE_ENGAGEMENT}.")
    return request.seat


def _usual_playbook(latest: Engagement | None, offered: list[Offer]) -> str:
    """The playbook that was used last, where it is still offered, else the one that is usual."""
    keys = {offer.key for offer in offered}
    plans = Plan.objects.filter(engagement=latest) if latest else Plan.objects.none()
    # The plan keeps its whole playbook: only its name is asked.
    used = next(iter(plans.values_list("playbook_source", "playbook")), ())
    return next((str(key) for key in used if str(key) in keys), USUAL)


def _side(text: str | None, usual: Side) -> Side:
    return Side(text) if text in Side.values else usual


def _known(seat: Seat) -> list[Organisation]:
    return list(Organisation.objects.filter(sample_of=None).exclude(pk=seat.organisation.pk))


def _page(
    request: TenantRequest,
    form: NewEngagementForm,
    reasons: list[str] | None = None,
    *,
    first: bool = False,
) -> HttpResponse:
    """The form; of the `first` engagement the browser says in which zone it is opened, until something was typed."""
    context = {"form": form, "reasons": reasons, "first": first}
    return render(
        request, "workspace/new_engagement.html", context, status=422 if reasons or form.errors else 200
    )
