"""The pages of reviews."""

from milestones.views.reviews.dates import review_cancel, review_schedule
from milestones.views.reviews.listing import action_done, action_drop, reviews
from milestones.views.reviews.minutes import (
    review_action,
    review_addendum,
    review_close,
    review_decision,
    review_minutes,
    review_point,
    review_strike,
)
from milestones.views.reviews.page import review, review_calendar

__all__ = [
    "action_done",
    "action_drop",
    "review",
    "review_action",
    "review_addendum",
    "review_calendar",
    "review_cancel",
    "review_close",
    "review_decision",
    "review_minutes",
    "review_point",
    "review_schedule",
    "review_strike",
    "reviews",
]
