"""The script: what is said, who approved it, and which version is in use."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.reauthentication import ask_again
from accounts.requests import TenantRequest
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common.downloads import as_download
from common.errors import Refused
from common.posting import posted_from

from . import services
from .access import open_engagement
from .kept_page import kept_for_reader
from .models import Engagement, Script
from .script_form import ReturnForm, ScriptForm
from .scripting import APPROVAL, compared
from .services.proofs import file_of


def _scripts(engagement: Engagement) -> list[Script]:
    """Every version, the newest first."""
    return list(
        Script.objects.filter(engagement=engagement)
        .select_related("file")
        .prefetch_related("approvals__uses")
    )


def in_use(scripts: list[Script]) -> Script | None:
    """The version that agents speak now."""
    used = [(script.use.at, script) for script in scripts if script.use]
    return max(used, key=lambda pair: pair[0])[1] if used else None


@login_required
@require_safe
@kept_for_reader
def script(request: TenantRequest, engagement_id: UUID, script_id: UUID | None = None) -> HttpResponse:
    """One version, the newest by default: its words, its state, what is new in it."""
    engagement, seat = open_engagement(request, engagement_id)
    return _script_page(request, engagement, seat, script_id)


def _script_page(
    request: TenantRequest,
    engagement: Engagement,
    seat: Seat,
    script_id: UUID | None,
    *,
    reasons: list[str] | None = None,
    return_form: ReturnForm | None = None,
) -> HttpResponse:
    scripts = _scripts(engagement)
    shown = next((each for each in scripts if script_id in (None, each.public_id)), None)
    if shown is None and script_id is not None:
        raise Http404("There is no such version of the script.")
    used = in_use(scripts)
    earlier = next(
        (each for each in scripts if shown and each.state == "final" and each.version < shown.version), None
    )
    reviewing = bool(
        shown and shown.state == "review" and seat.side is Side.CLIENT and seat.may(Permission.APPROVE_SCRIPT)
    )
    writer = seat.may(Permission.WRITE_SCRIPT)
    context = {
        "engagement": engagement,
        "scripts": scripts,
        "script": shown,
        "used": used,
        "earlier": earlier,
        "lines": compared(earlier.text, shown.text) if shown and earlier else [],
        "reviewing": reviewing,
        "may_write": writer and (not scripts or scripts[0].state != "review"),
        "may_send": writer and shown is not None and shown.state == "draft",
        "may_use": writer
        and shown is not None
        and shown.state == "final"
        and shown.use is None
        and (used is None or used.version < shown.version),
        "return_form": return_form or ReturnForm(),
        "returning": return_form is not None,
        "consent": APPROVAL.format(version=shown.version, organisation=seat.organisation.name)
        if shown
        else "",
        "reasons": reasons,
    }
    failed = bool(reasons or (return_form and return_form.errors))
    return render(request, "engagements/script.html", context, status=422 if failed else 200)


@login_required
@require_safe
@kept_for_reader
def script_edit(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """The form of the newest version's words."""
    engagement, _ = open_engagement(request, engagement_id, Permission.WRITE_SCRIPT)
    scripts = _scripts(engagement)
    newest = scripts[0] if scripts else None
    draft = newest if newest and newest.state == "draft" else None
    initial: dict[str, Any] = {"text": newest.text if newest else ""}
    if draft:
        initial |= {
            "recertify": "yes" if draft.recertify else "no",
            "recertify_reason": draft.recertify_reason,
        }
    form = ScriptForm(initial=initial, first=_first(scripts))
    return _edit_page(request, engagement, scripts, form, seen=newest.content_hash if newest else "")


def _first(scripts: list[Script]) -> bool:
    return not any(each.state == "final" for each in scripts)


def _edit_page(
    request: TenantRequest,
    engagement: Engagement,
    scripts: list[Script],
    form: ScriptForm,
    *,
    seen: str,
    reasons: list[str] | None = None,
) -> HttpResponse:
    newest = scripts[0] if scripts else None
    context = {
        "engagement": engagement,
        "form": form,
        "seen": seen,
        "newest": newest,
        "number": (newest.version + (newest.state != "draft")) if newest else 1,
        "lines": compared(newest.text, form.data.get("text", "")) if newest and reasons else [],
        "reasons": reasons,
    }
    status = 422 if reasons or form.errors else 200
    return render(request, "engagements/script_edit.html", context, status=status)


@posted_from("engagements:script_edit", "engagement_id")
def script_save(request: TenantRequest, engagement_id: UUID) -> HttpResponse:
    """Keep what was typed, in the draft or as a new version."""
    engagement, seat = open_engagement(request, engagement_id, Permission.WRITE_SCRIPT)
    scripts = _scripts(engagement)
    seen = request.POST.get("seen", "")
    form = ScriptForm(request.POST, request.FILES, first=_first(scripts))
    if not form.is_valid():
        return _edit_page(request, engagement, scripts, form, seen=seen)
    try:
        saved = services.save_script(
            engagement=engagement,
            by=seat,
            text=form.cleaned_data["text"].replace("\r\n", "\n"),
            seen=seen,
            file=form.cleaned_data["file"],
            recertify=form.cleaned_data.get("recertify", True) is not False,
            recertify_reason=form.cleaned_data.get("recertify_reason", ""),
        )
    except Refused as refusal:
        current = scripts[0].content_hash if scripts else ""
        return _edit_page(request, engagement, scripts, form, seen=current, reasons=refusal.reasons)
    messages.success(request, f"Version {saved.version} is saved. Next: send it to the client for review.")
    return redirect("engagements:script", engagement.public_id)


def _found(engagement: Engagement, script_id: UUID) -> Script:
    return get_object_or_404(Script, engagement=engagement, public_id=script_id)


def _version_url(engagement: Engagement, script: Script) -> str:
    return reverse("engagements:script_version", args=[engagement.public_id, script.public_id])


@posted_from("engagements:script_version", "engagement_id", "script_id")
def script_send(request: TenantRequest, engagement_id: UUID, script_id: UUID) -> HttpResponse:
    """Send a draft to the client."""
    engagement, seat = open_engagement(request, engagement_id, Permission.WRITE_SCRIPT)
    found = _found(engagement, script_id)
    try:
        services.send_script(script=found, by=seat, seen=request.POST.get("seen", ""))
    except Refused as refusal:
        return _script_page(request, engagement, seat, script_id, reasons=refusal.reasons)
    messages.success(request, f"Version {found.version} is with the client. Next: the client reviews it.")
    return redirect("engagements:script", engagement.public_id)


@posted_from("engagements:script_version", "engagement_id", "script_id")
def script_return(request: TenantRequest, engagement_id: UUID, script_id: UUID) -> HttpResponse:
    """Send a version back with what should change."""
    engagement, seat = open_engagement(request, engagement_id, Permission.APPROVE_SCRIPT)
    found = _found(engagement, script_id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _script_page(request, engagement, seat, script_id, return_form=form)
    try:
        services.return_script(
            script=found, by=seat, seen=request.POST.get("seen", ""), note=form.cleaned_data["note"]
        )
    except Refused as refusal:
        return _script_page(request, engagement, seat, script_id, return_form=form, reasons=refusal.reasons)
    messages.success(request, f"Version {found.version} is sent back. Next: the operator writes a new one.")
    return redirect("engagements:script", engagement.public_id)


@posted_from("engagements:script_version", "engagement_id", "script_id")
def script_approve(request: TenantRequest, engagement_id: UUID, script_id: UUID) -> HttpResponse:
    """Approve the version that was read, for the client."""
    engagement, seat = open_engagement(request, engagement_id, Permission.APPROVE_SCRIPT)
    found = _found(engagement, script_id)
    page = _version_url(engagement, found)
    if answer := ask_again(request, back_to=page):
        return answer
    try:
        services.approve_script(
            script=found,
            by=seat,
            seen=request.POST.get("seen", ""),
            recertify=request.POST.get("wording_only") != "yes",
        )
    except Refused as refusal:
        return _script_page(request, engagement, seat, script_id, reasons=refusal.reasons)
    messages.success(request, f"Version {found.version} is final. Nothing of it changes any more.")
    return HttpResponseRedirect(page)


@posted_from("engagements:script_version", "engagement_id", "script_id")
def script_use(request: TenantRequest, engagement_id: UUID, script_id: UUID) -> HttpResponse:
    """Put a final version into use."""
    engagement, seat = open_engagement(request, engagement_id, Permission.WRITE_SCRIPT)
    found = _found(engagement, script_id)
    try:
        services.use_script(script=found, by=seat)
    except Refused as refusal:
        return _script_page(request, engagement, seat, script_id, reasons=refusal.reasons)
    messages.success(
        request, f"Version {found.version} is in use. Who is not certified on it may not dial from now on."
    )
    return redirect("engagements:agents", engagement.public_id)


@login_required
@require_safe
def script_file(request: TenantRequest, engagement_id: UUID, script_id: UUID) -> FileResponse:
    """The file of a version, as an attachment."""
    engagement, _ = open_engagement(request, engagement_id)
    found = get_object_or_404(
        Script.objects.select_related("file"), engagement=engagement, public_id=script_id
    )
    if found.file is None:
        raise Http404("This version has no file.")
    return as_download(file_of(found.file), name=found.file.file_name, content_type=found.file.content_type)
