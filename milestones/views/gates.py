"""Gates: may we go on? Every condition with its proof, the report, and both signatures."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.reauthentication import ask_again
from accounts.requests import TenantRequest
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.ui import Reason
from engagements.access import open_engagement
from engagements.models import Engagement
from milestones import services
from milestones.forms import SignForm
from milestones.links import reasons_of
from milestones.models import Gate
from milestones.rules.facts import role_label
from milestones.rules.signing import sign_off_blockers
from milestones.selectors.gates import gate_standing
from milestones.selectors.standing import standing_of
from milestones.services.gates import SIGN_CONSENT, signing_facts
from milestones.views.plan import refusal_reasons


@login_required
@require_safe
def gates(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """The gates in their order, with what is open at each."""
    engagement, _ = open_engagement(request, engagement_id)
    standing = request.standing = standing_of(engagement)
    rows = [gate_standing(standing, gate) for gate in standing.gates]
    return render(
        request, "milestones/gates.html", {"engagement": engagement, "rows": rows, "sides": list(Side)}
    )


@login_required
@require_safe
def gate(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """One gate: yes or not yet, and why."""
    engagement, seat = open_engagement(request, engagement_id)
    found = get_object_or_404(Gate, engagement=engagement, public_id=gate_id)
    note = request.session.pop(_note_key(found), "")
    return _gate_page(request, engagement, seat, found, form=SignForm(initial={"note": note}))


def _note_key(found: Gate) -> str:
    """Where a note waits while its writer is asked for the password."""
    return f"note:{found.public_id}"


def _gate_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    found: Gate,
    *,
    reasons: list[Reason] | None = None,
    form: SignForm | None = None,
) -> HttpResponse:
    standing = request.standing = standing_of(engagement)
    current = next(each for each in standing.gates if each.pk == found.pk)
    row = gate_standing(standing, current)
    signing = signing_facts(standing, current, by=seat, seen=current.document_sha256)
    refused = sign_off_blockers(signing, row.facts)
    signers = signing.signing_roles
    context = {
        "engagement": engagement,
        "row": row,
        "conditions": [(c, reasons_of(c.blockers, engagement)) for c in row.conditions],
        "sides": [
            (side, engagement.organisation_of(side), row.signed.get(side), role_label(signers.get(side, "")))
            for side in Side
        ],
        "reasons": reasons,
        "may_sign": seat.may(Permission.SIGN_GATE) and not refused,
        "why_not": reasons_of(refused, engagement)
        if not row.blockers and seat.may(Permission.SIGN_GATE)
        else [],
        "sign_form": form or SignForm(),
        "consent": SIGN_CONSENT,
    }
    failed = bool(reasons or (form and form.errors))
    return render(request, "milestones/gate.html", context, status=422 if failed else 200)


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_sign(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """Sign the gate for one's own side, on the report that was read."""
    engagement, seat = open_engagement(request, engagement_id, Permission.SIGN_GATE)
    found = get_object_or_404(Gate, engagement=engagement, public_id=gate_id)
    page = reverse("milestones:gate", args=[engagement.public_id, found.public_id])
    form = SignForm(request.POST)
    if not form.is_valid():
        return _gate_page(request, engagement, seat, found, form=form)
    if answer := ask_again(request, back_to=page):
        request.session[_note_key(found)] = form.cleaned_data["note"]
        return answer
    try:
        signed = services.sign_off(gate=found, by=seat, **form.cleaned_data)
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return _gate_page(request, engagement, seat, found, reasons=reasons, form=form)
    if signed.passed_at:
        messages.success(request, f"Both sides have signed: the gate “{signed.title}” has passed.")
    else:
        other = (seat.side or Side.CLIENT).other
        messages.success(request, f"You have signed “{signed.title}”. Next: the {other} signs it.")
    return HttpResponseRedirect(page)
