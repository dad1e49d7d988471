"""What a request about a playbook means: which one, which draft, by whom."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.requests import TenantRequest
from accounts.roles import Permission
from accounts.seat import Seat
from milestones.models import PlaybookVersion, VersionState
from milestones.selectors.playbooks import OwnRow, own_playbooks


def demand_editor(seat: Seat) -> None:
    """Playbooks may be read by every colleague, but changed by administrators and leaders only."""
    if not seat.may(Permission.EDIT_PLAYBOOKS):
        raise PermissionDenied(f"Your role does not allow you to {Permission.EDIT_PLAYBOOKS}.")


def row_of(seat: Seat, playbook_id: UUID) -> OwnRow:
    """One playbook of the seat's organisation with its versions."""
    found = own_playbooks(seat.organisation, only=playbook_id)
    if not found:
        raise Http404("There is no such playbook.")
    return found[0]


def draft_of(seat: Seat, playbook_id: UUID) -> PlaybookVersion:
    """The draft of a playbook of the seat's organisation."""
    demand_editor(seat)
    drafts = PlaybookVersion.objects.select_related("playbook").filter(state=VersionState.DRAFT)
    return get_object_or_404(drafts, organisation=seat.organisation, playbook__public_id=playbook_id)


def seen_revision(request: TenantRequest) -> int:
    """The revision of the draft on the page that was sent; 0, which no draft has, for anything else."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def to_draft(playbook_id: UUID, draft: PlaybookVersion, anchor: str = "") -> HttpResponse:
    return redirect(f"{reverse('milestones:playbook', args=[playbook_id])}?version={draft.version}{anchor}")
