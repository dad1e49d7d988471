"""Drawn calls are taken in hand, reviewed, handed back and corrected."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.names import MIN_LETTERS, letters
from common.wording import plural
from engagements.locking import hold
from engagements.models import Engagement
from kpis.models import QaCall, QaClaim, QaReview, QaSample
from kpis.qa.coverage import State
from kpis.selectors.qa import calls_of, standing, unreached

from .said import Said, as_it_is, author, columns_of, result_of, says_the_same, tell, why_taken


@transaction.atomic
def claim(*, call: QaCall, by: Seat) -> QaClaim:
    """Take a call in hand. Raises Refused where somebody else has it, or has reviewed it. Twice is as once."""
    by.require(Permission.REVIEW_CALLS)
    hold(call.engagement_id)
    found = as_it_is(call)
    if found.claim and found.claim.by_id == by.user.pk:
        return found.claim
    if found.claim or found.state not in (State.OPEN, State.UNHEARD):
        raise Refused(why_taken(found))
    made = QaClaim.objects.create(
        engagement_id=call.engagement_id,
        call=found.call,
        by=by.user,
        by_name=by.written_name(),
        at=clock.now(),
    )
    tell(by, "qa.claimed", found.call)
    return made


@transaction.atomic
def claim_next(*, engagement: Engagement, by: Seat, sample: QaSample) -> QaCall:
    """Take the next call in the order of chance, or the one that is in hand already."""
    by.require(Permission.REVIEW_CALLS)
    engagement = hold(engagement.pk)
    mine = (
        QaClaim.objects.filter(engagement=engagement, by=by.user, call__sample=sample).order_by("at").first()
    )
    if mine:
        return mine.call
    for call in calls_of(engagement).filter(sample=sample):
        if standing(call).state is State.OPEN:
            claim(call=call, by=by)
            return call
    raise Refused("No call of this sample is open: all are reviewed, in hand, or could not be heard.")


@transaction.atomic
def hand_back(*, call: QaCall, by: Seat) -> None:
    """Give a call back to the queue: one's own, or as who leads QA anybody's."""
    by.require(Permission.REVIEW_CALLS)
    hold(call.engagement_id)
    found = QaClaim.objects.filter(call=call).first()
    if found is None:
        return
    if found.by_id != by.user.pk and not by.may(Permission.LEAD_QA):
        raise Refused(f"{found.by_name} has this call in hand.")
    found.delete()
    tell(by, "qa.handed_back", call)


@transaction.atomic
def review_call(*, call: QaCall, by: Seat, said: Said) -> QaReview:
    """Score a call that one has in hand, or say that it cannot be heard. The same form sent twice counts once."""
    by.require(Permission.REVIEW_CALLS)
    hold(call.engagement_id)
    found = as_it_is(call)
    values = columns_of(found.call, said)
    if found.review and found.review.by_id == by.user.pk and says_the_same(found.review, values):
        return found.review
    if found.claim is None or found.claim.by_id != by.user.pk:
        raise Refused(why_taken(found) if found.state is not State.OPEN else "Take the call in hand first.")
    unheard = (
        found.review if found.state is State.UNHEARD or (found.review and not found.review.heard) else None
    )
    made = QaReview(**values, **author(by, found.claim.at))
    if unheard is not None:
        made.supersedes, made.reason = unheard, "The recording could be heard after all."
    made.save(force_insert=True)
    found.claim.delete()
    tell(by, "qa.reviewed" if made.heard else "qa.unheard", found.call, result_of(made))
    return made


@transaction.atomic
def correct_review(*, review: QaReview, by: Seat, said: Said, reason: str) -> QaReview:
    """A new review in the place of an earlier one, with the reason; the earlier one stays to be read."""
    by.require(Permission.REVIEW_CALLS)
    hold(review.engagement_id)
    found = as_it_is(review.call)
    if review.round_id:
        raise Refused("What was scored in a calibration stays as it was scored.")
    newer = review.superseded_by.first()
    values = columns_of(found.call, said, review.scorecard)
    if (
        newer
        and newer.by_id == by.user.pk
        and newer.reason == reason.strip()
        and says_the_same(newer, values)
    ):
        return newer
    if newer:
        raise Refused("This review has been corrected already. Look at the newer one.")
    if letters(reason) < MIN_LETTERS:
        raise Refused("Say why the review is corrected.")
    if says_the_same(review, values):
        raise Refused("Nothing in it is different.")
    made = QaReview(**values, **author(by, clock.now()), supersedes=review, reason=reason.strip())
    made.save(force_insert=True)
    tell(by, "qa.corrected", found.call, {**result_of(made), "reason": made.reason})
    return made


@transaction.atomic
def confirm_unreached(*, engagement: Engagement, by: Seat, chosen: Collection[UUID]) -> list[QaReview]:
    """Say of several calls at once that they were listened to and that nobody was reached, as recorded.

    Only calls that the log says reached nobody; they have nothing to score, and their code was right.
    """
    by.require(Permission.REVIEW_CALLS)
    engagement = hold(engagement.pk)
    found = [standing(call) for call in calls_of(engagement).filter(public_id__in=chosen)]
    if not chosen or len(found) != len(set(chosen)):
        raise Refused("Tick at least one call.")
    mine = [
        one for one in found if one.state is State.REVIEWED and one.review and one.review.by_id == by.user.pk
    ]
    if len(mine) == len(found):
        return [one.review for one in mine if one.review]
    if any(one.state is not State.OPEN for one in found):
        raise Refused("Somebody has one of these calls in hand by now. Look at the list again.")
    if not all(unreached(one) for one in found):
        raise Refused("A call on which somebody was reached is scored by itself.")
    now = clock.now()
    made = QaReview.objects.bulk_create(
        QaReview(
            **{**author(by, now), "engagement": engagement}, call=one.call, heard=True, heard_code=one.call.code,
            heard_outcome=one.call.outcome,
        )
        for one in found
    )  # fmt: skip
    trail.record(
        by=by, action="qa.confirmed", subject=plural(len(made), "call"), engagement_id=engagement.pk,
        after={"calls": sorted(one.call.call_key for one in found)},
    )  # fmt: skip
    return made
