"""Writing and signing the versions of the campaign brief."""

from dataclasses import asdict

from django.db import transaction
from django.db.models import Max

from accounts import trail
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash

from ..locking import hold
from ..models import BriefMetric, BriefSignature, CampaignBrief, Engagement
from ..rules import BriefContent, SigningFacts, changed_parts, content_faults, signing_blockers
from ..selectors import brief_content, brief_in_force, calling_hours, current_brief, starting_point
from ..terms import CONSENT
from ..terms.hours import evening_of
from .team import own_side


@transaction.atomic
def save_brief(*, engagement: Engagement, by: Seat, content: BriefContent, seen: str) -> CampaignBrief:
    """Keep what was written: in the open draft, or as a new version once anybody has signed the last one.

    `seen` is the hash of the version that the writer started from ("" when there was none). Raises Refused
    when somebody else has written something else in between.
    """
    by.require(Permission.EDIT_BRIEF)
    # One writer at a time, and nobody signs meanwhile: version numbers have no gaps and no doubles.
    engagement = hold(engagement.pk)
    newest = current_brief(engagement)
    faults = content_faults(content)
    digest = "" if faults else content_hash(content.as_data())
    if newest and newest.content_hash == digest:
        return newest  # the same form sent twice, or nothing changed: what was written stands there
    if (newest.content_hash if newest else "") != seen:
        raise Refused("Somebody else has changed the brief since this page was loaded. Your text is kept below; "
                      "compare it with the newest version before you save.")  # fmt: skip
    if faults:
        raise Refused(faults)
    draft = newest if newest and newest.open and not newest.signatures.exists() else None
    changed = changed_parts(brief_content(newest or starting_point(engagement)), content)
    if draft is None:
        draft = _new_version(engagement, newest, by=by)
    before = draft.content_hash
    data = content.as_data()
    draft.terms, draft.schema = data["terms"], content.schema
    draft.content_hash = digest
    stamp = {"by": by.user.name, "side": by.side.value if by.side else "", "at": clock.now().isoformat()}
    draft.edited = {**(draft.edited or {}), **dict.fromkeys(changed, stamp)}
    draft.proposed_at = draft.proposed_by = None  # what was asked for was another content
    draft.save()
    write_metrics(draft, content)
    trail.record(
        by=by,
        action="brief.saved",
        subject=str(draft),
        engagement_id=engagement.pk,
        before={"content_hash": before} if before else None,
        after={"content_hash": digest, "version": draft.version, "changed": changed},
    )
    return draft


def _new_version(engagement: Engagement, newest: CampaignBrief | None, *, by: Seat) -> CampaignBrief:
    """Start the next version; one that only one side has signed gives way to it and stays readable."""
    if newest and newest.open:
        newest.superseded_at = clock.now()
        newest.save(update_fields=["superseded_at"])
        trail.record(by=by, action="brief.superseded", subject=str(newest), engagement_id=engagement.pk)
    last = engagement.briefs.aggregate(last=Max("version"))["last"] or 0
    return CampaignBrief(engagement=engagement, version=last + 1, created_by=by.user)


def write_metrics(brief: CampaignBrief, content: BriefContent) -> None:
    """Let a draft have exactly these metrics, in their order."""
    brief.metrics.all().delete()
    BriefMetric.objects.bulk_create(
        BriefMetric(
            engagement_id=brief.engagement_id,
            brief=brief,
            position=position,
            **asdict(metric),
        )
        for position, metric in enumerate(content.metrics, start=1)
    )


@transaction.atomic
def sign_brief(*, engagement: Engagement, by: Seat, version: int, seen: str) -> CampaignBrief:
    """Record one side's signature under exactly the content that was read; the second one puts it in force.

    `seen` is the hash that stood on the page. The same person sending the same page twice signs once. Raises
    Refused with the reasons for a stale page, an incomplete brief, and a side that has signed already.
    """
    by.require(Permission.SIGN_BRIEF)
    side = own_side(by)
    engagement = hold(engagement.pk)
    brief = CampaignBrief.objects.get(engagement=engagement, version=version)
    given = {Side(signature.side): signature for signature in brief.signatures.all()}
    mine = given.get(side)
    if mine and mine.user_id == by.user.pk and mine.content_hash == seen:
        return brief
    facts = SigningFacts(
        version=version,
        content=brief_content(brief),
        current=brief.content_hash,
        seen=seen,
        side=side,
        signed_by=given.keys(),
        superseded=brief.superseded_at is not None,
    )
    if reasons := signing_blockers(facts):
        raise Refused(reasons)
    now = clock.now()
    consent = CONSENT.format(version=version, organisation=by.organisation.name)
    BriefSignature.objects.create(
        engagement=engagement,
        brief=brief,
        side=side,
        user=by.user,
        name=by.written_name(Permission.SIGN_BRIEF),
        organisation_name=by.organisation.name,
        address=by.address,
        signed_at=now,
        content_hash=brief.content_hash,
        consent=consent,
    )
    trail.record(
        by=by,
        action="brief.signed",
        subject=str(brief),
        engagement_id=engagement.pk,
        after={"side": side, "content_hash": brief.content_hash},
    )
    if side.other in given:
        before = brief_in_force(engagement)
        brief.signed_at = now
        brief.save(update_fields=["signed_at"])
        moved = _report_after_the_calls(engagement, before, brief)
        trail.record(
            by=by, action="brief.in_force", subject=str(brief), engagement_id=engagement.pk,
            after={"report_at": f"{engagement.report_at:%H:%M}"} if moved else None,
        )  # fmt: skip
    return brief


def _report_after_the_calls(
    engagement: Engagement, before: CampaignBrief | None, brief: CampaignBrief
) -> bool:
    """Have the evening's report follow the last calling hour, unless somebody has chosen another; whether it moved."""
    at = evening_of(calling_hours(brief))
    if engagement.report_at != evening_of(calling_hours(before)) or at == engagement.report_at:
        return False
    engagement.report_at = at
    engagement.save(update_fields=["report_at"])
    return True
