"""What happens to a draft of the brief besides writing: it is begun, proposed for signature, or discarded."""

from collections.abc import Sequence

from django.db import transaction

from accounts import trail
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash

from ..locking import hold
from ..models import CampaignBrief, Engagement
from ..rules import BriefContent, DraftFacts, brief_gaps, discard_blockers, proposal_blockers
from ..selectors import brief_content
from ..terms import MetricContract
from .brief import write_metrics


@transaction.atomic
def start_brief(
    *, engagement: Engagement, by: Seat, metrics: Sequence[MetricContract]
) -> CampaignBrief | None:
    """Begin version 1 with the metrics of a playbook, all terms still empty; None where a brief exists already.

    Part of opening an engagement: whoever may do that may do this.
    """
    engagement = hold(engagement.pk)
    if engagement.briefs.exists():
        return None
    content = BriefContent({}, metrics)
    draft = CampaignBrief.objects.create(
        engagement=engagement,
        version=1,
        terms=content.as_data()["terms"],
        content_hash=content_hash(content.as_data()),
        created_by=by.user,
    )
    write_metrics(draft, content)
    trail.record(
        by=by,
        action="brief.started",
        subject=str(draft),
        engagement_id=engagement.pk,
        after={"metrics": [metric.key for metric in metrics]},
    )
    return draft


@transaction.atomic
def propose_brief(*, engagement: Engagement, by: Seat, version: int, seen: str) -> CampaignBrief:
    """Say that this content is ready, and ask both sides to sign it. Raises Refused with what it still lacks."""
    by.require(Permission.EDIT_BRIEF)
    engagement = hold(engagement.pk)
    brief = CampaignBrief.objects.get(engagement=engagement, version=version)
    facts = _facts(brief, seen)
    if reasons := proposal_blockers(facts):
        raise Refused(reasons)
    brief.proposed_at, brief.proposed_by = clock.now(), by.user
    brief.save(update_fields=["proposed_at", "proposed_by"])
    trail.record(
        by=by,
        action="brief.proposed",
        subject=str(brief),
        engagement_id=engagement.pk,
        after={"content_hash": brief.content_hash},
    )
    return brief


@transaction.atomic
def discard_brief(*, engagement: Engagement, by: Seat, version: int, seen: str, reason: str) -> CampaignBrief:
    """Put a draft that nobody has signed aside, with the reason; it stays readable. Raises Refused once one has."""
    by.require(Permission.EDIT_BRIEF)
    engagement = hold(engagement.pk)
    brief = CampaignBrief.objects.get(engagement=engagement, version=version)
    if reasons := discard_blockers(_facts(brief, seen), reason):
        raise Refused(reasons)
    brief.superseded_at, brief.discarded_by, brief.discard_reason = clock.now(), by.user, reason.strip()
    brief.save(update_fields=["superseded_at", "discarded_by", "discard_reason"])
    trail.record(
        by=by,
        action="brief.discarded",
        subject=str(brief),
        engagement_id=engagement.pk,
        after={"reason": brief.discard_reason, "content_hash": brief.content_hash},
    )
    return brief


def _facts(brief: CampaignBrief, seen: str) -> DraftFacts:
    return DraftFacts(
        version=brief.version,
        current=brief.content_hash,
        seen=seen,
        signed_by=[Side(signature.side) for signature in brief.signatures.all()],
        in_force=brief.signed_at is not None,
        superseded=brief.superseded_at is not None,
        proposed=brief.proposed_at is not None,
        gaps=brief_gaps(brief_content(brief)),
    )
