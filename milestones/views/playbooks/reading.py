"""Playbooks as they are read: the list, one of them, and what changed between versions."""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest, with_seat
from accounts.roles import Permission
from accounts.seat import Seat
from milestones import playbook as playbooks
from milestones.models import PlaybookVersion, VersionState
from milestones.playbook_forms import CopyForm, PublishForm
from milestones.selectors.playbooks import REMEMBERED, OwnRow, content_of, own_playbooks
from milestones.views.playbooks.found import row_of


def _drawn(data: Mapping[str, Any], edited: UUID | None = None) -> SafeString:
    """What a playbook says, as its page lists it, with the ways to change each entry of the one that is `edited`.

    It hangs on the data and nothing else, so that a process sets it once.
    """
    return _set(json.dumps(data), edited, settings.ROOT_URLCONF)


@lru_cache(maxsize=REMEMBERED)
def _set(told: str, edited: UUID | None, addresses: str) -> SafeString:
    context = {"content": content_of(json.loads(told)), "edited": edited}
    return mark_safe(render_to_string("milestones/_playbook_content.html", context))  # noqa: S308  a template of ours


@cache
def _shipped(code: str) -> dict[str, Any]:
    return playbooks.as_data(playbooks.load(code))


@with_seat
@require_safe
def playbooks_page(request: TenantRequest, seat: Seat) -> HttpResponse:
    """The organisation's own playbooks, and those that come with the program."""
    return list_page(request, seat)


def list_page(
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
    return shipped_page(request, seat, code)


def shipped_page(
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
        "book": book,
        "told": _drawn(_shipped(code)),
        "form": (form or usual) if seat.may(Permission.EDIT_PLAYBOOKS) else None,
        "reasons": reasons,
    }
    return render(request, "milestones/playbook_shipped.html", context, status=422 if form else 200)


@with_seat
@require_safe
def playbook(request: TenantRequest, seat: Seat, playbook_id: UUID) -> HttpResponse:
    """One playbook of one's own: `?version=2` says which version, without it the one that is offered."""
    row = row_of(seat, playbook_id)
    wanted = request.GET.get("version", "")
    version = next((each for each, _ in row.versions if str(each.version) == wanted), None)
    if wanted and version is None:
        raise Http404("There is no such version.")
    return version_page(request, seat, row, version or row.shown)


def version_page(
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
        "told": _drawn(version.content, row.playbook.public_id if editing else None),
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
    row = row_of(seat, playbook_id)
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
