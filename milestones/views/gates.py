"""Gates: may we go on? Every condition with its proof, the report, and both signatures."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from accounts.reauthentication import ask_again
from accounts.requests import TenantRequest
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common.days import CALIBRATION_LAST_DAY
from common.errors import Refused
from common.posting import posted_from
from common.ui import Reason
from engagements.access import open_engagement
from engagements.kept import drawn, place_of
from engagements.kept_page import keep_nothing, kept_for_reader
from engagements.masks import mask_of
from engagements.models import Engagement
from kpis.numbers_page import as_it_stands
from kpis.selectors.findings import came_since, figures_so_far
from milestones import services
from milestones.forms import HoldForm, ReasonForm, SignForm, WordsForm
from milestones.links import reasons_of
from milestones.models import Gate
from milestones.rules.events import EventFacts, signers_line
from milestones.rules.signing import not_signing
from milestones.selectors.certificate import certificate
from milestones.selectors.gate_history import FoundItem, found_items, gate_verbs, history
from milestones.selectors.gate_standing import GateStanding, gate_standing
from milestones.selectors.signers import signers_of
from milestones.selectors.standing import Standing, standing_of
from milestones.selectors.waits import tally_of
from milestones.services.gates import SIGN_CONSENT, signing_facts
from milestones.views.plan import refusal_reasons

# The pieces of a gate's record that are kept.
RECORD = ("lead", "content")


@login_required
@require_safe
@kept_for_reader
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
@kept_for_reader
def gate(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """One gate: yes or not yet, and why."""
    note = request.session.pop(_note_key(gate_id), "")
    if note:
        keep_nothing(request)
    engagement, seat = open_engagement(request, engagement_id)
    found = get_object_or_404(Gate, engagement=engagement, public_id=gate_id)
    return gate_page(request, engagement, seat, found, form=SignForm(initial={"note": note}))


def _note_key(gate_id: UUID) -> str:
    """Where a note waits while its writer is asked for the password."""
    return f"note:{gate_id}"


def page_of(engagement: Engagement, found: Gate) -> str:
    """The address of a gate's page."""
    return reverse("milestones:gate", args=[engagement.public_id, found.public_id])


def gate_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    found: Gate,
    *,
    reasons: list[Reason] | None = None,
    form: SignForm | None = None,
    forms: Mapping[str, Form] | None = None,
) -> HttpResponse:
    """The gate's page; `forms` are refused forms by the name of their verb, each shown where it was typed."""
    standing = request.standing = standing_of(engagement)
    current = next(each for each in standing.gates if each.pk == found.pk)
    row = gate_standing(standing, current)
    signing = signing_facts(standing, current, by=seat, seen=current.document_sha256)
    refused = not_signing(signing, current.code) or [*row.standing_in_the_way, *row.blockers]
    can_sign = signers_of(standing, current)
    who = {
        side: signers_line(side, signing.signing_roles.get(side, ""), can_sign.get(side, [])) for side in Side
    }
    verbs = gate_verbs(standing, row, seat, can_sign)
    if verbs.asked:  # it says until when
        keep_nothing(request)
    refused_forms = forms or {}
    context = {
        "engagement": engagement,
        "row": row,
        "tally": tally_of(standing, row),
        # What stands in the way comes first, else in the order in which the record tells them.
        "conditions": [
            (c, reasons_of(c.items, engagement)) for c in sorted(row.conditions, key=lambda c: c.met)
        ],
        # Before its day a condition is met as things stand: there is more to come that it asks about.
        "ahead": standing.today < standing.calendar.due(current.day),
        "as_it_stands": _as_it_stands(standing, row),
        "sides": [
            (side, engagement.organisation_of(side), row.signed.get(side), who.get(side, "")) for side in Side
        ],
        "in_the_way": [Reason(blocker.text) for blocker in row.standing_in_the_way],
        "history": history(standing, current),
        "found": [(item, _settle_form(item, refused_forms)) for item in found_items(current)],
        "verbs": verbs,
        **_verb_forms(current, refused_forms, next((h for h in row.holds if h.side == seat.side), None)),
        "reasons": reasons,
        "may_sign": seat.may(Permission.SIGN_GATE) and not refused,
        "why_not": reasons_of(refused, engagement)
        if not row.blockers and seat.may(Permission.SIGN_GATE)
        else [],
        "came_since": _came_since(standing, current),
        "sign_form": form or SignForm(),
        "consent": SIGN_CONSENT,
    }
    failed = bool(reasons or (form and form.errors) or refused_forms)
    return render(request, "milestones/gate.html", context, status=422 if failed else 200)


def _came_since(standing: Standing, gate: Gate) -> str:
    """What came in since the baseline was frozen that this gate is signed on; empty for any other gate."""
    if gate.day != CALIBRATION_LAST_DAY or gate.passed_at:
        return ""

    def made() -> str:
        return came_since(standing.engagement, standing.baseline) if standing.baseline else ""

    return str(standing.kept.of("what came since the baseline", make=made))


def _as_it_stands(standing: Standing, row: GateStanding) -> str:
    """How the figures stand that this gate has not judged yet; empty once it has."""
    if not any(condition.not_yet for condition in row.conditions):
        return ""
    day, engagement = row.gate.day, standing.engagement
    told = standing.kept.of(
        f"figures so far of {row.gate.code}", make=lambda: as_it_stands(figures_so_far(engagement, day))
    )
    return str(told)


def _verb_forms(current: Gate, refused: Mapping[str, Form], ours: EventFacts | None) -> dict[str, Form]:
    """The forms of the page: refused ones as they were typed, a pause of one's own as it stands, the others empty."""
    paused = {"until": ours.until, "reason": ours.text} if ours else {}
    seen = {"seen": current.document_sha256}
    fresh: dict[str, Form] = {
        "hold": HoldForm(initial=paused, auto_id="hold_%s"),
        "decline": ReasonForm(initial=seen, auto_id="decline_%s"),
        "send_back": ReasonForm(initial=seen, auto_id="send_back_%s"),
        "found": WordsForm(auto_id="found_%s"),
    }
    forms = {f"{name}_form": refused.get(name, form) for name, form in fresh.items()}
    # A verb that is only a button has no place of its own for what is wrong with it.
    bare = next((form for name, form in refused.items() if name in ("release", "take_back", "ask")), None)
    return {**forms, "refused_form": bare} if bare else forms


def _settle_form(item: FoundItem, refused: Mapping[str, Form]) -> Form:
    name = f"settle:{item.event.public_id}"
    return refused.get(name) or WordsForm(auto_id=f"{name}_%s")


@login_required
@require_safe
def gate_certificate(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """The record of one gate: what was open, since when, who cleared it, and what happened on the way."""
    engagement, seat = open_engagement(request, engagement_id)
    found = get_object_or_404(Gate, engagement=engagement, public_id=gate_id)
    standing = request.standing = standing_of(engagement)
    mask = mask_of(engagement, seat)

    def make() -> dict[str, str]:
        current = next(each for each in standing.gates if each.pk == found.pk)
        record = certificate(standing, current, mask)
        around = {
            "engagement": engagement,
            "head": place_of(engagement, standing.today),
            "record": record,
            "history": record.history,
            "signatures": [s for s in current.sign_offs.all() if s.content_hash == current.document_sha256],
        }
        return {name: drawn(f"milestones/_certificate_{name}.html", mask, **around) for name in RECORD}

    told = standing.kept.page(f"record of gate {found.pk}", mask, make=make)
    context = {
        "engagement": engagement,
        "gate": found,
        **{name: mark_safe(told[name]) for name in RECORD},  # noqa: S308  our own templates set them
        "may_build": seat.may(Permission.BUILD_DELIVERABLE),
    }
    return render(request, "milestones/certificate.html", context)


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_sign(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """Sign the gate for one's own side, on the report that was read."""
    engagement, seat = open_engagement(request, engagement_id, Permission.SIGN_GATE)
    found = get_object_or_404(Gate, engagement=engagement, public_id=gate_id)
    page = reverse("milestones:gate", args=[engagement.public_id, found.public_id])
    form = SignForm(request.POST)
    if not form.is_valid():
        return gate_page(request, engagement, seat, found, form=form)
    if answer := ask_again(request, back_to=page):
        request.session[_note_key(found.public_id)] = form.cleaned_data["note"]
        return answer
    try:
        signed = services.sign_off(gate=found, by=seat, **form.cleaned_data)
    except Refused as refusal:
        reasons = refusal_reasons(refusal, engagement)
        return gate_page(request, engagement, seat, found, reasons=reasons, form=form)
    if signed.passed_at:
        messages.success(request, f"Both sides have signed: the gate “{signed.title}” has passed.")
    else:
        other = (seat.side or Side.CLIENT).other
        messages.success(request, f"You have signed “{signed.title}”. Next: the {other} signs it.")
    return HttpResponseRedirect(page)
