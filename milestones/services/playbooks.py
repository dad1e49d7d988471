"""An organisation's own playbooks: copied, edited as a draft, published, retired."""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts import trail
from accounts.models import Organisation
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.names import name_blockers
from milestones import playbook as playbooks
from milestones.models import OwnPlaybook, PlaybookVersion, VersionState
from milestones.playbook import Mistake, Playbook, PlaybookError

MOST_PLAYBOOKS = 50
STALE = "This draft has changed since the page was opened. Look at it again, then change it."


@dataclass(frozen=True)
class Chosen:
    """A playbook that a plan can start with, and the version of an organisation's own that it comes from."""

    book: Playbook
    source: UUID | None = None


def choose(key: str, *, by: Seat) -> Chosen:
    """The playbook that a new plan starts with: a shipped one by its code, or a published one of the seat's own.

    The version is held, so that nobody retires it before the plan is made. Raises Refused for any other.
    """
    if key in playbooks.shipped():
        return Chosen(playbooks.load(key))
    version = (
        PlaybookVersion.objects.select_for_update()
        .filter(organisation=by.organisation, public_id=key, state=VersionState.PUBLISHED)
        .first()
        if _is_uuid(key)
        else None
    )
    if version is None:
        raise Refused("This playbook is not offered: choose another one.")
    return Chosen(version.book, version.public_id)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@transaction.atomic
def copy_playbook(*, by: Seat, source: Playbook, title: str) -> PlaybookVersion:
    """Make a playbook of the seat's organisation from another one; its first version is a draft. Raises Refused."""
    by.require(Permission.EDIT_PLAYBOOKS)
    Organisation.objects.select_for_update().get(pk=by.organisation.pk)  # a form sent twice copies once
    title = title.strip()
    own = OwnPlaybook.objects.filter(organisation=by.organisation)
    reasons = name_blockers(title) if title else ["Give the playbook a title."]
    if len(title) > playbooks.TOP["title"].longest:
        reasons.append("The title is too long.")
    code = _code_of(title)
    if title and not code:
        reasons.append("Give it a title with letters or digits.")
    if code in playbooks.shipped():
        reasons.append("A playbook of this title comes with the program: give yours another.")
    if own.filter(code=code).exists():
        reasons.append(f"You have a playbook “{title}” already: start a new version of that one.")
    if own.count() >= MOST_PLAYBOOKS:
        reasons.append(f"An organisation keeps {MOST_PLAYBOOKS} playbooks at most.")
    if reasons:
        raise Refused(reasons)
    playbook = OwnPlaybook.objects.create(
        organisation=by.organisation, code=code, created_by=by.user, created_at=clock.now()
    )
    content = {**playbooks.as_data(source), "code": code, "title": title, "version": 1}
    draft = _new_version(playbook, by, 1, content, f"{source.title}, version {source.version}")
    trail.record(
        by=by, action="playbook.copied", subject=title, after={"from": draft.made_from, "version": 1}
    )
    return draft


def _code_of(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-")


def _new_version(
    playbook: OwnPlaybook, by: Seat, version: int, content: Mapping[str, Any], made_from: str
) -> PlaybookVersion:
    return PlaybookVersion.objects.create(
        organisation=by.organisation, playbook=playbook, version=version, content=content, made_from=made_from,
        created_by_name=by.user.name, created_at=clock.now(),
    )  # fmt: skip


def _held(playbook: OwnPlaybook, by: Seat) -> OwnPlaybook:
    """The playbook, held: its versions change one at a time. Nobody holds another organisation's."""
    by.require(Permission.EDIT_PLAYBOOKS)
    return OwnPlaybook.objects.select_for_update().get(pk=playbook.pk, organisation=by.organisation)


@transaction.atomic
def start_draft(*, by: Seat, version: PlaybookVersion) -> PlaybookVersion:
    """Start the next version of a playbook as a draft that says what this version says. Raises Refused."""
    playbook = _held(version.playbook, by)
    versions = PlaybookVersion.objects.filter(playbook=playbook)
    if versions.filter(state=VersionState.DRAFT).exists():
        raise Refused("There is a draft of this playbook already: edit or discard that one.")
    if version.state == VersionState.DRAFT:
        raise Refused("There is a draft of this playbook already: edit or discard that one.")
    number = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    content = {**version.content, "version": number}
    draft = _new_version(playbook, by, number, content, f"{version.title}, version {version.version}")
    trail.record(by=by, action="playbook.draft_started", subject=str(draft), after={"from": draft.made_from})
    return draft


def _held_draft(draft: PlaybookVersion, by: Seat, seen: int) -> PlaybookVersion:
    _held(draft.playbook, by)
    draft = PlaybookVersion.objects.get(pk=draft.pk)
    if draft.state != VersionState.DRAFT:
        raise Refused("This version is published and does not change any more: start a new one.")
    if draft.revision != seen:
        raise Refused(STALE)
    return draft


def _save(draft: PlaybookVersion, by: Seat, content: dict[str, Any], what: str) -> PlaybookVersion:
    before = draft.book
    draft.content = {**content, "code": draft.playbook.code, "version": draft.version}
    draft.revision += 1
    draft.save(update_fields=["content", "revision"])
    changes = playbooks.differences(before, draft.book)
    trail.record(
        by=by, action="playbook.edited", subject=f"{draft}: {what}",
        before={change.label: change.before for change in changes[:20]},
        after={change.label: change.after for change in changes[:20]},
    )  # fmt: skip
    return draft


@transaction.atomic
def save_entry(
    *, draft: PlaybookVersion, by: Seat, part: str, number: int | None, entry: dict[str, Any], seen: int
) -> PlaybookVersion:
    """Write one entry of a draft, or with number None a new one; its code is made from its title and then stays.

    What is wrong with this entry raises PlaybookError; what it makes wrong elsewhere is named there, and stands in the
    way of publishing. Raises Refused for a draft that has changed since revision `seen`.
    """
    draft = _held_draft(draft, by, seen)
    content = copy.deepcopy(draft.content)
    entries = content.setdefault(part, [])
    if number is None:
        entry = {"code": _free_code(entry.get("title", ""), part, entries), **entry}
        entries.append(entry)
    else:
        if not 1 <= number <= len(entries):
            raise Refused("This entry is no longer there.")
        entry = {**{key: value for key, value in entries[number - 1].items() if key not in entry}, **entry}
        entries[number - 1] = entry = {key: value for key, value in entry.items() if value is not None}
    if own := own_mistakes(content, part, str(entry["code"])):
        raise PlaybookError(own)
    return _save(draft, by, content, str(entry["title"]))


def own_mistakes(content: Mapping[str, Any], part: str, code: str) -> list[Mistake]:
    """What is wrong with one entry of a playbook, and with its shape anywhere: that could not be read again."""
    found = playbooks.mistakes_of(content)
    try:
        playbooks.built(content)
    except (KeyError, TypeError, ValueError):
        return found
    return [mistake for mistake in found if (mistake.part, mistake.entry) == (part, code)]


def _free_code(title: str, part: str, entries: list[dict[str, Any]]) -> str:
    longest = playbooks.PARTS[part]["code"].longest
    code = _code_of(title)[: longest - 3].strip("-") or "entry"
    taken = {entry["code"] for entry in entries}
    return next(each for n in range(1, 999) if (each := code if n == 1 else f"{code}-{n}") not in taken)


@transaction.atomic
def remove_entry(*, draft: PlaybookVersion, by: Seat, part: str, number: int, seen: int) -> PlaybookVersion:
    """Take one entry out of a draft. Raises Refused when it is the last of its part."""
    draft = _held_draft(draft, by, seen)
    content = copy.deepcopy(draft.content)
    entries = content.get(part, [])
    if not 1 <= number <= len(entries):
        raise Refused("This entry is no longer there.")
    if len(entries) == 1 and part not in playbooks.OPTIONAL:
        raise Refused("A playbook needs at least one entry here: change this one instead.")
    gone = entries.pop(number - 1)
    if not entries:
        del content[part]
    return _save(draft, by, content, f"without {gone['title']}")


@transaction.atomic
def save_about(*, draft: PlaybookVersion, by: Seat, title: str, line: str, seen: int) -> PlaybookVersion:
    """Give a draft another title and line; its code stays, so that versions stay together."""
    draft = _held_draft(draft, by, seen)
    content = {**draft.content, "title": title.strip(), "line": line.strip()}
    if own := [mistake for mistake in playbooks.mistakes_of(content) if not mistake.part]:
        raise PlaybookError(own)
    return _save(draft, by, content, "title")


@transaction.atomic
def save_text(*, draft: PlaybookVersion, by: Seat, text: str, seen: int) -> PlaybookVersion:
    """Write a whole draft from YAML text. Raises PlaybookError that names every mistake; code and version stay."""
    draft = _held_draft(draft, by, seen)
    data = playbooks.data_of(text)
    if isinstance(data, dict):
        data = {**data, "code": draft.playbook.code, "version": draft.version}
    return _save(draft, by, playbooks.as_data(playbooks.read(data)), "written as text")


@transaction.atomic
def publish(*, draft: PlaybookVersion, by: Seat, news: str, seen: int) -> PlaybookVersion:
    """Publish a draft: from now on it is offered and never changes, and the version before it is retired.

    Raises PlaybookError while anything in it is wrong.
    """
    draft = _held_draft(draft, by, seen)
    playbooks.read(draft.content)
    now = clock.now()
    PlaybookVersion.objects.filter(playbook=draft.playbook, state=VersionState.PUBLISHED).update(
        state=VersionState.RETIRED, retired_at=now, retired_by_name=by.user.name
    )
    draft.state, draft.published_at, draft.published_by_name = VersionState.PUBLISHED, now, by.user.name
    draft.news = news.strip()
    draft.save(update_fields=["state", "published_at", "published_by_name", "news"])
    trail.record(by=by, action="playbook.published", subject=str(draft), after={"news": draft.news})
    return draft


@transaction.atomic
def retire(*, version: PlaybookVersion, by: Seat) -> PlaybookVersion:
    """Offer a published version no longer; engagements that started with it go on. Raises Refused."""
    _held(version.playbook, by)
    version = PlaybookVersion.objects.get(pk=version.pk)
    if version.state != VersionState.PUBLISHED:
        raise Refused("Only a published version can be retired.")
    version.state, version.retired_at = VersionState.RETIRED, clock.now()
    version.retired_by_name = by.user.name
    version.save(update_fields=["state", "retired_at", "retired_by_name"])
    trail.record(by=by, action="playbook.retired", subject=str(version))
    return version


@transaction.atomic
def discard_draft(*, draft: PlaybookVersion, by: Seat, seen: int) -> None:
    """Throw a draft away, and the playbook with it where it has no other version."""
    draft = _held_draft(draft, by, seen)
    playbook, named = draft.playbook, str(draft)
    draft.delete()
    if not PlaybookVersion.objects.filter(playbook=playbook).exists():
        playbook.delete()
    trail.record(by=by, action="playbook.discarded", subject=named)
