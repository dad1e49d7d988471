"""Reviews are put on dates, moved and cancelled; whoever must attend is invited."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import transaction
from django.db.models import F

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.days import LAUNCH_DAY
from common.errors import Refused
from common.names import MIN_LETTERS, letters
from engagements.locking import hold
from engagements.models import Engagement
from milestones.models import (
    ActionItem,
    Review,
    ReviewKind,
)
from milestones.rules.reviews import (
    LENGTHS,
    MoveFacts,
    monthly_reviews,
    move_blockers,
    weekly_reviews,
)
from milestones.selectors.reviews import (
    date_of,
)
from milestones.selectors.standing import standing_of
from milestones.services.reviews.held import opened
from tenancy import jobs

INVITE = "milestones.invite"
ATTENDEES = {
    ReviewKind.WEEKLY: ["campaign_manager", "client_lead"],
    ReviewKind.MONTHLY: ["campaign_manager", "client_lead", "executive"],
}
AGENDAS = {
    ReviewKind.WEEKLY: [
        "Unfinished actions of the last review",
        "This week against the last one, metric by metric",
    ],
    ReviewKind.MONTHLY: [
        "Unfinished actions of the last review",
        "The month against target, metric by metric",
        "What changes next month: volume, leads, script, targets",
    ],
}


@transaction.atomic
def plan_rhythm(*, engagement: Engagement, by: Seat) -> int:
    """Make the weekly reviews once the launch date stands, and the monthly ones once day 90 is signed.

    Safe to run twice: what is there stays as it is. Returns how many were made.
    """
    engagement = hold(engagement.pk)
    standing = standing_of(engagement)
    fixed = [review.day for review in standing.reviews]
    wanted = weekly_reviews(fixed) if engagement.cleared else ()
    if standing.gates and engagement.passed_day >= standing.gates[-1].day:
        wanted = (*wanted, *monthly_reviews())
    known = set(Review.objects.filter(engagement=engagement).values_list("code", flat=True))
    made = [
        Review(
            engagement=engagement, code=one.code, title=one.title, day=one.day, kind=one.kind,
            phase=standing.playbook.phase_of(one.day).code, forecast_on=standing.calendar.due(one.day),
            attendee_roles=ATTENDEES[ReviewKind(one.kind)], agenda=AGENDAS[ReviewKind(one.kind)],
        )
        for one in wanted
        if one.code not in known
    ]  # fmt: skip
    Review.objects.bulk_create(made)
    if made:
        trail.record(
            by=by, action="reviews.planned", subject=", ".join(sorted({review.kind for review in made})),
            engagement_id=engagement.pk, after={"reviews": [review.title for review in made]},
        )  # fmt: skip
    return len(made)


@dataclass(frozen=True)
class Appointment:
    """When and where a review is."""

    on: date
    starts: time
    length: int = 60
    place: str = ""
    reason: str = ""


@transaction.atomic
def schedule(*, review: Review, by: Seat, to: Appointment, link: str = "") -> Review:
    """Put a review on a date and time in the engagement's zone; everybody who must attend is invited by mail.

    Another date than the present one needs a reason; the review of a day, once the timeline is locked, comes later than
    its agreed date only by a date proposal. `link` is the review's address for the mail. Raises Refused.
    """
    by.require(Permission.HOLD_REVIEW)
    engagement, review = opened(review)
    standing = standing_of(engagement)
    was = date_of(review)
    move = MoveFacts(
        title=review.title, held=review.held_on is not None, cancelled=review.cancelled_at is not None,
        day=review.day, calendar=standing.calendar, due=review.forecast_on, today=standing.today,
        was=was, on=to.on, reason=to.reason, agreed=standing.locked and review.kind == ReviewKind.DAY,
    )  # fmt: skip
    reasons = move_blockers(move)
    if to.length not in LENGTHS:
        reasons.append("Choose one of the lengths.")
    if reasons:
        raise Refused(reasons)
    before = {"on": was, "starts": review.starts, "length": review.length, "place": review.place}
    after = {"on": to.on, "starts": to.starts, "length": to.length, "place": to.place.strip()}
    if before == after:
        return review
    if to.on != was:
        review.planned_on, review.move_reason = to.on, to.reason.strip()
    review.starts, review.length, review.place = to.starts, to.length, to.place.strip()
    review.save(update_fields=["planned_on", "move_reason", "starts", "length", "place"])
    moved = {"reason": review.move_reason} if to.on != was else {}
    trail.record(
        by=by, action="review.scheduled", subject=review.title, engagement_id=engagement.pk,
        before=before, after={**after, **moved},
    )  # fmt: skip
    _invite(review, by, link)
    return review


@transaction.atomic
def cancel(*, review: Review, by: Seat, reason: str) -> Review:
    """Cancel a weekly or monthly review; the reviews of days 14 to 90 are held. Raises Refused."""
    by.require(Permission.HOLD_REVIEW)
    engagement, review = opened(review)
    if review.kind == ReviewKind.DAY:
        raise Refused(f"The {review.title} takes place: it can be moved, with a reason, but not cancelled.")
    if review.held_on:
        raise Refused(f"The {review.title} took place.")
    if review.cancelled_at:
        return review
    if ActionItem.objects.filter(engagement=engagement, review=review).exists():
        raise Refused("Its minutes hold actions already: hold the review, or take them out first.")
    if letters(reason) < MIN_LETTERS:
        raise Refused("Say why it is cancelled; the reason stays on record.")
    review.cancelled_at, review.cancel_reason = clock.now(), reason.strip()
    review.save(update_fields=["cancelled_at", "cancel_reason"])
    trail.record(
        by=by, action="review.cancelled", subject=review.title, engagement_id=engagement.pk,
        after={"reason": review.cancel_reason},
    )  # fmt: skip
    _invite(review, by)
    return review


def follow_launch(*, engagement: Engagement, by: Seat, days: int, besides: Collection[str] = ()) -> None:
    """Appointments move with the launch, and whoever was invited hears of the new date; not those of the reviews
    `besides`, which the plan moves by themselves.

    Call it inside the service that moves the launch.
    """
    ahead = Review.objects.filter(engagement=engagement, day__gte=LAUNCH_DAY, held_on=None, cancelled_at=None)
    moved = ahead.exclude(code__in=besides)
    moved.filter(planned_on__isnull=False).update(planned_on=F("planned_on") + timedelta(days=days))
    for review in moved.filter(starts__isnull=False):
        _invite(review, by)


def follow_plan(*, engagement: Engagement, by: Seat, days: Mapping[str, int], agreed: str = "") -> None:
    """The dates of these reviews, by their codes, move by so many days, and whoever was invited hears of it.

    An appointment moves along; where both sides have agreed on the date of this very review (`agreed`), that date takes
    its place. Call it inside the service that moves dates of the plan.
    """
    ahead = Review.objects.filter(engagement=engagement, held_on=None, cancelled_at=None)
    for review in ahead.filter(code__in=days):
        by_days = timedelta(days=days[review.code])
        review.forecast_on += by_days
        if review.planned_on:
            review.planned_on = None if review.code == agreed else review.planned_on + by_days
        review.save(update_fields=["forecast_on", "planned_on"])
        if review.starts:
            _invite(review, by)


def _invite(review: Review, by: Seat, link: str = "") -> None:
    """Have the invitation, or its cancellation, sent once this is safe; each has the next number.

    Before a review has a time nobody was invited, so nobody needs to hear of it.
    """
    if review.starts is None:
        return
    review.sequence += 1
    review.save(update_fields=["sequence"])
    jobs.enqueue(
        handler=INVITE, key=f"review:{review.pk}:{review.sequence}", user_id=by.user.pk,
        organisation_id=by.organisation.pk, engagement_id=review.engagement_id, review_id=review.pk,
        sequence=review.sequence, link=link, asked=clock.now().isoformat(),
    )  # fmt: skip
