"""Settings › Playbooks: what an organisation starts its engagements with, edited as a draft and then published."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest, with_seat
from accounts.roles import Permission
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from milestones import playbook as playbooks
from milestones.models import OwnPlaybook, PlaybookVersion, VersionState
from milestones.playbook import Playbook, PlaybookError
from milestones.playbook_forms import FORMS, AboutForm, CopyForm, EntryForm, PublishForm, TextForm
from milestones.selectors.playbooks import OwnRow, content_of, own_playbooks
from milestones.services import playbooks as services

NEW = 0  # in an address: the entry that is not there yet


def _demand(seat: Seat) -> None:
    """Playbooks may be read by every colleague, but changed by administrators and leaders only."""
    if not seat.may(Permission.EDIT_PLAYBOOKS):
        raise PermissionDenied(f"Your role does not allow you to {Permission.EDIT_PLAYBOOKS}.")


def _row(seat: Seat, playbook_id: UUID) -> OwnRow:
    """One playbook of the seat's organisation with its versions."""
    playbook = get_object_or_404(OwnPlaybook, organisation=seat.organisation, public_id=playbook_id)
    return next(row for row in own_playbooks(seat.organisation) if row.playbook.pk == playbook.pk)


def _draft(seat: Seat, playbook_id: UUID) -> PlaybookVersion:
    """The draft of a playbook of the seat's organisation."""
    _demand(seat)
    drafts = PlaybookVersion.objects.select_related("playbook").filter(state=VersionState.DRAFT)
    return get_object_or_404(drafts, organisation=seat.organisation, playbook__public_id=playbook_id)


def _seen(request: TenantRequest) -> int:
    """The revision of the draft on the page that was sent; 0, which no draft has, for anything else."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


# Reading


@with_seat
@require_safe
def playbooks_page(request: TenantRequest, seat: Seat) -> HttpResponse:
    """The organisation's own playbooks, and those that come with the program."""
    return _list(request, seat)


def _list(
    request: TenantRequest, seat: Seat, *, copied: CopyForm | None = None, reasons: list[str] | None = None
) -> HttpResponse:
    context = {
        "rows": own_playbooks(seat.organisation),
        "shipped": [playbooks.load(code) for code in playbooks.shipped()],
        "may_edit": seat.may(Permission.EDIT_PLAYBOOKS),
        "reasons": reasons,
        "copied": copied,
    }
    return render(request, "milestones/playbooks.html", context, status=422 if reasons or copied else 200)


@with_seat
@require_safe
def playbook_shipped(request: TenantRequest, seat: Seat, code: str) -> HttpResponse:
    """What a playbook says that comes with the program."""
    return _shipped(request, seat, code)


def _shipped(
    request: TenantRequest,
    seat: Seat,
    code: str,
    form: CopyForm | None = None,
    reasons: list[str] | None = None,
) -> HttpResponse:
    if code not in playbooks.shipped():
        raise Http404("No such playbook comes with the program.")
    book = playbooks.load(code)
    usual = CopyForm(initial={"key": code, "title": f"{book.title}, {seat.organisation.name}"[:160]})
    context = {
        "content": content_of(playbooks.as_data(book)),
        "book": book,
        "form": (form or usual) if seat.may(Permission.EDIT_PLAYBOOKS) else None,
        "reasons": reasons,
    }
    return render(request, "milestones/playbook_shipped.html", context, status=422 if form else 200)


@with_seat
@require_safe
def playbook(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """One playbook of one's own: `?version=2` says which version, without it the one that is offered."""
    row = _row(seat, playbook_id)
    wanted = request.GET.get("version", "")
    version = next((each for each, _ in row.versions if str(each.version) == wanted), None)
    if wanted and version is None:
        raise Http404("There is no such version.")
    return _version(request, seat, row, version or row.shown)


def _version(
    request: TenantRequest,
    seat: Seat,
    row: OwnRow,
    version: PlaybookVersion,
    *,
    reasons: list[str] | None = None,
    publish_form: PublishForm | None = None,
) -> HttpResponse:
    content = content_of(version.content)
    editing = version.state == VersionState.DRAFT and seat.may(Permission.EDIT_PLAYBOOKS)
    earlier = [each for each, _ in row.versions if each.version < version.version]
    context = {
        "row": row,
        "version": version,
        "content": content,
        "editing": editing,
        "may_edit": seat.may(Permission.EDIT_PLAYBOOKS),
        "reasons": reasons,
        "earlier": earlier[0] if earlier else None,
        "publish_form": (publish_form or PublishForm(initial={"seen": version.revision}))
        if editing and not content.mistakes
        else None,
    }
    failed = bool(reasons) or bool(publish_form and publish_form.errors)
    return render(request, "milestones/playbook.html", context, status=422 if failed else 200)


@with_seat
@require_safe
def playbook_changes(request: TenantRequest, seat: Seat, playbook_id: UUID, number: int) -> HttpResponse:
    """What a version says otherwise than another: `?from=1`, without it than the one before."""
    row = _row(seat, playbook_id)
    by_number = {each.version: each for each, _ in row.versions}
    version = by_number.get(number)
    if version is None:
        raise Http404("There is no such version.")
    others = [each for each in by_number.values() if each.version != number]
    before = next((each for each in others if str(each.version) == request.GET.get("from", "")), None)
    before = before or next((each for each in others if each.version < number), None)
    context = {
        "row": row,
        "version": version,
        "before": before,
        "others": others,
        "changes": playbooks.differences(before.book, version.book) if before else [],
    }
    return render(request, "milestones/playbook_changes.html", context)


# Copying, starting, publishing, retiring


@posted_from("milestones:playbooks")
@with_seat
def playbook_copy(request: TenantRequest, seat: Seat) -> HttpResponse:
    """Make a playbook of one's own from one that comes with the program, or from a version of one's own."""
    _demand(seat)
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
        return _shipped(request, seat, key, form)
    return _list(request, seat, copied=form)


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
    _demand(seat)
    row = _row(seat, playbook_id)
    wanted = request.POST.get("version", "")
    version = next((each for each, _ in row.versions if str(each.version) == wanted), row.shown)
    try:
        draft = services.start_draft(by=seat, version=version)
    except Refused as refusal:
        return _version(request, seat, row, version, reasons=refusal.reasons)
    messages.success(request, f"Version {draft.version} is a draft. Change it, then publish it.")
    return _to_draft(playbook_id, draft)


def _to_draft(playbook_id: UUID, draft: PlaybookVersion, anchor: str = "") -> HttpResponse:
    return redirect(f"{reverse('milestones:playbook', args=[playbook_id])}?version={draft.version}{anchor}")


@posted_from("milestones:playbook", "playbook_id")
@with_seat
def playbook_publish(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """Publish the draft: it is offered from now on and never changes."""
    draft = _draft(seat, playbook_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _version(request, seat, _row(seat, playbook_id), draft, publish_form=form)
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
    return _version(request, seat, _row(seat, playbook_id), version, reasons=reasons)


@posted_from("milestones:playbook", "playbook_id")
@with_seat
def playbook_retire(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """Offer the published version no longer."""
    _demand(seat)
    row = _row(seat, playbook_id)
    try:
        version = services.retire(version=row.shown, by=seat)
    except Refused as refusal:
        return _version(request, seat, row, row.shown, reasons=refusal.reasons)
    messages.success(request, f"{version} is retired. Engagements that started with it go on as they are.")
    return redirect("milestones:playbook", playbook_id)


@posted_from("milestones:playbook", "playbook_id")
@with_seat
def playbook_discard(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """Throw the draft away."""
    draft = _draft(seat, playbook_id)
    try:
        services.discard_draft(draft=draft, by=seat, seen=_seen(request))
    except Refused as refusal:
        return _again(request, seat, playbook_id, draft, refusal.reasons)
    messages.success(request, "The draft is thrown away.")
    return redirect("milestones:playbooks")


# Editing


@with_seat
@require_safe
def playbook_entry(
    request: TenantRequest, seat: Seat, playbook_id: UUID, part: str, number: int
) -> HttpResponse:
    """The form of one entry of the draft; number 0 is a new one."""
    draft = _draft(seat, playbook_id)
    return _entry_page(request, playbook_id, draft, _form(draft, part, number), number)


def _form(draft: PlaybookVersion, part: str, number: int, data: Any = None) -> EntryForm:
    """The form of one entry; 404 where the draft has no such part or entry."""
    kind = FORMS.get(part)
    if kind is None or (number == NEW and kind.fixed) or number > len(draft.content.get(part, ())):
        raise Http404("There is no such entry.")
    book = draft.book
    item = None
    if number != NEW:
        code = draft.content[part][number - 1]["code"]
        item = next(each for each in getattr(book, part) if each.code == code)
    return kind(data, book=book, item=item, revision=draft.revision)


def _entry_page(
    request: TenantRequest,
    playbook_id: UUID,
    draft: PlaybookVersion,
    form: EntryForm,
    number: int,
    reasons: list[str] | None = None,
) -> HttpResponse:
    context = {
        "draft": draft,
        "form": form,
        "number": number,
        "new": number == NEW,
        "what": draft.content[form.part][number - 1]["title"] if number != NEW else "",
        "reasons": reasons,
        "back": f"{reverse('milestones:playbook', args=[playbook_id])}?version={draft.version}",
    }
    failed = bool(reasons) or bool(form.errors)
    return render(request, "milestones/playbook_entry.html", context, status=422 if failed else 200)


@posted_from("milestones:playbook_entry", "playbook_id", "part", "number")
@with_seat
def playbook_entry_save(
    request: TenantRequest, seat: Seat, playbook_id: UUID, part: str, number: int
) -> HttpResponse:
    """Write one entry of the draft."""
    draft = _draft(seat, playbook_id)
    form = _form(draft, part, number, request.POST)
    if not form.is_valid():
        return _entry_page(request, playbook_id, draft, form, number)
    try:
        draft = services.save_entry(
            draft=draft, by=seat, part=part, number=number or None, entry=form.entry(),
            seen=form.cleaned_data["seen"],
        )  # fmt: skip
    except Refused as refusal:
        return _entry_page(request, playbook_id, draft, form, number, refusal.reasons)
    except PlaybookError as error:
        form.say(error.mistakes)
        return _entry_page(request, playbook_id, draft, form, number)
    messages.success(request, f"“{form.cleaned_data['title']}” is in the draft.")
    code = draft.content[part][(number or len(draft.content[part])) - 1]["code"]
    return _to_draft(playbook_id, draft, f"#{part}-{code}")


@posted_from("milestones:playbook_entry", "playbook_id", "part", "number")
@with_seat
def playbook_entry_remove(
    request: TenantRequest, seat: Seat, playbook_id: UUID, part: str, number: int
) -> HttpResponse:
    """Take one entry out of the draft."""
    draft = _draft(seat, playbook_id)
    form = _form(draft, part, number)
    if number == NEW or form.fixed:
        raise Http404("This entry cannot be taken out.")
    title = draft.content[part][number - 1]["title"]
    try:
        draft = services.remove_entry(draft=draft, by=seat, part=part, number=number, seen=_seen(request))
    except Refused as refusal:
        return _entry_page(request, playbook_id, draft, form, number, refusal.reasons)
    messages.success(request, f"“{title}” is taken out of the draft.")
    return _to_draft(playbook_id, draft, f"#{part}")


@with_seat
@require_safe
def playbook_about(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """The form of the draft's title and line."""
    draft = _draft(seat, playbook_id)
    initial = {"title": draft.title, "line": draft.content.get("line", ""), "seen": draft.revision}
    return _about_page(request, playbook_id, draft, AboutForm(initial=initial))


def _about_page(
    request: TenantRequest,
    playbook_id: UUID,
    draft: PlaybookVersion,
    form: AboutForm,
    reasons: list[str] | None = None,
) -> HttpResponse:
    back = f"{reverse('milestones:playbook', args=[playbook_id])}?version={draft.version}"
    context = {"draft": draft, "form": form, "reasons": reasons, "back": back}
    failed = bool(reasons) or bool(form.errors)
    return render(request, "milestones/playbook_about.html", context, status=422 if failed else 200)


@posted_from("milestones:playbook_about", "playbook_id")
@with_seat
def playbook_about_save(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """Give the draft another title and line."""
    draft = _draft(seat, playbook_id)
    form = AboutForm(request.POST)
    if not form.is_valid():
        return _about_page(request, playbook_id, draft, form)
    try:
        draft = services.save_about(draft=draft, by=seat, **form.cleaned_data)
    except Refused as refusal:
        return _about_page(request, playbook_id, draft, form, refusal.reasons)
    except PlaybookError as error:
        for mistake in error.mistakes:
            form.add_error(mistake.key if mistake.key in form.fields else None, str(mistake))
        return _about_page(request, playbook_id, draft, form)
    messages.success(request, "Title and line are in the draft.")
    return _to_draft(playbook_id, draft)


@with_seat
@require_safe
def playbook_text(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """The draft as YAML text, for whoever writes faster than they click."""
    draft = _draft(seat, playbook_id)
    form = TextForm(initial={"text": playbooks.as_yaml(draft.book), "seen": draft.revision})
    return _text_page(request, playbook_id, draft, form)


def _text_page(
    request: TenantRequest,
    playbook_id: UUID,
    draft: PlaybookVersion,
    form: TextForm,
    reasons: list[str] | None = None,
) -> HttpResponse:
    back = f"{reverse('milestones:playbook', args=[playbook_id])}?version={draft.version}"
    context = {"draft": draft, "form": form, "reasons": reasons, "back": back, "parts": playbooks.PARTS}
    failed = bool(reasons) or bool(form.errors)
    return render(request, "milestones/playbook_text.html", context, status=422 if failed else 200)


@posted_from("milestones:playbook_text", "playbook_id")
@with_seat
def playbook_text_save(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """Write the whole draft from YAML text; every mistake is named with its line, and the text is kept."""
    draft = _draft(seat, playbook_id)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _text_page(request, playbook_id, draft, form)
    text = form.cleaned_data["text"]
    try:
        draft = services.save_text(draft=draft, by=seat, text=text, seen=form.cleaned_data["seen"])
    except Refused as refusal:
        return _text_page(request, playbook_id, draft, form, refusal.reasons)
    except PlaybookError as error:
        return _text_page(request, playbook_id, draft, form, playbooks.with_lines(text, error.mistakes))
    messages.success(request, "The text is in the draft.")
    return _to_draft(playbook_id, draft)
