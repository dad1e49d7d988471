"""What was agreed: the engagement, its people, and the campaign brief in versions."""

from .brief import BriefMetric, BriefSignature, CampaignBrief, Direction
from .comments import Comment, Mention, Withdrawal
from .engagement import Engagement, WhenDayOff
from .people import Agent, Participant
from .proof import ProofPiece
from .signature import Signature

__all__ = [
    "Agent",
    "BriefMetric",
    "BriefSignature",
    "CampaignBrief",
    "Comment",
    "Direction",
    "Engagement",
    "Mention",
    "Participant",
    "ProofPiece",
    "Signature",
    "Withdrawal",
    "WhenDayOff",
]
