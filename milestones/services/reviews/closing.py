"""Minutes are closed for good, and corrected by what is added later: never by what is changed."""

from dataclasses import asdict
from datetime import date

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.hashing import content_hash
from engagements.models import Engagement
from milestones.models import (
    Addendum,
    CarryOver,
    Decision,
    Minutes,
    Review,
)
from milestones.rules.reviews import (
    closing_blockers,
)
from milestones.selectors.agenda import agenda_of
from milestones.selectors.reviews import (
    closing_facts,
    draft_digest,
    open_actions,
)
from milestones.selectors.standing import Standing, standing_of
from milestones.services.proof import found_true
from milestones.services.reviews.appointments import plan_rhythm
from milestones.services.reviews.held import opened, words

PROOF_LENGTH = 3000


@transaction.atomic
def close(*, review: Review, by: Seat, held_on: date | None, seen: str) -> Minutes:
    """Close the minutes: the review was held. The agenda is frozen, what is unfinished carries over, and the milestone
    of this review is proved by them.

    `seen` is the digest of the draft on the page that the person read. Raises Refused with everything that is missing.
    """
    by.require(Permission.HOLD_REVIEW)
    engagement, review = opened(review)
    standing = standing_of(engagement)
    minutes = Minutes.objects.filter(engagement=engagement, review=review).first() or Minutes()
    facts = closing_facts(standing, review, minutes, held_on)
    if reasons := closing_blockers(facts):
        raise Refused(reasons)
    if seen != draft_digest(review, minutes):
        raise Refused(
            "The minutes have changed since this page was opened. Read them again, then close them."
        )
    minutes.agenda = [asdict(point) for point in agenda_of(standing, review)]
    _carry_over(engagement, review)
    review.held_on = held_on
    review.save(update_fields=["held_on"])
    minutes.content_hash = content_hash([draft_digest(review, minutes), minutes.agenda, str(held_on)])
    minutes.closed_at, minutes.closed_by, minutes.closed_by_name = clock.now(), by.user, by.user.name
    minutes.save()
    trail.record(
        by=by, action="review.held", subject=review.title, engagement_id=engagement.pk,
        after={"held_on": held_on, "sha256": minutes.content_hash},
    )  # fmt: skip
    _prove(standing, review, minutes, by)
    plan_rhythm(engagement=engagement, by=by)
    return minutes


def _carry_over(engagement: Engagement, review: Review) -> None:
    """Every earlier action that is still open goes on to the next review, and this one is counted."""
    CarryOver.objects.bulk_create(
        [
            CarryOver(engagement=engagement, action=action, review=review)
            for action in open_actions(engagement)
            if action.review_id != review.pk
        ],
        ignore_conflicts=True,
    )


def _prove(standing: Standing, review: Review, minutes: Minutes, by: Seat) -> None:
    """The minutes are the evidence of the review's milestone; it is done unless something else keeps it open."""
    item = next((one for one in standing.milestones if one.code == f"review-{review.code}"), None)
    if item is None or item.done_on:
        return
    found_true(standing, item, by=by, said=_summary(review, minutes), held=True)


def _summary(review: Review, minutes: Minutes) -> str:
    """What the minutes say, as the proof of the milestone and as papers quote it."""
    decided = list(Decision.objects.filter(engagement=review.engagement_id, review=review).order_by("pk"))
    parts = [minutes.text, *([f"Decided: {' '.join(str(one) for one in decided)}"] if decided else [])]
    of = f"minutes of {review.held_on}, check code {minutes.content_hash[:12]}"
    return f"{' '.join(parts)[:PROOF_LENGTH]} [{of}]"


@transaction.atomic
def add_addendum(*, review: Review, by: Seat, text: str) -> Addendum:
    """Correct closed minutes by adding to them. Raises Refused while they are still a draft."""
    by.require(Permission.HOLD_REVIEW)
    engagement, review = opened(review)
    if review.held_on is None:
        raise Refused("These minutes are not closed yet: change them instead.")
    said = words(text)
    twice = Addendum.objects.filter(engagement=engagement, review=review, text=said, by=by.user).first()
    if twice:
        return twice
    addendum = Addendum.objects.create(
        engagement=engagement, review=review, text=said, by=by.user, by_name=by.user.name,
        side=by.side or "", at=clock.now(),
    )  # fmt: skip
    trail.record(
        by=by,
        action="review.addendum",
        subject=review.title,
        engagement_id=engagement.pk,
        after={"text": said},
    )
    return addendum
