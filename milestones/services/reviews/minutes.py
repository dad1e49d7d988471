"""What is said in a review, as long as its minutes are a draft."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from engagements.models import Engagement, Participant
from milestones.models import (
    ActionItem,
    Decision,
    Minutes,
    Review,
    ReviewPoint,
)
from milestones.rules.reviews import (
    ActionFacts,
    action_gaps,
)
from milestones.selectors.reviews import (
    attendance_of,
    people_of,
)
from milestones.services.reviews.held import draft_of, opened, require_ahead, words

STALE = "Somebody saved these minutes after this page was opened. Read what stands there now; yours is kept below."


@transaction.atomic
def add_point(*, review: Review, by: Seat, text: str) -> ReviewPoint:
    """Put a point on the agenda before the review. Raises Refused."""
    by.require(Permission.TAKE_PART)
    engagement, review = opened(review)
    require_ahead(review)
    said = words(text)
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
    engagement, review = opened(review)
    require_ahead(review)
    minutes = draft_of(review)
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
    engagement, review = opened(review)
    require_ahead(review)
    draft_of(review)
    said = words(text)
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
    engagement, review = opened(review)
    require_ahead(review)
    draft_of(review)
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
    engagement, review = opened(item.review)
    require_ahead(review)
    trail.record(
        by=by,
        action="review.struck",
        subject=review.title,
        engagement_id=engagement.pk,
        before={"text": item.text},
    )
    item.delete()
