"""Scorecards are written and come into use."""

from collections.abc import Sequence

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash
from engagements.locking import hold
from engagements.models import Engagement
from kpis.models import QaScorecard
from kpis.qa.scoring import Item, scorecard_gaps

STALE = "Somebody has changed the scorecard since this page was loaded. Look at it again."


@transaction.atomic
def save_scorecard(
    *, engagement: Engagement, by: Seat, name: str, items: Sequence[Item], pass_mark: int | None, seen: str
) -> QaScorecard:
    """Write the scorecard that is not in use yet; where every version is, this begins the next one."""
    by.require(Permission.LEAD_QA)
    engagement = hold(engagement.pk)
    newest = QaScorecard.objects.filter(engagement=engagement).first()
    if seen != (newest.content_hash if newest else ""):
        raise Refused(STALE)
    if reasons := scorecard_gaps(name, items, pass_mark):
        raise Refused(reasons)
    kept = [item.kept() for item in items]
    open_card = newest if newest and newest.used_at is None else None
    card = open_card or QaScorecard(engagement=engagement, version=newest.version + 1 if newest else 1)
    card.name, card.items, card.pass_mark = name.strip(), kept, pass_mark or 0
    # The version is part of it, so that the same words in the next version are not mistaken for those of this one.
    card.content_hash = content_hash([card.version, card.name, kept, card.pass_mark])
    card.by, card.by_name, card.at = by.user, by.written_name(), clock.now()
    card.save()
    trail.record(
        by=by, action="qa.scorecard_saved", subject=str(card), engagement_id=engagement.pk,
        after={"items": len(kept), "pass_mark": card.pass_mark, "sha256": card.content_hash},
    )  # fmt: skip
    return card


@transaction.atomic
def use_scorecard(*, scorecard: QaScorecard, by: Seat, seen: str) -> QaScorecard:
    """Score calls by this version from now on; nothing of it changes any more. Twice is as once."""
    by.require(Permission.LEAD_QA)
    hold(scorecard.engagement_id)
    card = QaScorecard.objects.get(pk=scorecard.pk)
    if card.used_at is not None:
        return card
    if seen != card.content_hash:
        raise Refused(STALE)
    card.used_at, card.used_by_name = clock.now(), by.written_name()
    card.save(update_fields=["used_at", "used_by_name"])
    trail.record(by=by, action="qa.scorecard_used", subject=str(card), engagement_id=card.engagement_id)
    return card
