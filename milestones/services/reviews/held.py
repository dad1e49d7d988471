"""What every write about a review begins with."""

from common.errors import Refused
from common.names import MIN_LETTERS, WORDS, letters
from engagements.locking import hold
from engagements.models import Engagement
from milestones.models import (
    Minutes,
    Review,
)


def opened(review: Review) -> tuple[Engagement, Review]:
    """The engagement, held, and the review as it stands now."""
    engagement = hold(review.engagement_id)
    found = Review.objects.get(pk=review.pk)
    found.engagement = engagement
    return engagement, found


def require_ahead(review: Review) -> None:
    if review.held_on:
        raise Refused("These minutes are closed. What was wrong in them is corrected by an addendum.")
    if review.cancelled_at:
        raise Refused(f"The {review.title} was cancelled.")


def draft_of(review: Review) -> Minutes:
    return Minutes.objects.get_or_create(engagement_id=review.engagement_id, review=review)[0]


def words(text: str) -> str:
    if letters(text) < MIN_LETTERS:
        raise Refused(WORDS)
    return text.strip()
