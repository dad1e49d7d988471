"""Writes about what was agreed: engagements, their people, and the versions of the campaign brief."""

from .brief import save_brief, sign_brief
from .opening import create_engagement
from .team import Owner, add_participant, end_participation, invite_again, name_substitute

__all__ = [
    "Owner",
    "add_participant",
    "create_engagement",
    "end_participation",
    "invite_again",
    "name_substitute",
    "save_brief",
    "sign_brief",
]
