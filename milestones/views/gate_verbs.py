"""What signers do about a gate besides signing it, one form each; all of them stand on the gate's page."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.requests import TenantRequest
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from common.wording import day_text
from engagements.access import open_engagement
from milestones import services
from milestones.forms import HoldForm, ReasonForm, WordsForm
from milestones.models import Gate, GateEvent
from milestones.services.gate_events import names_of
from milestones.views.gates import gate_page, page_of


def _done(
    request: TenantRequest,
    engagement_id: UUID,
    gate_id: UUID,
    name: str,
    act: Callable[[Gate, Seat, forms.Form], str],
    *,
    form: type[forms.Form] = forms.Form,
    permission: Permission = Permission.SIGN_GATE,
) -> HttpResponse:
    """Take one form of the gate's page; a refused one stands there again with what was typed and why."""
    engagement, seat = open_engagement(request, engagement_id, permission)
    gate = get_object_or_404(Gate, engagement=engagement, public_id=gate_id)
    typed = form(request.POST, auto_id=f"{name}_%s")
    if not typed.is_valid():
        return gate_page(request, engagement, seat, gate, forms={name: typed})
    try:
        said = act(gate, seat, typed)
    except Refused as refusal:
        for reason in refusal.reasons:
            typed.add_error(None, reason)
        return gate_page(request, engagement, seat, gate, forms={name: typed})
    messages.success(request, said)
    return HttpResponseRedirect(page_of(engagement, gate))


def _other(seat: Seat) -> Side:
    return (seat.side or Side.CLIENT).other


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_hold(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """Pause the gate until a day."""

    def act(gate: Gate, seat: Seat, form: forms.Form) -> str:
        event = services.hold_gate(gate=gate, by=seat, **form.cleaned_data)
        until = day_text(event.until) if event.until else ""
        return f"“{gate.title}” is paused until {until}. The {_other(seat)} sees the reason."

    return _done(request, engagement_id, gate_id, "hold", act, form=HoldForm)


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_release(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """End the pause of one's own side."""

    def act(gate: Gate, seat: Seat, _: forms.Form) -> str:
        services.release_gate(gate=gate, by=seat)
        return f"“{gate.title}” is no longer paused by your side."

    return _done(request, engagement_id, gate_id, "release", act)


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_decline(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """Decline the report on the table."""

    def act(gate: Gate, seat: Seat, form: forms.Form) -> str:
        event = services.decline_gate(gate=gate, by=seat, **form.cleaned_data)
        return f"You have declined version {event.document_version}. A new version answers it, or you take it back."

    return _done(request, engagement_id, gate_id, "decline", act, form=ReasonForm)


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_take_back(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """Take back one's own side's decline."""

    def act(gate: Gate, seat: Seat, _: forms.Form) -> str:
        services.take_back_decline(gate=gate, by=seat)
        return "The decline is taken back. Next: sign the report, or leave it to your side's signer."

    return _done(request, engagement_id, gate_id, "take_back", act)


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_send_back(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """Send the gate back to work on a named finding."""

    def act(gate: Gate, seat: Seat, form: forms.Form) -> str:
        services.send_back(gate=gate, by=seat, **form.cleaned_data)
        return f"“{gate.title}” is back at work: its report is built again, then both sides sign the new version."

    return _done(request, engagement_id, gate_id, "send_back", act, form=ReasonForm)


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_ask(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """Ask the other side's signers to sign."""
    link = request.build_absolute_uri(reverse("milestones:gate", args=[engagement_id, gate_id]))

    def act(gate: Gate, seat: Seat, _: forms.Form) -> str:
        seen = request.POST.get("seen", "")[:64]
        asked = services.request_signatures(gate=gate, by=seat, seen=seen, link=link)
        return f"{names_of(asked)} gets a mail and finds the signature under My work."

    return _done(request, engagement_id, gate_id, "ask", act)


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_found(request: TenantRequest, engagement_id: UUID, gate_id: UUID) -> HttpResponse:
    """Note what came out after the gate had passed."""

    def act(gate: Gate, seat: Seat, form: forms.Form) -> str:
        services.note_found(gate=gate, by=seat, **form.cleaned_data)
        return "Noted. The gate stays passed; the next one waits until this is settled."

    return _done(
        request, engagement_id, gate_id, "found", act, form=WordsForm, permission=Permission.RECORD_CHECK
    )


@posted_from("milestones:gate", "engagement_id", "gate_id")
def gate_settle(request: TenantRequest, engagement_id: UUID, gate_id: UUID, event_id: UUID) -> HttpResponse:
    """Say what was done about something that was found after a gate had passed."""

    def act(gate: Gate, seat: Seat, form: forms.Form) -> str:
        found = get_object_or_404(GateEvent, gate=gate, public_id=event_id, kind="found")
        services.settle_found(found=found, by=seat, **form.cleaned_data)
        return "Settled. It stays on record with who found it and who settled it."

    name = f"settle:{event_id}"
    permission = Permission.COMPLETE_MILESTONE
    return _done(request, engagement_id, gate_id, name, act, form=WordsForm, permission=permission)
