"""Short ways to a review in a given state."""

from datetime import date

from engagements.models import Participant
from milestones.models import ActionItem, Minutes, Review
from milestones.selectors.reviews import draft_digest, minutes_of
from milestones.services import reviews as services
from milestones.services.gates import sign_off
from tests.factories import Cast
from tests.milestones.scene import as_person, gate_of, ready_for_day_10
from tests.stage import backstage


def launched(cast: Cast) -> None:
    """A campaign that has passed its day-10 gate, with its weekly reviews."""
    ready_for_day_10(cast)
    for user in (cast.client_lead, cast.campaign_manager):
        with as_person(cast, user):
            gate = gate_of(cast, "day-10")
            sign_off(gate=gate, by=cast.seat(user), seen=gate.document_sha256)
    with backstage():
        cast.engagement.refresh_from_db()


def review_of(cast: Cast, code: str = "day-14") -> Review:
    found = Review.objects.get(engagement=cast.engagement, code=code)
    found.engagement = cast.engagement
    return found


def person(cast: Cast, role: str) -> Participant:
    return Participant.objects.get(engagement=cast.engagement, role=role)


def attended(cast: Cast, review: Review) -> dict[str, str]:
    """Everybody who has a required role was there."""
    people = {p.role: p.name for p in Participant.objects.filter(engagement=cast.engagement)}
    return {role: people.get(role, "") for role in review.attendee_roles}


def add_action(cast: Cast, code: str, text: str, due_on: date, role: str = "supervisor") -> ActionItem:
    return services.add_action(
        review=review_of(cast, code), by=cast.seat(cast.campaign_manager), text=text,
        owner=person(cast, role), due_on=due_on,
    )  # fmt: skip


def hold(cast: Cast, code: str, held_on: date, *actions: tuple[str, date]) -> Minutes:
    """A review closed as held on this date, with these actions of the supervisor."""
    with as_person(cast, cast.campaign_manager):
        by, review = cast.seat(cast.campaign_manager), review_of(cast, code)
        seen = (minutes_of(review) or Minutes()).version
        services.save_minutes(
            review=review, by=by, text="What was said.", attended=attended(cast, review), seen=seen
        )
        for text, due_on in actions:
            add_action(cast, code, text, due_on)
        digest = draft_digest(review, minutes_of(review))
        return services.close(review=review, by=by, held_on=held_on, seen=digest)
