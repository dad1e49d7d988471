"""The script: written, sent to the client, sent back or approved, and put into use."""

from collections.abc import Sequence

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash
from common.names import MIN_LETTERS, WORDS, letters

from ..locking import hold
from ..models import Engagement, Script, ScriptApproval, ScriptFile, ScriptUse
from ..scripting import (
    APPROVAL,
    ScriptContent,
    Version,
    review_blockers,
    sending_blockers,
    use_blockers,
    writing_blockers,
)
from .proofs import Proof, Upload, check_upload, digest_of, pieces_of
from .team import own_side


def _is(file: Upload | None, kept: ScriptFile | None) -> bool:
    """Whether an upload brings nothing that is not kept already."""
    return file is None or (kept is not None and digest_of(file) == kept.sha256)


def _versions(engagement: Engagement) -> list[Script]:
    return list(
        Script.objects.filter(engagement=engagement)
        .select_related("file")
        .prefetch_related("approvals__uses")
        .order_by("version")
    )


def _as_rules(scripts: Sequence[Script]) -> list[Version]:
    return [
        Version(script.version, script.state, script.recertify, script.use is not None) for script in scripts
    ]


@transaction.atomic
def save_script(
    *,
    engagement: Engagement,
    by: Seat,
    text: str,
    seen: str,
    file: Upload | None = None,
    recertify: bool = True,
    recertify_reason: str = "",
) -> Script:
    """Keep what was written in the open draft, or as a new version once the last one went to the client.

    `seen` is the hash of the newest version on the writer's page. A draft without a new file keeps its file. Raises
    Refused.
    """
    by.require(Permission.WRITE_SCRIPT)
    engagement = hold(engagement.pk)
    scripts = _versions(engagement)
    newest = scripts[-1] if scripts else None
    draft = newest if newest and newest.state == "draft" else None
    kept = draft.file if draft else None
    content = ScriptContent(text.strip(), kept.sha256 if kept else "", recertify, recertify_reason.strip())
    if draft and draft.content_hash == content_hash(content.as_data()) and _is(file, kept):
        return draft  # the same form sent twice: what was written stands there
    current = newest.content_hash if newest else ""
    if reasons := writing_blockers(_as_rules(scripts), current=current, seen=seen, content=content):
        raise Refused(reasons)
    if letters(text) < MIN_LETTERS:
        raise Refused(WORDS)
    if file is not None:
        check_upload(engagement, file)
        kept = ScriptFile.objects.create(**pieces_of(engagement, by, Proof(file=file))[0])
        content = ScriptContent(content.text, kept.sha256, recertify, content.recertify_reason)
    script = draft or Script(
        engagement=engagement, version=newest.version + 1 if newest else 1, created_by=by.user,
        created_by_name=by.written_name(), created_at=clock.now(),
    )  # fmt: skip
    before = script.content_hash
    script.text, script.file = content.text, kept
    script.recertify = recertify
    script.recertify_reason = "" if recertify else content.recertify_reason
    script.content_hash = content_hash(content.as_data())
    script.save()
    trail.record(
        by=by, action="script.saved", subject=str(script), engagement_id=engagement.pk,
        before={"content_hash": before} if before else None,
        after={"content_hash": script.content_hash, "certified_again": recertify},
    )  # fmt: skip
    return script


@transaction.atomic
def send_script(*, script: Script, by: Seat, seen: str) -> Script:
    """Send a draft to the client for review; from then on its words stay."""
    by.require(Permission.WRITE_SCRIPT)
    script = _fresh(script)
    version = _as_rules([script])[0]
    if reasons := sending_blockers(version, current=script.content_hash, seen=seen, text=script.text):
        raise Refused(reasons)
    script.sent_at = clock.now()
    script.save(update_fields=["sent_at"])
    trail.record(by=by, action="script.sent", subject=str(script), engagement_id=script.engagement_id)
    return script


@transaction.atomic
def return_script(*, script: Script, by: Seat, seen: str, note: str) -> Script:
    """Send a version back to the operator with what should change; the next one is a new version."""
    by.require(Permission.APPROVE_SCRIPT)
    script = _fresh(script)
    reasons = _review_reasons(script, by, seen)
    if not reasons and letters(note) < MIN_LETTERS:
        reasons = ["Say what should change: the operator writes the next version from it."]
    if reasons:
        raise Refused(reasons)
    script.returned_at, script.returned_by_name = clock.now(), by.written_name()
    script.return_note = note.strip()
    script.save(update_fields=["returned_at", "returned_by_name", "return_note"])
    trail.record(
        by=by, action="script.returned", subject=str(script), engagement_id=script.engagement_id,
        after={"note": script.return_note},
    )  # fmt: skip
    return script


@transaction.atomic
def approve_script(*, script: Script, by: Seat, seen: str, recertify: bool = True) -> Script:
    """Approve exactly the content that was read, for the client: final from then on. The first comes into use at once.

    Agents are certified again unless both the author and the approver call it a change of wording. Raises Refused.
    """
    by.require(Permission.APPROVE_SCRIPT)
    side = own_side(by)
    script = _fresh(script)
    given = script.approval
    if given and given.user_id == by.user.pk and given.content_hash == seen:
        return script
    if reasons := _review_reasons(script, by, seen):
        raise Refused(reasons)
    now = clock.now()
    again = script.recertify or recertify
    approval = ScriptApproval.objects.create(
        engagement_id=script.engagement_id, script=script, side=side, user=by.user, name=by.written_name(),
        organisation_name=by.organisation.name, address=by.address, signed_at=now,
        content_hash=script.content_hash, recertify=again,
        consent=APPROVAL.format(version=script.version, organisation=by.organisation.name),
    )  # fmt: skip
    script.approved_at = now
    script.save(update_fields=["approved_at"])
    trail.record(
        by=by, action="script.approved", subject=str(script), engagement_id=script.engagement_id,
        after={"content_hash": script.content_hash, "certified_again": again},
    )  # fmt: skip
    if not ScriptUse.objects.filter(engagement=script.engagement_id).exists():
        _use(approval, by)
    return script


@transaction.atomic
def use_script(*, script: Script, by: Seat) -> Script:
    """Put an approved version into use: from this moment on agents have to be certified on it."""
    by.require(Permission.WRITE_SCRIPT)
    script = _fresh(script)
    reasons = use_blockers(_as_rules(_versions(script.engagement)), script.version)
    if reasons or script.approval is None:
        raise Refused(reasons)
    _use(script.approval, by)
    return script


def _use(approval: ScriptApproval, by: Seat) -> None:
    ScriptUse.objects.create(
        engagement_id=approval.engagement_id,
        approval=approval,
        by=by.user,
        by_name=by.written_name(),
        at=clock.now(),
    )
    trail.record(
        by=by, action="script.used", subject=str(approval.script), engagement_id=approval.engagement_id
    )


def _fresh(script: Script) -> Script:
    """The version as it stands now, with its engagement held."""
    engagement = hold(script.engagement_id)
    fresh = Script.objects.prefetch_related("approvals__uses").get(pk=script.pk)
    fresh.engagement = engagement
    return fresh


def _review_reasons(script: Script, by: Seat, seen: str) -> list[str]:
    version = _as_rules([script])[0]
    return review_blockers(version, side=by.side or "", current=script.content_hash, seen=seen)
