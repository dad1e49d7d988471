"""Reviews are put on dates, prepared, held, and corrected by what is added later: never by what is changed."""

from milestones.services.reviews.appointments import (
    INVITE,
    Appointment,
    cancel,
    follow_launch,
    follow_plan,
    plan_rhythm,
    schedule,
)
from milestones.services.reviews.closing import add_addendum, close
from milestones.services.reviews.minutes import add_action, add_decision, add_point, save_minutes, strike

__all__ = [
    "INVITE",
    "Appointment",
    "add_action",
    "add_addendum",
    "add_decision",
    "add_point",
    "cancel",
    "close",
    "follow_launch",
    "follow_plan",
    "plan_rhythm",
    "save_minutes",
    "schedule",
    "strike",
]
