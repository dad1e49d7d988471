"""A playbook is copied, drafted, published, retired."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from accounts.requests import TenantRequest, with_seat
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from milestones import playbook as playbooks
from milestones.models import PlaybookVersion
from milestones.playbook import Playbook, PlaybookError
from milestones.playbook_forms import CopyForm, PublishForm
from milestones.services import playbooks as services
from milestones.views.playbooks.found import demand_editor, draft_of, row_of, seen_revision, to_draft
from milestones.views.playbooks.reading import list_page, shipped_page, version_page


@posted_from("milestones:playbooks")
@with_seat
def playbook_copy(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Make a playbook of one's own from one that comes with the program, or from a version of one's own."""
    demand_editor(seat)
    form = CopyForm(request.POST)
    key = request.POST.get("key", "")[:60]
    source = _source(seat, key)
    if form.is_valid():
        try:
            draft = services.copy_playbook(by=seat, source=source, title=form.cleaned_data["title"])
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("title", reason)
        else:
            messages.success(request, "The copy is a draft. Change what you do otherwise, then publish it.")
            return redirect("milestones:playbook", draft.playbook.public_id)
    if key in playbooks.shipped():
        return shipped_page(request, seat, key, form)
    return list_page(request, seat, copied=form)


def _source(seat: Seat, key: str) -> Playbook:
    if key in playbooks.shipped():
        return playbooks.load(key)
    try:
        version_id = UUID(key)
    except ValueError:
        raise Http404("There is no such playbook.") from None
    own = get_object_or_404(PlaybookVersion, organisation=seat.organisation, public_id=version_id)
    return own.book


@posted_from("milestones:playbook", "playbook_id")
@with_seat
def playbook_draft(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """Start a new version as a draft, from the version that was read."""
    demand_editor(seat)
    row = row_of(seat, playbook_id)
    wanted = request.POST.get("version", "")
    version = next((each for each, _ in row.versions if str(each.version) == wanted), row.shown)
    try:
        draft = services.start_draft(by=seat, version=version)
    except Refused as refusal:
        return version_page(request, seat, row, version, reasons=refusal.reasons)
    messages.success(request, f"Version {draft.version} is a draft. Change it, then publish it.")
    return to_draft(playbook_id, draft)


@posted_from("milestones:playbook", "playbook_id")
@with_seat
def playbook_publish(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """Publish the draft: it is offered from now on and never changes."""
    draft = draft_of(seat, playbook_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return version_page(request, seat, row_of(seat, playbook_id), draft, publish_form=form)
    try:
        services.publish(draft=draft, by=seat, **form.cleaned_data)
    except Refused as refusal:
        return _again(request, seat, playbook_id, draft, refusal.reasons)
    except PlaybookError as error:
        return _again(request, seat, playbook_id, draft, error.errors)
    messages.success(request, f"Version {draft.version} is published: new engagements can start with it.")
    return redirect("milestones:playbook", playbook_id)


def _again(
    request: TenantRequest, seat: Seat, playbook_id: UUID, version: PlaybookVersion, reasons: list[str]
) -> HttpResponse:
    """The page of a version as it is now, with what stood in the way."""
    version.refresh_from_db()
    return version_page(request, seat, row_of(seat, playbook_id), version, reasons=reasons)


@posted_from("milestones:playbook", "playbook_id")
@with_seat
def playbook_retire(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """Offer the published version no longer."""
    demand_editor(seat)
    row = row_of(seat, playbook_id)
    try:
        version = services.retire(version=row.shown, by=seat)
    except Refused as refusal:
        return version_page(request, seat, row, row.shown, reasons=refusal.reasons)
    messages.success(request, f"{version} is retired. Engagements that started with it go on as they are.")
    return redirect("milestones:playbook", playbook_id)


@posted_from("milestones:playbook", "playbook_id")
@with_seat
def playbook_discard(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """Throw the draft away."""
    draft = draft_of(seat, playbook_id)
    try:
        services.discard_draft(draft=draft, by=seat, seen=seen_revision(request))
    except Refused as refusal:
        return _again(request, seat, playbook_id, draft, refusal.reasons)
    messages.success(request, "The draft is thrown away.")
    return redirect("milestones:playbooks")
