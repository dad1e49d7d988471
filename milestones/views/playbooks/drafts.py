"""A draft is edited: entry by entry, about the whole, or as text."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest, with_seat
from accounts.seat import Seat
from common.errors import Refused
from common.posting import posted_from
from milestones import playbook as playbooks
from milestones.models import PlaybookVersion
from milestones.playbook import PlaybookError
from milestones.playbook_forms import FORMS, AboutForm, EntryForm, TextForm
from milestones.selectors.playbooks import yaml_of
from milestones.services import playbooks as services
from milestones.views.playbooks.found import draft_of, seen_revision, to_draft

NEW = 0  # in an address: the entry that is not there yet


@with_seat
@require_safe
def playbook_entry(
    request: TenantRequest, seat: Seat, playbook_id: UUID, part: str, number: int
) -> HttpResponse:
    """The form of one entry of the draft; number 0 is a new one."""
    draft = draft_of(seat, playbook_id)
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
    draft = draft_of(seat, playbook_id)
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
    return to_draft(playbook_id, draft, f"#{part}-{code}")


@posted_from("milestones:playbook_entry", "playbook_id", "part", "number")
@with_seat
def playbook_entry_remove(
    request: TenantRequest, seat: Seat, playbook_id: UUID, part: str, number: int
) -> HttpResponse:
    """Take one entry out of the draft."""
    draft = draft_of(seat, playbook_id)
    form = _form(draft, part, number)
    if number == NEW or form.fixed:
        raise Http404("This entry cannot be taken out.")
    title = draft.content[part][number - 1]["title"]
    try:
        draft = services.remove_entry(
            draft=draft, by=seat, part=part, number=number, seen=seen_revision(request)
        )
    except Refused as refusal:
        return _entry_page(request, playbook_id, draft, form, number, refusal.reasons)
    messages.success(request, f"“{title}” is taken out of the draft.")
    return to_draft(playbook_id, draft, f"#{part}")


@with_seat
@require_safe
def playbook_about(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """The form of the draft's title and line."""
    draft = draft_of(seat, playbook_id)
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
    draft = draft_of(seat, playbook_id)
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
    return to_draft(playbook_id, draft)


@with_seat
@require_safe
def playbook_text(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """The draft as YAML text, for whoever writes faster than they click."""
    draft = draft_of(seat, playbook_id)
    form = TextForm(initial={"text": yaml_of(draft.content), "seen": draft.revision})
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
    draft = draft_of(seat, playbook_id)
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
    return to_draft(playbook_id, draft)
