"""Reviews are put on dates, prepared, held, and corrected by what is added later: never by what is changed."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, time, timedelta

from django.db import transaction
from django.db.models import F

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.days import LAUNCH_DAY
from common.errors import Refused
from common.hashing import content_hash
from common.names import MIN_LETTERS, WORDS, letters
from engagements.locking import hold
from engagements.models import Engagement, Participant
from milestones.models import (
    ActionItem,
    Addendum,
    CarryOver,
    Decision,
    Milestone,
    Minutes,
    Review,
    ReviewKind,
    ReviewPoint,
)
from milestones.rules.plans import milestone_completion_blockers
from milestones.rules.reviews import (
    LENGTHS,
    ActionFacts,
    MoveFacts,
    action_gaps,
    closing_blockers,
    monthly_reviews,
    move_blockers,
    weekly_reviews,
)
from milestones.selectors.agenda import agenda_of
from milestones.selectors.reviews import (
    attendance_of,
    closing_facts,
    date_of,
    draft_digest,
    open_actions,
    people_of,
)
from milestones.selectors.standing import Standing, standing_of
from milestones.services.evidence import Proof, add_evidence
from milestones.services.proof import completion_facts
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
PROOF_LENGTH = 3000
STALE = "Somebody saved these minutes after this page was opened. Read what stands there now; yours is kept below."


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
    engagement, review = _held(review)
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
    engagement, review = _held(review)
    if review.kind == ReviewKind.DAY:
        raise Refused(f"The {review.title} is held: it can be moved, with a reason, but not cancelled.")
    if review.held_on:
        raise Refused(f"The {review.title} was held.")
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


@transaction.atomic
def add_point(*, review: Review, by: Seat, text: str) -> ReviewPoint:
    """Put a point on the agenda before the review. Raises Refused."""
    by.require(Permission.TAKE_PART)
    engagement, review = _held(review)
    _require_ahead(review)
    said = _words(text)
    twice = ReviewPoint.objects.filter(engagement=engagement, review=review, text=said).first()
    if twice:
        return twice
    point = ReviewPoint.objects.create(
        engagement=engagement, review=review, text=said, by=by.user, by_name=by.user.name,
        side=by.side or "", at=clock.now(),
    )  # fmt: skip
    trail.record(
        by=by,
        action="review.point_added",
        subject=review.title,
        engagement_id=engagement.pk,
        after={"point": said},
    )
    return point


@transaction.atomic
def save_minutes(
    *, review: Review, by: Seat, text: str, attended: Mapping[str, str], also_there: str = "", seen: int
) -> Minutes:
    """Keep a draft of the minutes. `attended` maps a required role to who sat in its chair, "" for nobody.

    `seen` is the version of the draft on the page; raises Refused when somebody saved a newer one meanwhile.
    """
    by.require(Permission.HOLD_REVIEW)
    engagement, review = _held(review)
    _require_ahead(review)
    minutes = _draft(review)
    if minutes.version != seen:
        raise Refused(STALE)
    minutes.text, minutes.also_there = text.strip(), also_there.strip()
    minutes.attendance = _chairs(engagement, review, attended)
    minutes.version += 1
    minutes.save()
    trail.record(
        by=by, action="review.minutes_saved", subject=review.title, engagement_id=engagement.pk,
        after={"version": minutes.version, "attended": [c["name"] for c in minutes.attendance if c["name"]]},
    )  # fmt: skip
    return minutes


def _chairs(engagement: Engagement, review: Review, attended: Mapping[str, str]) -> list[dict[str, object]]:
    """Attendance as it is kept: a name counts only as that of somebody who takes part on the chair's side."""
    people = people_of(engagement)
    chairs: list[dict[str, object]] = []
    for chair in attendance_of(review, None, people):
        name = attended.get(chair.role, "").strip()
        if name and name not in {p.name for p in people if chair.side == p.side or chair.role == p.role}:
            raise Refused(f"{name} does not take part on this side of the engagement.")
        seated = replace(chair, name=name)
        chairs.append({"role": chair.role, "side": chair.side, "name": name, "substitute": seated.substitute})
    return chairs


@transaction.atomic
def add_decision(*, review: Review, by: Seat, text: str) -> Decision:
    """Write down one decision. Raises Refused once the minutes are closed."""
    by.require(Permission.HOLD_REVIEW)
    engagement, review = _held(review)
    _require_ahead(review)
    _draft(review)
    said = _words(text)
    twice = Decision.objects.filter(engagement=engagement, review=review, text=said).first()
    if twice:
        return twice
    decision = Decision.objects.create(engagement=engagement, review=review, text=said)
    trail.record(
        by=by,
        action="review.decided",
        subject=review.title,
        engagement_id=engagement.pk,
        after={"decision": said},
    )
    return decision


@transaction.atomic
def add_action(
    *, review: Review, by: Seat, text: str, owner: Participant | None, due_on: date | None
) -> ActionItem:
    """Write down what somebody of either side undertakes, and by when. Raises Refused for a vague one."""
    by.require(Permission.HOLD_REVIEW)
    engagement, review = _held(review)
    _require_ahead(review)
    _draft(review)
    if owner and (owner.engagement_id != engagement.pk or owner.ended_at):
        raise Refused(f"{owner.name} does not take part in this engagement.")
    facts = ActionFacts(text, owner is not None, due_on, clock.today(engagement.zone))
    if reasons := action_gaps(facts):
        raise Refused(reasons)
    wanted = {
        "engagement": engagement,
        "review": review,
        "text": text.strip(),
        "owner": owner,
        "due_on": due_on,
    }
    if twice := ActionItem.objects.filter(**wanted).first():
        return twice
    action = ActionItem.objects.create(**wanted)
    trail.record(
        by=by, action="action.added", subject=action.text, engagement_id=engagement.pk,
        after={"review": review.title, "owner": action.owner.name, "due_on": due_on},
    )  # fmt: skip
    return action


@transaction.atomic
def strike(*, item: Decision | ActionItem, by: Seat) -> None:
    """Take a decision or an action out of minutes that are not closed yet."""
    by.require(Permission.HOLD_REVIEW)
    engagement, review = _held(item.review)
    _require_ahead(review)
    trail.record(
        by=by,
        action="review.struck",
        subject=review.title,
        engagement_id=engagement.pk,
        before={"text": item.text},
    )
    item.delete()


@transaction.atomic
def close(*, review: Review, by: Seat, held_on: date | None, seen: str) -> Minutes:
    """Close the minutes: the review was held. The agenda is frozen, what is unfinished carries over, and the milestone
    of this review is proved by them.

    `seen` is the digest of the draft on the page that the person read. Raises Refused with everything that is missing.
    """
    by.require(Permission.HOLD_REVIEW)
    engagement, review = _held(review)
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
    said = _summary(review, minutes)
    add_evidence(engagement=standing.engagement, by=by, proof=Proof(text=said), milestone=item)
    facts = completion_facts(standing, item, by_side=item.side, brought=1, held=True)
    if milestone_completion_blockers(facts):
        return
    Milestone.objects.filter(pk=item.pk).update(done_on=standing.today, done_by=by.user)
    trail.record(
        by=by, action="milestone.completed", subject=item.title, engagement_id=item.engagement_id,
        after={"done_on": standing.today, "evidence": [said]},
    )  # fmt: skip


def _summary(review: Review, minutes: Minutes) -> str:
    """What the minutes say, as the proof of the milestone and as papers quote it."""
    decided = list(Decision.objects.filter(engagement=review.engagement_id, review=review).order_by("pk"))
    parts = [minutes.text, *([f"Decided: {' '.join(str(one) for one in decided)}"] if decided else [])]
    return f"{' '.join(parts)[:PROOF_LENGTH]} [minutes {minutes.content_hash[:12]}, held {review.held_on}]"


@transaction.atomic
def add_addendum(*, review: Review, by: Seat, text: str) -> Addendum:
    """Correct closed minutes by adding to them. Raises Refused while they are still a draft."""
    by.require(Permission.HOLD_REVIEW)
    engagement, review = _held(review)
    if review.held_on is None:
        raise Refused("These minutes are not closed yet: change them instead.")
    said = _words(text)
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


def _held(review: Review) -> tuple[Engagement, Review]:
    """The engagement, held, and the review as it stands now."""
    engagement = hold(review.engagement_id)
    found = Review.objects.get(pk=review.pk)
    found.engagement = engagement
    return engagement, found


def _require_ahead(review: Review) -> None:
    if review.held_on:
        raise Refused("These minutes are closed. What was wrong in them is corrected by an addendum.")
    if review.cancelled_at:
        raise Refused(f"The {review.title} was cancelled.")


def _draft(review: Review) -> Minutes:
    return Minutes.objects.get_or_create(engagement_id=review.engagement_id, review=review)[0]


def _words(text: str) -> str:
    if letters(text) < MIN_LETTERS:
        raise Refused(WORDS)
    return text.strip()
